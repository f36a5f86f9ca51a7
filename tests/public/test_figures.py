"""Every figure of every public page is what the raw rows come to, whatever happened before."""

from __future__ import annotations

import random

import pytest
from flask import Flask

from tests.clients import Client
from tests.clock import FrozenClock
from tests.public.acting import Site
from tests.public.comparing import compare_everything
from tests.public.recomputing import Truth

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_random_actions_every_figure_is_what_the_rows_come_to(
    app: Flask, client: Client, clock: FrozenClock, seed: int
) -> None:
    site = Site(random.Random(seed), clock(), clock.advance)
    for number in range(120):
        site.step()
        if number % 40 == 39:
            assert compare_everything(client, Truth(clock().date())) > 50
