"""`make soak`: long rounds of kills and random operations. Each prints what it did and fails loudly."""

from __future__ import annotations

import os
import random

from benchmarks import figures, killed, lives, operations, placements


def main() -> None:
    """Run the rounds; `SOAK_SEED` repeats a run, `SOAK_ROUNDS`, `SOAK_OPERATIONS`, `SOAK_REVIEW_OPERATIONS`,
    `SOAK_FIGURE_ACTIONS` and `SOAK_PLACEMENT_ROUNDS` shorten or lengthen it."""
    seed = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**9))
    print(f"soak: SOAK_SEED={seed}")
    killed.main(random.Random(seed), int(os.environ.get("SOAK_ROUNDS") or 15))
    operations.main(random.Random(seed), int(os.environ.get("SOAK_OPERATIONS") or 3000))
    lives.main(random.Random(seed), int(os.environ.get("SOAK_REVIEW_OPERATIONS") or 10_000))
    figures.main(random.Random(seed), int(os.environ.get("SOAK_FIGURE_ACTIONS") or 2000))
    placements.main(random.Random(seed), int(os.environ.get("SOAK_PLACEMENT_ROUNDS") or 200))


if __name__ == "__main__":
    main()
