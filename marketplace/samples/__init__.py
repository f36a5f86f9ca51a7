"""Sample guides and demo data, written for the product: what `marketplace demo` shows and what tests run on when the
real guides are not at hand. Everything in it is made up: people write from `example.com`, providers live under
`.example`. Pure reading, standard library only; no feature imports it. README.md beside this file says which guide shows
which quirk of the format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent
_REVIEW_FILES = ("reviews_mexico.json", "reviews_spain.json", "reviews_colombia.json")


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A person with an account. `role` is empty, `moderator` or `admin`; `sign_in` marks the accounts to print."""

    email: str
    shown_name: str
    language: str
    joined_days_ago: int
    role: str = ""
    sign_in: bool = False


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A made-up business, identified by its name; `member` is the address of the member who manages it, or empty. `trader`
    says who is behind it, by the names of the form's fields."""

    name: str
    website: str
    status: str
    member: str
    description: str
    description_language: str
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    trader: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoListing:
    """One provider's offer for one topic; values as in the listings CSV.

    Fees are decimal strings in `currency`, empty where not stated; `official_fee` is empty (not known), `included` or an
    amount. `languages` empty means the provider's. `ground` and `statement` are those of a rejection.
    """

    provider: str
    topic: str
    service: str
    cost_basis: str
    status: str
    languages: tuple[str, ...]
    listed_days_ago: int
    confirmed_days_ago: int | None = None
    fee_min: str = ""
    fee_max: str = ""
    currency: str = ""
    official_fee: str = ""
    time_min: int | None = None
    time_max: int | None = None
    time_unit: str = ""
    time_from: str = ""
    ground: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class DemoReview:
    """What one member says about one listing, which is named by provider and topic.

    `real_cost` is a decimal string in `real_currency` without official fees, empty where not told. `published_days_ago`
    is None for reviews that wait or were rejected; `ground` and `statement` are those of a rejection. `reply` is the
    provider's answer, `helpful_to` are members who voted for it, and `report` is what a reader at the address `reported_by`
    says against it.
    """

    author: str
    provider: str
    topic: str
    rating: int
    text: str
    language: str
    level: str
    status: str
    experience_days_ago: int
    submitted_days_ago: int
    published_days_ago: int | None = None
    real_cost: str = ""
    real_currency: str = ""
    real_time: int | None = None
    real_time_unit: str = ""
    outcome: str = ""
    ground: str = ""
    statement: str = ""
    reply: str = ""
    reply_language: str = ""
    helpful_to: Sequence[str] = ()
    report: str = ""
    reported_by: str = ""


@dataclass(frozen=True, slots=True)
class DemoPrice:
    """What a featured placement costs in a country: decimal strings in `currency`."""

    country: str
    currency: str
    month: str
    thirty_days: str
    topic_slots: int
    country_slots: int


@dataclass(frozen=True, slots=True)
class DemoPlacement:
    """A featured placement that a provider with a member buys: on a topic or a country's page, `month` or `pass`."""

    provider: str
    kind: str
    topic: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class DemoData:
    """Everything `marketplace demo` seeds, in an order in which each refers only to what stands before it."""

    members: tuple[DemoMember, ...]
    providers: tuple[DemoProvider, ...]
    listings: tuple[DemoListing, ...]
    reviews: tuple[DemoReview, ...]
    prices: tuple[DemoPrice, ...] = ()
    placements: tuple[DemoPlacement, ...] = ()


def guides_folder() -> Path:
    """The folder with `<language>/<country>/<stem>.md`, in a checkout and in an installed wheel alike."""
    return _FOLDER / "guides"


def load_demo() -> DemoData:
    """Read the demo data. Raises `TypeError` where a file has a key that its dataclass does not know."""
    return DemoData(
        members=tuple(DemoMember(**row) for row in _rows("members.json")),
        providers=tuple(DemoProvider(**row) for row in _rows("providers.json")),
        listings=tuple(DemoListing(**row) for row in _rows("listings.json")),
        reviews=tuple(DemoReview(**row) for name in _REVIEW_FILES for row in _rows(name)),
        prices=tuple(DemoPrice(**row) for row in _rows("prices.json")),
        placements=tuple(DemoPlacement(**row) for row in _rows("placements.json")),
    )


def _rows(name: str) -> list[dict[str, Any]]:
    """The objects of one file, their lists made tuples."""
    rows = json.loads((_FOLDER / "demo" / name).read_text(encoding="utf-8"))
    return [
        {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        for row in rows
    ]
