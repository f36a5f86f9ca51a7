"""Pure: what is odd about the lists that invited reviews of a listing come from.

A provider writes the list of whom we invite. So lists are held against what is usual on the site: how many of those who are
invited write, how many give five stars, how many use a free mail service, how many clients a period has. All lists of a
listing count together: many short lists are looked at like a long one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, fsum
from typing import Any

TOP_RATING = 5
# Lists are looked at from so many answers or addresses on. They are odd where chance would bring so much once in a hundred
# times, and where at most half as many are missing as usual: of 20 usual in 100, from 60 on. What is usual is what the site
# has seen, with this much taken as seen beforehand: (so many, of so many).
LIST_FROM = 5
CHANCE = 0.01
SEEN_ANSWERS = (10, 50)
SEEN_TOP = (12, 20)
SEEN_FREE_MAIL = (30, 50)
# Sizes are compared from so many other lists on: a fifth of the usual number of clients a day is odd, and so is five
# times it.
SIZES_FROM = 5
ODD_SIZE = 5
# What depends on the other reviews of a list, and changes when another one comes.
LIST_CODES = frozenset(
    (
        "same_mailbox",
        "list_addresses",
        "list_answers",
        "list_ratings",
        "list_free_mail",
        "list_size",
        "list_style",
    )
)


@dataclass(frozen=True, slots=True)
class Usual:
    """What the site has seen: `listed` clients on the lists of other providers, over so many days, of whom so many answered;
    free addresses among those that were looked at; and `top` of `rated` reviews of others with five stars."""

    lists: int = 0
    listed: int = 0
    days: int = 0
    answered: int = 0
    free_mail: int = 0
    free_mail_of: int = 0
    rated: int = 0
    top: int = 0

    @property
    def answer_share(self) -> float:
        """The share of invited clients who write."""
        return _share(self.answered, self.listed, SEEN_ANSWERS)

    @property
    def top_share(self) -> float:
        """The share of ratings with five stars."""
        return _share(self.top, self.rated, SEEN_TOP)

    @property
    def free_mail_share(self) -> float:
        """The share of invited addresses that are of a free service."""
        return _share(self.free_mail, self.free_mail_of, SEEN_FREE_MAIL)


@dataclass(frozen=True, slots=True)
class InvitedList:
    """The lists of a listing as one of their reviews is judged by them: `listed` clients of `days` days. `answered` of them
    wrote, this one included, `top` with five stars. Of the addresses, `odd_addresses` are like a member's, the provider's
    own or one mailbox under several names, `free_mail` are of free services. `twins` other authors have the author's
    mailbox, and `alike` are other reviews of the lists in nearly the same style, each with how far they overlap in percent.
    """

    listed: int = 0
    days: int = 0
    answered: int = 0
    top: int = 0
    odd_addresses: int = 0
    free_mail: int = 0
    twins: int = 0
    alike: tuple[tuple[int, int], ...] = ()


def list_reasons(found: InvitedList, usual: Usual) -> Iterator[dict[str, Any]]:
    """What is odd about the lists of an invited review; each has a code of `LIST_CODES`."""
    if found.twins:
        yield {"code": "same_mailbox", "count": found.twins}
    if found.odd_addresses:
        yield {"code": "list_addresses", "count": found.odd_addresses, "of": found.listed}
    for code, count, of, share in (
        ("list_answers", found.answered, found.listed, usual.answer_share),
        ("list_ratings", found.top, found.answered, usual.top_share),
        ("list_free_mail", found.free_mail, found.listed, usual.free_mail_share),
    ):
        if count >= LIST_FROM and improbable(count, of, share):
            yield {"code": code, "count": count, "of": of, "usual": round(100 * share)}
    if usual.lists >= SIZES_FROM and usual.days and found.days:
        a_day, usual_a_day = found.listed / found.days, usual.listed / usual.days
        if not usual_a_day / ODD_SIZE < a_day < usual_a_day * ODD_SIZE:
            yield {
                "code": "list_size",
                "count": found.listed,
                "days": found.days,
                "usual": round(usual_a_day * found.days),
            }
    if found.alike:
        yield {"code": "list_style", "reviews": [list(pair) for pair in found.alike]}


def improbable(count: int, of: int, share: float) -> bool:
    """Whether so many of so many are far above the usual share, and chance would bring as many or more once in a hundred
    times at most (the tail of the binomial)."""
    of = max(of, count)
    if 2 * count < of * (1 + share):
        return False
    tail = fsum(comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(count, of + 1))
    return tail <= CHANCE


def _share(count: int, of: int, seen: tuple[int, int]) -> float:
    return (count + seen[0]) / (of + seen[1])
