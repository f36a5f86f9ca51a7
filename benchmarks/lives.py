"""Random operations on reviews, as in `tests.reviews.playing`: after each one the sums of every listing equal a count anew
from a small model, and every review stands as the model says."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks.sites import new_site
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review
from tests.reviews.playing import play


def main(chance: random.Random, operations: int) -> None:
    """Print how many operations there were, and where the reviews ended."""
    with new_site():
        done = play(chance, operations)
        db.session.rollback()
        ended = Counter(db.session.scalars(db.select(Review.status)))
        reports = db.session.scalars(db.select(Listing.reported_count)).all()
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(done.items()))
    where = ", ".join(f"{count} {status}" for status, count in sorted(ended.items()))
    print(
        f"soak: {sum(done.values()):,} operations on reviews ({kinds}), the sums equal to a count anew after each"
    )
    print(f"soak: the reviews ended as {where}; reports in the medians at the end: {reports}")
