"""A small site on which clients, providers and moderators act at random, through the services alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.errors import Refusal
from marketplace.core.extensions import db
from marketplace.listings import approvals, services
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.csv_terms import write_cells
from marketplace.listings.importing.services import import_records
from marketplace.listings.models import Listing
from marketplace.listings.terms import OfferTerms, terms_of
from marketplace.moderation.decisions.services import decide
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_next
from marketplace.reviews.writing.rules import ReviewDraft
from marketplace.reviews.writing.services import withdraw_review, write_review
from marketplace.values.exchange import save_rates
from marketplace.values.rates import Rate
from tests.factories import make_guide, make_listing, make_provider, make_topic, make_user
from tests.moderation.deciding import STATEMENT, take_effect

UNITS = ("hours", "days", "days", "business_days", "business_days", "weeks", "months")
MOST = {"hours": 400, "days": 60, "business_days": 40, "weeks": 9, "months": 3}
# The last has no rate until one is imported.
CURRENCIES = {"MXN": 10_000, "EUR": 500, "USD": 600, "CLP": 500_000}
LEVELS = ("confirmed", "confirmed", "confirmed", "invited", "invited", "unverified")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ACTIONS = (
    ("review",) * 10
    + ("moderate",) * 3
    + ("edit",) * 3
    + ("bulk", "pause", "renew", "confirm", "rate", "wait")
)


class Site:
    """Topics in two countries with the listings of several providers. `now` moves with `wait` only."""

    def __init__(self, chance: random.Random, now: datetime, wait: Callable[[timedelta], datetime]) -> None:
        self.chance, self.now, self._wait = chance, now, wait
        self.count = 0
        with writing():
            topics = [make_topic(country, languages=()) for country in ("peru", "peru", "chile")]
            for number, topic in enumerate(topics):
                make_guide(topic, "en", f"procedure{number}", title=f"Procedure {number}")
            self.moderator = make_user("moderator", password=None).id
            self.owners = {}
            for _ in range(4):
                owner = make_user(password=None)
                provider = make_provider(owner)
                for topic in self.chance.sample(topics, 2):
                    listing = make_listing(topic, provider, published_at=now, confirmed_at=now)
                    self.owners[listing.id] = owner.id
            db.session.commit()

    def step(self) -> str:
        """One random action; its name, or that it was refused."""
        name = self.chance.choice(ACTIONS)
        with writing():
            try:
                getattr(self, name)()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                name = f"{name} refused ({refusal.code})"
        return name

    def review(self) -> None:
        """A client of a listing tells what it cost and how long it took; a moderator publishes it."""
        unit, code = self.chance.choice(UNITS), self.chance.choice(tuple(CURRENCIES))
        priced, timed = self.chance.random() < 0.7, self.chance.random() < 0.7
        draft = ReviewDraft.of(
            rating=self.chance.randint(1, 5),
            text=self._text(),
            language="en",
            experience_on=self.now.date() - timedelta(days=self.chance.choice((0, 1, 20, 45, 200))),
            real_cost=self.chance.randint(1, 100) * CURRENCIES[code] if priced else None,
            real_currency=code if priced else None,
            real_time=self.chance.randint(1, MOST[unit]) if timed else None,
            real_time_unit=unit if timed else None,
            outcome="",
        )
        review = write_review(self._listing(), draft, author=make_user(password=None), now=self.now)
        self._decide(review, "publish", level=self.chance.choice(LEVELS))

    def moderate(self) -> None:
        """A review is hidden, brought back or withdrawn by its author."""
        reviews = db.session.scalars(select(Review).order_by(Review.id)).all()
        if not reviews:
            return
        review = self.chance.choice(reviews)
        if review.status == "hidden":
            self._decide(review, "restore", ground="unfounded", statement=STATEMENT)
        elif review.status == "published" and self.chance.random() < 0.7:
            self._decide(review, "hide", ground="insult_or_private_data", statement=STATEMENT)
        elif review.user is not None:
            withdraw_review(review, actor=review.user, now=self.now)

    def edit(self) -> None:
        """A provider changes its terms, and a moderator accepts."""
        listing = self._listing()
        terms = self._terms(terms_of(listing))
        services.edit_listing(actor=self._owner(listing), listing=listing, terms=terms, now=self.now)
        if listing.edit is not None:
            approvals.apply_listing_edit(listing.edit, now=self.now)

    def bulk(self) -> None:
        """The operator imports other terms."""
        listing = self._listing()
        named = {
            "provider": listing.provider.name,
            "website": listing.provider.website,
            "topic": listing.topic.key,
        }
        import_records([Record(2, {**write_cells(self._terms(terms_of(listing))), **named})], now=self.now)

    def pause(self) -> None:
        """A provider takes a listing out, or puts it back."""
        listing = self._listing()
        move = services.resume_listing if listing.status == "paused" else services.pause_listing
        move(actor=self._owner(listing), listing=listing)

    def renew(self) -> None:
        """A provider withdraws a listing, changes it and sends it again; a moderator publishes it."""
        listing = self._listing()
        owner = self._owner(listing)
        services.withdraw_listing(actor=owner, listing=listing)
        services.edit_listing(
            actor=owner, listing=listing, terms=self._terms(terms_of(listing)), now=self.now
        )
        services.submit_listing(actor=owner, listing=listing, now=self.now)
        approvals.publish_listing(listing, now=self.now)

    def confirm(self) -> None:
        """A provider confirms its data."""
        listing = self._listing()
        services.confirm_listing(actor=self._owner(listing), listing=listing, now=self.now)

    def rate(self) -> None:
        """The operator imports a rate, and the worker reckons anew."""
        day = self.now.date() - timedelta(days=self.chance.choice((0, 30, 250)))
        save_rates([Rate("CLP", day, Decimal(self.chance.randint(900, 1100)), "Banco Central")])
        recompute_next({})

    def wait(self) -> None:
        """Days pass; the worker reckons anew, as it does each day."""
        self.now = self._wait(timedelta(days=self.chance.choice((1, 1, 5, 30, 90))))
        recompute_next({})

    def _terms(self, terms: OfferTerms) -> OfferTerms:
        changed: dict[str, Any] = {}
        unit, code = self.chance.choice(UNITS), self.chance.choice(("MXN", "EUR", "USD"))
        fee = self.chance.randint(1, 100) * CURRENCIES[code]
        basis = self.chance.choice(("fixed", "fixed", "range", "from", "hourly", "free", "on_request"))
        if self.chance.random() < 0.6:
            changed = {"cost_basis": basis, "fee_min": fee, "fee_max": None, "currency": code}
            changed |= {"fee_max": 2 * fee} if basis == "range" else {}
            changed |= {"fee_min": None, "currency": None} if basis in ("free", "on_request") else {}
        if self.chance.random() < 0.6:
            most = self.chance.randint(1, MOST[unit])
            changed |= {"time_min": 1, "time_max": most, "time_unit": unit, "time_from": "order"}
            if self.chance.random() < 0.2:
                changed |= dict.fromkeys(("time_min", "time_max", "time_unit", "time_from"))
        return replace(terms, **changed)

    def _decide(self, review: Review, action: str, **values: Any) -> None:
        actor = db.session.get_one(User, self.moderator)
        decision = decide(
            "review", review.id, actor=actor, action=action, version=review.version, now=self.now, **values
        )
        assert take_effect(decision)

    def _listing(self) -> Listing:
        return db.session.get_one(Listing, self.chance.choice(tuple(self.owners)))

    def _owner(self, listing: Listing) -> User:
        return db.session.get_one(User, self.owners[listing.id])

    def _text(self) -> str:
        self.count += 1
        number, word = self.count, ""
        while number:
            number, place = divmod(number, 26)
            word += LETTERS[place]
        return f"They did the {word}q papers well enough, and the {word}x office was quick about it."
