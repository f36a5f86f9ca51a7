"""Pure: what each review counts, by how much it costs to fake. Pages about the order show these numbers from here.

A documented or confirmed review counts fully. A provider chooses whom it invites, and ten mailboxes cost nothing: an invited
review counts `INVITED_WEIGHT`, and all those of a listing together count at most `INVITED_SHARE` of what its documented and
confirmed reviews count, plus `INVITED_ALLOWANCE` full ones. Unverified reviews count nothing.

For the order a review published on day d weighs 2^((d − EPOCH) / HALF_LIFE_DAYS), relative to a fixed day, so that stored
sums need no daily update: today's weights are the stored sums times 2^(−(today − EPOCH) / HALF_LIFE_DAYS). Days are UTC.
A double holds weights of days up to 1,500 years from the epoch, and beside a review of today one that is 50 half-lives
(74 years) old still counts to the last bit. The stars beside a listing do not fade: there every day weighs the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

EPOCH = date(2026, 1, 1)
HALF_LIFE_DAYS = 540
INVITED_WEIGHT = Fraction(1, 2)
INVITED_SHARE = Fraction(1, 4)
INVITED_ALLOWANCE = 1

Number = TypeVar("Number", float, Fraction)


class Group(NamedTuple, Generic[Number]):
    """Ratings taken together: the sum of their weights, and of the ratings times their weights."""

    weight: Number
    weighted: Number


def weight_of(published_on: date) -> float:
    """What a review published on this day weighs, relative to one published on the epoch."""
    return float(2.0 ** ((published_on - EPOCH).days / HALF_LIFE_DAYS))


def decay(today: date) -> float:
    """The factor from stored sums, which are relative to the epoch, to today's."""
    return float(2.0 ** (-(today - EPOCH).days / HALF_LIFE_DAYS))


def combined(proven: Group[Number], invited: Group[Number]) -> Group[Number]:
    """What documented and confirmed reviews count together with invited ones; each group is given as if it counted fully.
    Exact where these are fractions."""
    if invited.weight <= 0:
        return proven
    most = INVITED_SHARE * proven.weight + INVITED_ALLOWANCE
    counts = min(INVITED_WEIGHT * invited.weight, most)
    return Group(proven.weight + counts, proven.weighted + invited.weighted * counts / invited.weight)


def invited_part(proven: int, invited: int) -> Fraction:
    """What each of so many invited ones counts beside so many proven ones."""
    most = INVITED_SHARE * proven + INVITED_ALLOWANCE
    return min(INVITED_WEIGHT, most / invited) if invited else INVITED_WEIGHT


def average_rating(proven: Counter[int], invited: Counter[int]) -> float | None:
    """The stars beside a listing: the average of ratings, given with how many there are of each; None without any."""
    groups = (
        Group(Fraction(ratings.total()), Fraction(sum(rating * count for rating, count in ratings.items())))
        for ratings in (proven, invited)
    )
    total = combined(*groups)
    return float(total.weighted / total.weight) if total.weight else None
