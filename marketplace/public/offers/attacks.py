"""Attacks on the recommended order, played with the rules in force: a provider invites mailboxes of its own. Pure, seeded.

Ten honest listings have ten documented reviews each, of the last year, that average 4.0 to 4.6. The cheater's invited
reviews all have five stars and texts of their own, from addresses of a free mail service. The same functions as everywhere
sum the reviews (`reviews.ratings`), judge their risk (`reviews.risk`) and order the listings (`ranking`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import product

from marketplace.public.offers.models import Offer
from marketplace.public.offers.ranking import SERVICE_WORDS, earned_order
from marketplace.reviews.ratings.queries import Published
from marketplace.reviews.ratings.services import rating_sums
from marketplace.reviews.ratings.weights import EPOCH
from marketplace.reviews.risk.lists import InvitedList, Usual
from marketplace.reviews.risk.rules import Risk, Signals, judge, risk_band

SEED = 10
MAILBOXES = (5, 10, 20, 50)
HONEST = 10
HONEST_REVIEWS = 10
HONEST_SUMS = (40, 46)
FRESH_DAYS = 90
LIST_DAYS = 28
SHORT_LIST = 4
OLD_ACCOUNT = timedelta(days=400)
WEEK = timedelta(weeks=1)
MINUTE = timedelta(minutes=1)
CHEATER = HONEST + 1

Ratings = Iterable[tuple[date, int, bool]]


class Start(StrEnum):
    """What the cheater has to begin with."""

    NOTHING = "nothing"
    WORST = "worst"
    ORDINARY = "ordinary"


class Networks(StrEnum):
    """Where the mailboxes write from."""

    OWN = "own"
    ONE = "one"
    MANY = "many"


# Documented reviews that the cheater has, by stars: none; three with 2.33 on average; ten with 4.0.
STARTS = {Start.NOTHING: (), Start.WORST: (1, 3, 3), Start.ORDINARY: (4,) * HONEST_REVIEWS}


@dataclass(frozen=True, slots=True)
class Attack:
    """One way to cheat: so many mailboxes, with accounts from before the invitation or made with it, all within an hour or
    one a week (`patient`)."""

    start: Start
    mailboxes: int
    old_accounts: bool
    networks: Networks
    patient: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attack gains: the place before, the best one if moderators publish everything, and the best one if they
    publish nothing of high risk; the stars after everything was published; how many reviews show as of high risk, and how
    many as of some risk or more."""

    attack: Attack
    place_before: int
    place_after: int
    place_if_checked: int
    stars: float
    high: int
    raised: int


@lru_cache(maxsize=4)
def play_attacks(seed: int = SEED) -> tuple[Outcome, ...]:
    """The outcome of every way to cheat against the same honest listings."""
    chance = random.Random(seed)  # noqa: S311
    honest = [_honest(number, chance) for number in range(1, HONEST + 1)]
    ways = product(Start, MAILBOXES, (False, True), Networks, (False, True))
    return tuple(_outcome(Attack(*way), honest) for way in ways)


def best_outcomes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """For each start and number of mailboxes the outcome that gains most: the best place, however it is checked, then the
    least risk."""
    best: dict[tuple[Start, int], Outcome] = {}
    for outcome in outcomes:
        key = (outcome.attack.start, outcome.attack.mailboxes)
        kept = best.get(key)
        if kept is None or _gain(outcome) < _gain(kept):
            best[key] = outcome
    return list(best.values())


def _gain(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.place_after, outcome.place_if_checked, outcome.raised


def _outcome(attack: Attack, honest: Sequence[Offer]) -> Outcome:
    risks = list(_risks(attack))
    bands = [risk_band(risk.score) for risk in risks]
    step = WEEK if attack.patient else MINUTE
    sent = [datetime.combine(EPOCH, time(tzinfo=UTC)) + step * number for number in range(attack.mailboxes)]
    published = [(moment.date(), 5, True) for moment in sent]
    unsuspected = [one for one, band in zip(published, bands, strict=True) if band != "high"]
    own = [(EPOCH - timedelta(days=30), stars, False) for stars in STARTS[attack.start]]
    everything = _listing(CHEATER, [*own, *published], confirmed_on=EPOCH)
    last = sent[-1].date()
    return Outcome(
        attack,
        place_before=_place(_listing(CHEATER, own, confirmed_on=EPOCH), honest, [EPOCH]),
        place_after=_place(everything, honest, [last, last + timedelta(days=FRESH_DAYS)]),
        place_if_checked=_place(_listing(CHEATER, [*own, *unsuspected], confirmed_on=EPOCH), honest, [last]),
        stars=everything.rating_average or 0.0,
        high=bands.count("high"),
        raised=len(bands) - bands.count("low"),
    )


def _risks(attack: Attack) -> Iterator[Risk]:
    """The risk of each review as the moderator sees it. Of reviews that come at once, the whole list is known. The patient
    send short lists, one after the other, and each review is decided before the next comes."""
    usual = Usual()
    for number in range(attack.mailboxes):
        before = min(number, 1) if attack.patient else number
        known = number + 1 if attack.patient else attack.mailboxes
        listed = min(attack.mailboxes, known + SHORT_LIST - 1) if attack.patient else attack.mailboxes
        shares_network = attack.networks != Networks.MANY
        yield judge(
            Signals(
                account_age=OLD_ACCOUNT if attack.old_accounts else timedelta(),
                from_invitation=not attack.old_accounts,
                provider_hour=0 if attack.patient else number,
                provider_day=0 if attack.patient else number,
                expected=0.0 if attack.patient and number else attack.mailboxes * usual.answer_share,
                network_hour=before if shares_network and not attack.patient else 0,
                network_day=before if shares_network and not attack.patient else 0,
                network_same_provider=before if shares_network else 0,
                network_members=int(attack.networks == Networks.OWN),
                invited=InvitedList(listed, LIST_DAYS, known, known, free_mail=listed),
                usual=usual,
            )
        )


def _place(cheater: Offer, honest: Sequence[Offer], days: Iterable[date]) -> int:
    """The cheater's best place in the table on one of these days. Everybody keeps their details as fresh as they are."""
    places = []
    for day in days:
        kept = [_aged(offer, day - EPOCH) for offer in (*honest, cheater)]
        order = [offer.listing_id for offer in earned_order(kept, day)]
        places.append(order.index(CHEATER) + 1)
    return min(places)


def _aged(offer: Offer, time_since: timedelta) -> Offer:
    assert offer.confirmed_at is not None
    return replace(offer, confirmed_at=offer.confirmed_at + time_since)


def _honest(number: int, chance: random.Random) -> Offer:
    """Ten documented reviews of the last year; details confirmed within three months."""
    total = chance.randint(*HONEST_SUMS)
    stars = [4] * HONEST_REVIEWS
    while sum(stars) < total:
        place = chance.randrange(HONEST_REVIEWS)
        stars[place] = min(5, stars[place] + 1)
    for _ in range(chance.randrange(4)):  # the same average, further apart
        low, high = chance.sample(range(HONEST_REVIEWS), 2)
        if stars[low] > 1 and stars[high] < 5:
            stars[low], stars[high] = stars[low] - 1, stars[high] + 1
    reviews = [(EPOCH - timedelta(days=chance.randrange(365)), rating, False) for rating in stars]
    return _listing(number, reviews, confirmed_on=EPOCH - timedelta(days=chance.randrange(FRESH_DAYS)))


def _listing(number: int, reviews: Ratings, *, confirmed_on: date) -> Offer:
    """A complete listing with these counted reviews: day, stars, and whether it is invited."""
    confirmed_at = datetime.combine(confirmed_on, time(tzinfo=UTC))
    offer = Offer(
        listing_id=number,
        topic_id=1,
        provider_id=number,
        provider_slug="",
        provider_name="",
        provider_status="active",
        website="",
        host="",
        referral=False,
        service="word " * SERVICE_WORDS,
        cost_basis="fixed",
        fee_min=100,
        fee_max=None,
        currency="EUR",
        official_fee_kind="included",
        official_fee=None,
        time_min=2,
        time_max=3,
        time_unit="days",
        time_from="order",
        languages=(),
        confirmed_at=confirmed_at,
        published_at=confirmed_at,
        review_count=0,
        uncounted_count=0,
        rating_average=None,
        rating_weight=0.0,
        rating_weighted=0.0,
        invited_weight=0.0,
        invited_weighted=0.0,
        reported_count=0,
        reported_cost=None,
        reported_time=None,
    )
    sums = rating_sums(Published(Counter(reviews)), lambda _day: offer, lambda *_amount: None)
    return replace(
        offer,
        review_count=sums.review_count,
        rating_average=sums.rating_average,
        rating_weight=sums.rating_weight,
        rating_weighted=sums.rating_weighted,
        invited_weight=sums.invited_weight,
        invited_weighted=sums.invited_weighted,
    )
