"""Placements through long rounds: events lost, repeated and reordered, workers killed with -9; in the end every placement
and the books equal what Stripe's stand-in holds."""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.billing.rounds.play import play
from tests.billing.rounds.stage import Stage
from tests.databases import KINDS, MigratedDatabase, PostgresDatabase, SqliteFile
from tests.postgres import PostgresServer


def main(chance: random.Random, rounds: int) -> None:
    """Print what was done on each database; the rounds are spread over both."""
    for place, kind in enumerate(KINDS):
        count = (rounds + (len(KINDS) - 1 - place)) // len(KINDS)
        print(summary(kind, [chance.randrange(10**9) for _ in range(count)]), flush=True)


def summary(kind: str, seeds: list[int]) -> str:
    """Play the rounds of these seeds on a database of this kind; raises at the first difference, naming the seed."""
    logging.disable(logging.CRITICAL)  # what goes wrong on purpose need not be said
    start = time.monotonic()
    done: Counter[str] = Counter()
    try:
        with _database(kind) as (database, folder), Stage.opened(database, folder) as stage:
            for seed in seeds:
                done += play(stage, seed)
    finally:
        logging.disable(logging.NOTSET)
    repeated = done["deliveries"] - done["events told"]
    states = ", ".join(
        f"{count} {name[3:]}" for name, count in sorted(done.items()) if name.startswith("is ")
    )
    return (
        f"soak: placements on {kind}: {done['rounds']} rounds of {done['operations']} operations, "
        f"{done['killed']} workers killed with -9; {done['events']} events made, {done['dropped']} dropped, "
        f"{done['swallowed']} lost without a trace, {repeated} told again; in the end {done['placements']} purchases "
        f"({states}), {done['lines']} lines of the books and {done['mails']} mails as Stripe has it "
        f"({time.monotonic() - start:.0f} s)"
    )


@contextmanager
def _database(kind: str) -> Iterator[tuple[MigratedDatabase, Path]]:
    with tempfile.TemporaryDirectory(prefix="rounds-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield SqliteFile(folder), folder
            return
        server = PostgresServer()
        try:
            yield PostgresDatabase(server), folder
        finally:
            server.stop()
