"""A few of the long rounds of `make soak`: lost, repeated and reordered events, workers killed with -9, and in the end
everything as Stripe has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.billing.rounds.play import play
from tests.billing.rounds.stage import Stage

SEEDS = (1, 9, 10)
OPERATIONS = (5, 7)


@pytest.mark.slow
def test_what_is_lost_repeated_and_killed_is_put_right_in_the_end(stage: Any, tmp_path: Path) -> None:
    with Stage.opened(stage.database, tmp_path, migrated=True) as played:
        for seed in SEEDS:
            assert play(played, seed, OPERATIONS)["placements"]
