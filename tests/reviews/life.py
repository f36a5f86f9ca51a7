"""A review's whole life against a small model: the same operation is done to the site and to plain Python values, which say
beforehand whether it is refused and what stands afterwards. Played by Hypothesis in tests and at random in `make soak`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db
from marketplace.listings.approvals import publish_listing
from marketplace.listings.models import Listing
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.moderation.decisions.services import decide, undo_decision
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.replies.services import write_reply
from marketplace.reviews.votes.models import ReviewVote
from marketplace.reviews.votes.services import remove_vote, vote_helpful
from marketplace.reviews.writing.edits import drop_edit, edit_review
from marketplace.reviews.writing.rules import ReviewDraft
from marketplace.reviews.writing.services import withdraw_review, write_review
from marketplace.values.exchange import DatedRates
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.moderation.deciding import take_effect
from tests.reviews.summing import weighed_middle

STATEMENT = "This is how we read it, and why."
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TAKES_PLACE = ("pending", "published", "hidden")
MOVES = {
    "publish": ("pending", "published"),
    "reject": ("pending", "rejected"),
    "hide": ("published", "hidden"),
    "restore": ("hidden", "published"),
}
AUTHORS, LISTINGS = 4, 3
STEP = timedelta(hours=2)


@dataclass
class Content:
    """What an author sent, in the model."""

    rating: int
    text: str
    cost: int | None
    days: int | None
    on: date


@dataclass
class Expected:
    """A review in the model. `edit` is what waits or was refused, with its status."""

    listing: int
    author: int
    content: Content
    status: str = "pending"
    level: str = "unverified"
    submitted: datetime = NOON
    published: datetime | None = None
    edit: tuple[str, Content] | None = None
    reply: str | None = None
    votes: set[int] = field(default_factory=set)


def on_a_review(operation: Callable[..., None]) -> Callable[..., None]:
    """The operation on one of the reviews that were written so far, by a number; nothing where there is none."""

    def picked(life: Life, pick: int, *values: Any, **named: Any) -> None:
        if numbers := list(life.model):
            number = numbers[pick % len(numbers)]
            operation(life, number, life.model[number], *values, **named)

    return picked


class Life:
    """Two providers' listings on one topic and a third's on another, their members, four authors, two moderators."""

    def __init__(self) -> None:
        self.now = NOON
        self.count = 0
        self.model: dict[int, Expected] = {}
        with writing():
            topics = [make_topic(), make_topic()]
            self.owners = [make_user(password=None).id for _ in range(LISTINGS)]
            providers = [make_provider(db.session.get_one(User, owner)) for owner in self.owners]
            listings = [
                make_listing(topics[number // 2], provider, time_unit="days")
                for number, provider in enumerate(providers)
            ]
            self.topics = [listing.topic_id for listing in listings]
            self.listings = [listing.id for listing in listings]
            self.fees = [[(NOON.date(), listing.fee_min or 0, "MXN")] for listing in listings]
            self.authors = [make_user(password=None).id for _ in range(AUTHORS)]
            self.moderators = [make_user("moderator", password=None).id for _ in range(2)]
            db.session.commit()

    # --- operations ---------------------------------------------------------------------------------------------------

    def write(self, listing: int, author: int, rating: int, cost: int | None, days: int | None) -> None:
        """An author, or a provider's member, writes about a listing. Authors 4 to 6 are the providers' members."""
        content = Content(rating, self._text(), cost, days, self._experience())
        refusal = self._may_write(listing, author)
        made: list[int] = []

        def act() -> None:
            row = write_review(
                db.session.get_one(Listing, self.listings[listing]),
                ReviewDraft.of(**self._values(content)),
                author=self._person(author),
                now=self.now,
            )
            made.append(row.id)

        self._expect(refusal, act)
        if refusal is None:
            self.model[made[0]] = Expected(listing, author, content, submitted=self.now)

    @on_a_review
    def edit(self, number: int, review: Expected, rating: int, cost: int | None) -> None:
        """The author sends other content."""
        content = Content(rating, self._text(), cost, review.content.days, self._experience())
        refusal = None if review.status in ("pending", "published") else Conflict
        draft = ReviewDraft.of(**self._values(content))
        self._expect(
            refusal,
            lambda: edit_review(self._row(number), draft, author=self._person(review.author), now=self.now),
        )
        if refusal is None and review.status == "pending":
            review.content = content
        elif refusal is None:
            review.edit = ("pending", content)

    @on_a_review
    def drop(self, number: int, review: Expected) -> None:
        """The author takes an edit back."""
        refusal = None if review.edit else Conflict
        self._expect(refusal, lambda: drop_edit(self._row(number), actor=self._person(review.author)))
        review.edit = None

    @on_a_review
    def withdraw(self, number: int, review: Expected, by_stranger: bool) -> None:
        """The author, or somebody else, takes the review back."""
        actor = (review.author + 1) % AUTHORS if by_stranger else review.author
        refusal: type[Refusal] | None = None if review.status in TAKES_PLACE else Conflict
        if actor != review.author:
            refusal = NotFound
        self._expect(
            refusal, lambda: withdraw_review(self._row(number), actor=self._person(actor), now=self.now)
        )
        if refusal is None:
            review.status, review.edit = "withdrawn", None

    @on_a_review
    def decide(self, number: int, review: Expected, action: str, level: str, undo: bool) -> None:
        """A moderator decides on a review, and perhaps undoes it in time."""
        before = replace(review)
        refusal = self._move(review, action, level)
        self._decide("review", number, action, refusal, undo, level=level if action == "publish" else None)
        if undo and refusal is None:
            vars(review).update(vars(before))

    @on_a_review
    def decide_edit(self, number: int, review: Expected, action: str, undo: bool) -> None:
        """A moderator decides on an edit, and perhaps undoes it in time."""
        before = replace(review)
        refusal: type[Refusal] | None = None
        if review.edit is None:
            refusal = Refusal  # not found, or review that it was decided on
        elif review.edit[0] != "pending":
            refusal = Conflict
        elif action == "publish":
            review.content, review.edit = review.edit[1], None
        else:
            review.edit = ("rejected", review.edit[1])
        self._decide("review_edit", number, action, refusal, undo)
        if undo and refusal is None:
            vars(review).update(vars(before))

    @on_a_review
    def reply(self, number: int, review: Expected, by_rival: bool) -> None:
        """A member of the provider, or of another, answers."""
        owner = (review.listing + 1) % LISTINGS if by_rival else review.listing
        refusal: type[Refusal] | None = None
        if by_rival or review.status != "published":
            refusal = NotFound
        elif review.reply is not None:
            refusal = Conflict
        text = f"Thank you for telling us. {self._text()}"
        self._expect(
            refusal,
            lambda: write_reply(
                self._row(number),
                actor=db.session.get_one(User, self.owners[owner]),
                text=text,
                language="en",
                now=self.now,
            ),
        )
        if refusal is None:
            review.reply = "pending"

    @on_a_review
    def decide_reply(self, number: int, review: Expected, action: str, undo: bool) -> None:
        """A moderator decides on a reply, and perhaps undoes it in time."""
        reply = db.session.scalar(select(Reply).where(Reply.review_id == number))
        if reply is None:
            return
        before = replace(review)
        refusal: type[Refusal] | None = None
        if review.reply != "pending":
            refusal = Conflict
        elif action == "publish" and review.status != "published":
            refusal = Invalid
        else:
            review.reply = "published" if action == "publish" else "rejected"
        self._decide("reply", reply.id, action, refusal, undo)
        if undo and refusal is None:
            vars(review).update(vars(before))

    @on_a_review
    def vote(self, number: int, review: Expected, voter: int, back: bool) -> None:
        """Somebody finds it helpful, or takes that back."""
        refusal: type[Refusal] | None = None if review.status == "published" else NotFound
        if refusal is None and not back and (voter == review.author or self._is_rival(review.listing, voter)):
            refusal = NotAllowed
        person = self._person(voter)
        if back:
            self._expect(refusal, lambda: remove_vote(number, voter=person))
        else:
            self._expect(refusal, lambda: vote_helpful(number, voter=person, now=self.now))
        if refusal is None:
            (review.votes.discard if back else review.votes.add)(voter)

    def reprice(self, listing: int, fee: int, currency: str) -> None:
        """A provider changes the price of a listing that a moderator has not seen yet, who then publishes it."""
        with writing():
            row = db.session.get_one(Listing, self.listings[listing])
            row.status = "pending"
            terms = replace(terms_of(row), fee_min=fee, currency=currency)
            edit_listing(
                actor=db.session.get_one(User, self.owners[listing]), listing=row, terms=terms, now=self.now
            )
            publish_listing(row, now=self.now)
            db.session.commit()
        self.fees[listing].append((self.now.date(), fee, currency))

    def wait(self, days: int) -> None:
        """Time passes."""
        self.now += timedelta(days=days)

    # --- the model's rules --------------------------------------------------------------------------------------------

    def _may_write(self, listing: int, author: int) -> type[Refusal] | None:
        if self._is_rival(listing, author):
            return NotAllowed
        year = self.now + STEP - timedelta(days=365)
        mine = [t for t in self.model.values() if (t.listing, t.author) == (listing, author)]
        return Invalid if any(t.status in TAKES_PLACE and t.submitted > year for t in mine) else None

    def _is_rival(self, listing: int, person: int) -> bool:
        return person >= AUTHORS and self.topics[person - AUTHORS] == self.topics[listing]

    def _move(self, review: Expected, action: str, level: str) -> type[Refusal] | None:
        source, target = MOVES[action]
        if review.status != source:
            return Conflict
        if action == "publish":
            review.level, review.published = level, review.published or self.now + STEP
        review.status = target
        return None

    # --- doing and comparing ------------------------------------------------------------------------------------------

    def _decide(
        self, kind: str, number: int, action: str, refusal: type[Refusal] | None, undo: bool, **values: Any
    ) -> None:
        reasons: dict[str, Any] = {}
        if action != "publish":
            ground = {"restore": "unfounded"}.get(action, "insult_or_private_data")
            reasons = {"ground": ground, "statement": STATEMENT}
        made: list[int] = []

        def act() -> None:
            actor = db.session.get_one(User, self.moderators[0])
            version = self._version(kind, number)
            decision = decide(
                kind, number, actor=actor, action=action, version=version, now=self.now, **reasons, **values
            )
            made.append(decision.id)
            if not undo:
                assert take_effect(decision)

        self._expect(refusal, act)
        if not undo or refusal is not None:
            return
        soon = self.now + timedelta(seconds=9)
        stranger = db.session.get_one(User, self.moderators[1])
        self._expect(NotFound, lambda: undo_decision(made[0], actor=stranger, now=soon))
        for expected in (None, Conflict):  # the second press finds that it was undone
            self._expect(
                expected,
                lambda: undo_decision(made[0], actor=db.session.get_one(User, self.moderators[0]), now=soon),
            )

    @staticmethod
    def _version(kind: str, number: int) -> int:
        row: Any = db.session.get(Reply if kind == "reply" else Review, number)
        if kind == "review_edit":
            row = row.edit
        return 1 if row is None else int(row.version)

    def _expect(self, refusal: type[Refusal] | None, act: Callable[[], Any]) -> None:
        self.now += STEP
        found: Refusal | None = None
        with writing():
            try:
                act()
                db.session.commit()
            except Refusal as refused:
                db.session.rollback()
                found = refused
        wanted = refusal or type(None)
        assert isinstance(found, wanted), f"{found!r} where the model says {wanted.__name__}"
        db.session.expire_all()

    def _person(self, author: int) -> User:
        ids = [*self.authors, *self.owners]
        return db.session.get_one(User, ids[author])

    @staticmethod
    def _row(number: int) -> Review:
        return db.session.get_one(Review, number)

    def _experience(self) -> date:
        return self.now.date() - timedelta(days=20)

    def _text(self) -> str:
        self.count += 1
        number, word = self.count, ""
        while number:
            number, place = divmod(number, 26)
            word += LETTERS[place]
        return f"They did the {word}q papers well enough, and the {word}x office was quick about it."

    def _values(self, content: Content) -> dict[str, Any]:
        return {
            "rating": content.rating,
            "text": content.text,
            "language": "en",
            "experience_on": content.on,
            "real_cost": content.cost,
            "real_currency": "MXN" if content.cost is not None else None,
            "real_time": content.days,
            "real_time_unit": "days" if content.days is not None else None,
            "outcome": "",
        }

    def check(self, numbers: list[int] | None = None) -> None:
        """What stands in the database is what the model says, of these reviews or of all; and so are all the sums."""
        db.session.rollback()
        for number in self.model if numbers is None else numbers:
            review, row = self.model[number], self._row(number)
            assert (row.status, row.level, row.rating, row.text) == (
                review.status,
                review.level,
                review.content.rating,
                review.content.text,
            ), number
            edit = None if row.edit is None else (row.edit.status, row.edit.rating, row.edit.text)
            waits = (
                None if review.edit is None else (review.edit[0], review.edit[1].rating, review.edit[1].text)
            )
            assert edit == waits, number
            reply = db.session.scalar(select(Reply.status).where(Reply.review_id == number))
            assert reply == review.reply, number
            voters = set(db.session.scalars(select(ReviewVote.user_id).where(ReviewVote.review_id == number)))
            assert voters == {self._person(voter).id for voter in review.votes}, number
        for place, listing_id in enumerate(self.listings):
            self._check_sums(place, db.session.get_one(Listing, listing_id))

    def _check_sums(self, place: int, row: Listing) -> None:
        """Worked out anew from the model, by other means than the program's."""
        shown = [
            review
            for review in self.model.values()
            if review.listing == place and review.status == "published"
        ]
        counted = [review for review in shown if review.level != "unverified"]
        assert row.review_count == len(counted)
        assert row.uncounted_count == len(shown) - len(counted)
        assert row.rating_sum == sum(review.content.rating for review in counted)
        weights = [
            2 ** ((review.published.date() - date(2026, 1, 1)).days / 540)
            for review in counted
            if review.published
        ]
        # Weights double in a year and a half: in a long play they grow large, and only their proportion can be compared.
        assert math.isclose(row.rating_weight, math.fsum(weights), rel_tol=1e-12)
        old = [weight for weight, one in zip(weights, counted, strict=True) if one.level == "invited"]
        assert math.isclose(row.invited_weight, math.fsum(old), rel_tol=1e-12)
        each = min(0.5, (0.25 * (len(counted) - len(old)) + 1) / max(1, len(old)))
        parts = [(each if one.level == "invited" else 1, one.content.rating) for one in counted]
        whole = sum(part for part, _ in parts)
        average = sum(part * rating for part, rating in parts) / whole if parts else None
        assert row.rating_average == pytest.approx(average)
        costs = [(t.content.cost, t.content.on, t.level) for t in counted if t.content.cost is not None]
        timed = [(t.content.days, t.level) for t in counted if t.content.days is not None]
        days = [took for took, _ in timed]
        cost = _middle([(cost, level) for cost, _, level in costs])
        assert (row.reported_cost, row.cost_reports) == (cost, len(costs))
        assert (row.reported_time, row.time_reports) == (_middle(timed), len(days))
        assert row.time_max is not None
        within = sum(self._is_within(place, cost, on) for cost, on, _ in costs)
        assert (row.priced_count, row.within_quote) == (len(costs), within)
        on_time = sum(took <= row.time_max for took in days)
        assert (row.timed_count, row.on_time) == (len(days), on_time)

    def _is_within(self, place: int, cost: int, on: date) -> bool:
        """Held against the fee of that day; the first one holds for all days before."""
        then = [fee for fee in self.fees[place] if fee[0] < on] or self.fees[place][:1]
        _, fee, currency = then[-1]
        paid = DatedRates().convert(cost, "MXN", currency, on)
        return paid is not None and paid <= fee


def _middle(values: list[tuple[int, str]]) -> int | None:
    found = weighed_middle([(Fraction(value), level) for value, level in values])
    return None if found is None else int(found + Fraction(1, 2))
