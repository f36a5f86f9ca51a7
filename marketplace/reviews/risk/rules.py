"""Pure: how likely a review needs a closer look, from 0 to 100, and why.

The score only sorts the moderators' queue and tells them what to look at: nothing is rejected by it. Each sign that is
there adds the points of `WEIGHTS`; the sum is cut off at 100. The mails of a list bring reviews in waves: a burst begins
where there are more than these mails let expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from marketplace.reviews.risk.lists import InvitedList, Usual, list_reasons
from marketplace.text.near_duplicates import COPIED

LIMIT = 100
# What each sign adds, strongest first: the one table that pages about reviews show.
WEIGHTS: dict[str, int] = {
    "flood": 60,
    "member_network": 50,
    "member_address": 50,
    "own_domain": 50,
    "copied_text": 50,
    "same_mailbox": 40,
    "burst": 30,
    "shared_network": 30,
    "similar_text": 30,
    "hidden_contact": 30,
    "list_answers": 30,
    "list_style": 30,
    "network_burst": 25,
    "new_account": 20,
    "invited_account": 20,
    "list_addresses": 20,
    "list_ratings": 20,
    "all_extreme": 15,
    "young_account": 10,
    "other_language": 10,
    "messenger": 10,
    "list_free_mail": 10,
    "list_size": 10,
}
HIGH = 60
RAISED = 30

NEW_ACCOUNT = timedelta(days=1)
YOUNG_ACCOUNT = timedelta(days=7)
EXTREME_FROM = 3
EXTREMES = (1, 5)


@dataclass(frozen=True, slots=True)
class Rush:
    """From how many other reviews on it is a rush, in an hour or a day; `usual` times the usual day is added to both."""

    hour: int
    day: int
    usual: int


BURST = Rush(hour=3, day=6, usual=3)
FLOOD = Rush(hour=10, day=20, usual=6)
NETWORK_BURST = Rush(hour=3, day=10, usual=0)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another review with nearly the same text; `percent` is how far they overlap."""

    review_id: int
    percent: int


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a review when it is sent; everything has a value that says nothing.

    The author's account has an age, or was made `from_invitation`; its address resembles those of `like_members` members, or
    is of the provider's `own_domain`. `provider_hour` and `provider_day` count other reviews of the provider before this
    one, `usual_day` is what it gets on a usual day, `expected` what the mails of its lists bring. `network_…` count other
    reviews from the sender's network, in an hour and in a day; other authors of reviews of the provider, and its members,
    who were seen where the author was. `duplicates` are most alike first. `extreme` is the rating that all earlier reviews
    of the author have (1 or 5) and `extreme_count` how many they are.
    """

    account_age: timedelta | None = None
    from_invitation: bool = False
    like_members: int = 0
    own_domain: bool = False
    provider_hour: int = 0
    provider_day: int = 0
    usual_day: float = 0.0
    expected: float = 0.0
    network_hour: int = 0
    network_day: int = 0
    network_same_provider: int = 0
    network_members: int = 0
    duplicates: tuple[Duplicate, ...] = ()
    extreme: int | None = None
    extreme_count: int = 0
    hints: tuple[str, ...] = ()
    said: str = ""
    written_in: str | None = None
    invited: InvitedList | None = None
    usual: Usual = field(default_factory=Usual)


@dataclass(frozen=True, slots=True)
class Risk:
    """A score from 0 to 100, and its reasons, strongest first: each a `code` of `WEIGHTS` with its figures."""

    score: int
    reasons: tuple[dict[str, Any], ...]


def judge(signals: Signals) -> Risk:
    """The risk of a review."""
    found = [*_rush(signals), *_network(signals), *_text(signals), *_author(signals)]
    return risk_of(
        found if signals.invited is None else [*found, *list_reasons(signals.invited, signals.usual)]
    )


def risk_of(reasons: Iterable[dict[str, Any]]) -> Risk:
    """The risk that these reasons come to."""
    known = sorted(reasons, key=lambda reason: (-WEIGHTS[reason["code"]], reason["code"]))
    return Risk(min(LIMIT, sum(WEIGHTS[reason["code"]] for reason in known)), tuple(known))


def risk_band(score: int) -> str:
    """`high`, `raised` or `low`."""
    return "high" if score >= HIGH else "raised" if score >= RAISED else "low"


def is_rush(rush: Rush, hour: int, day: int, usual_day: float = 0.0, expected: float = 0.0) -> bool:
    """Whether so many others are a rush for whom so many a day are usual, and so many more expected."""
    allowed = rush.usual * usual_day + expected
    return hour >= rush.hour + allowed or day >= rush.day + allowed


def _rush(signals: Signals) -> Iterator[dict[str, Any]]:
    figures = {
        "hour": signals.provider_hour,
        "day": signals.provider_day,
        "usual": round(signals.usual_day, 1),
    }
    for code, rush in (("flood", FLOOD), ("burst", BURST)):
        if is_rush(rush, signals.provider_hour, signals.provider_day, signals.usual_day, signals.expected):
            yield {"code": code, **figures}
            return


def _network(signals: Signals) -> Iterator[dict[str, Any]]:
    if signals.network_members:
        yield {"code": "member_network", "count": signals.network_members}
    if signals.network_same_provider:
        yield {"code": "shared_network", "count": signals.network_same_provider}
    if is_rush(NETWORK_BURST, signals.network_hour, signals.network_day):
        yield {"code": "network_burst", "hour": signals.network_hour, "day": signals.network_day}


def _text(signals: Signals) -> Iterator[dict[str, Any]]:
    if signals.duplicates:
        highest = max(duplicate.percent for duplicate in signals.duplicates)
        yield {
            "code": "copied_text" if highest >= COPIED else "similar_text",
            "reviews": [[duplicate.review_id, duplicate.percent] for duplicate in signals.duplicates],
        }
    hidden = [hint for hint in signals.hints if hint != "messenger"]
    if hidden:
        yield {"code": "hidden_contact", "hints": hidden}
    if "messenger" in signals.hints:
        yield {"code": "messenger"}
    if signals.written_in is not None:
        yield {"code": "other_language", "said": signals.said, "written": signals.written_in}


def _author(signals: Signals) -> Iterator[dict[str, Any]]:
    age = signals.account_age
    if signals.like_members:
        yield {"code": "member_address", "count": signals.like_members}
    if signals.own_domain:
        yield {"code": "own_domain"}
    if signals.from_invitation:
        yield {"code": "invited_account"}
    elif age is not None and age < YOUNG_ACCOUNT:
        hours = max(0, int(age.total_seconds() // 3600))
        yield {"code": "new_account" if age < NEW_ACCOUNT else "young_account", "hours": hours}
    if signals.extreme in EXTREMES and signals.extreme_count >= EXTREME_FROM:
        yield {"code": "all_extreme", "rating": signals.extreme, "count": signals.extreme_count}
