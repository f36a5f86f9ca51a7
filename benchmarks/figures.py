"""Clients, providers and moderators act at random, as in `tests.public.acting`; now and then every figure of every public
page is held against what the raw rows come to, worked out by other code."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks.sites import new_site
from tests.clock import FrozenClock
from tests.public.acting import Site
from tests.public.comparing import compare_everything
from tests.public.recomputing import Truth

CHECK_EVERY = 50


def main(chance: random.Random, actions: int) -> None:
    """Print what was done, and how many figures were compared."""
    clock = FrozenClock()
    done: Counter[str] = Counter()
    compared = 0
    with new_site(clock) as (app, _):
        site = Site(chance, clock(), clock.advance)
        client = app.test_client()
        for number in range(1, actions + 1):
            done[site.step()] += 1
            if number % CHECK_EVERY == 0 or number == actions:
                compared += compare_everything(client, Truth(clock().date()))
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(done.items()))
    print(f"soak: {actions:,} actions ({kinds})")
    print(f"soak: {compared:,} comparisons of figures on public pages with the raw rows, all equal")


if __name__ == "__main__":
    main(random.Random(1), 1000)
