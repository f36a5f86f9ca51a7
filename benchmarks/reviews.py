"""Sending a review while 10 and while 10,000 others are remembered: near-duplicates are found by an index, so that it
takes about as long. And the search for contact details in hostile texts of 4,000 and 32,000 characters: it takes time in
proportion to the length, so that the ratio is about 8."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

from sqlalchemy import insert

from benchmarks.sites import new_site, seconds
from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import CONTENT_FIELDS, Review
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from marketplace.reviews.risk.networks import network_of
from marketplace.text.contacts import find_contacts
from marketplace.text.near_duplicates import SCHEME, band_hashes, signature_of
from tests.factories import NOON, make_listing, make_topic, make_user
from tests.reviews.drafting import draft, write

FEW, MANY = 10, 10_000
LISTINGS = 100
SENT = 40
WORDS = (
    "they answered asked office card passport clerk appointment translation paid price week day morning form copy stamp "
    "friendly slow quick late early again never always queue photo letter signed explained promised waited came went"
).split()
LENGTHS = (4_000, 32_000)
HOSTILE = (
    "1 ",
    "a.",
    "a-b.",
    "a@",
    "x@y.",
    "(1",
    "w arroba ",
    "x dot ",
    "a a ",
    "1📞",
    "ехa.",
    "$1 111",
    "\u200b",
    "  ",
)


def main() -> None:
    """Print the ratios."""
    times = {count: _per_review(count) for count in (FEW, MANY)}
    print(
        f"reviews: sending one while {FEW} others are remembered takes {times[FEW] * 1e3:.1f} ms of processor time = 1"
    )
    print(f"reviews: the same while {MANY:,} others are remembered: {times[MANY] / times[FEW]:.2f}")
    ratios = {piece: _growth(piece) for piece in HOSTILE}
    worst = max(ratios, key=ratios.__getitem__)
    print(
        f"reviews: contact details in a hostile text {LENGTHS[1] // LENGTHS[0]} times as long: "
        f"{ratios[worst]:.1f} times as long at worst ({worst!r} repeated)"
    )


def _per_review(remembered: int) -> float:
    chance = random.Random(remembered)
    with new_site(), writing():
        listings = [make_listing(make_topic()) for _ in range(LISTINGS)]
        _remember(remembered, listings, chance)
        authors = iter([make_user(password=None) for _ in range(SENT + 1)])
        db.session.commit()
        _send(make_listing(make_topic()), next(authors), chance)  # loads the model of languages

        def work() -> None:
            for author in authors:
                _send(make_listing(make_topic()), author, chance)
            db.session.commit()

        return seconds(work) / SENT


def _send(listing: Listing, author: User, chance: random.Random) -> None:
    network = network_of(f"198.51.100.{chance.randrange(256)}", key="benchmark", now=NOON)
    write(listing, author, network=network, text=_text(chance))


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=60))


def _remember(count: int, listings: list[Listing], chance: random.Random) -> None:
    author = make_user(password=None)
    rows = [{**_told(chance), "listing_id": listings[number % LISTINGS].id} for number in range(count)]
    for row in rows:
        row |= {"user_id": author.id, "submitted_at": NOON, "status": "published"}
    ids = db.session.scalars(insert(Review).returning(Review.id, sort_by_parameter_order=True), rows).all()
    signatures: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    for review_id, row in zip(ids, rows, strict=True):
        signature = signature_of(row["text"])
        signatures.append({"review_id": review_id, "scheme": SCHEME, "signature": signature})
        bands += [
            {"review_id": review_id, "band": band, "hash": value}
            for band, value in enumerate(band_hashes(signature))
        ]
    db.session.execute(insert(ReviewSignature), signatures)
    db.session.execute(insert(ReviewBand), bands)


def _told(chance: random.Random) -> dict[str, Any]:
    content = draft(text=_text(chance))
    return {name: getattr(content, name) for name in CONTENT_FIELDS}


def _growth(piece: str) -> float:
    short, long = (seconds(partial(find_contacts, (piece * length)[:length]), rounds=5) for length in LENGTHS)
    return long / short


if __name__ == "__main__":
    main()
