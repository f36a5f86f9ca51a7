"""Random operations of providers, reviewers and moderators. After each one the kept pages equal pages made anew, byte for
byte, and the rating sums equal a count of the reviews: a revision that is not raised, or a sum that drifts, shows."""

from __future__ import annotations

import random
from contextvars import Context
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from benchmarks.sites import new_site
from marketplace import create_app
from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.errors import Refusal
from marketplace.core.extensions import db, now
from marketplace.listings import approvals, services
from marketplace.listings.models import Listing
from marketplace.listings.terms import terms_of
from marketplace.providers import approvals as provider_approvals
from marketplace.providers.registration import change_provider
from marketplace.reviews.models import COUNTED_LEVELS, Review
from marketplace.reviews.writing import services as reviews
from marketplace.reviews.writing.rules import ReviewDraft
from tests.factories import make_listing, make_provider, make_topic, make_user

CHECK_EVERY = 10
WORDS = (
    "quick",
    "patient",
    "late",
    "careful",
    "clear",
    "friendly",
    "dear",
    "honest",
    "slow",
    "exact",
    "kind",
    "busy",
)


def main(chance: random.Random, operations: int) -> None:
    """Print how many operations were done and refused."""
    with new_site() as (app, folder):
        fresh = create_app({"INSTANCE_PATH": str(folder / "instance"), "CACHE_URL": "none"})
        stage = _Stage(chance)
        done = refused = compared = 0
        for number in range(operations):
            try:
                with writing():
                    stage.step()
                    db.session.commit()
                done += 1
            except Refusal:
                db.session.rollback()
                refused += 1
            if number % CHECK_EVERY == 0:
                stage.check_sums()
                compared += _compare_pages(app, fresh, stage.paths())
        print(
            f"soak: {done} operations done, {refused} refused; {compared} kept pages equal to pages made anew"
        )


def _compare_pages(app: Flask, fresh: Flask, paths: list[str]) -> int:
    for path in paths:
        kept, made = _visit(app, path), _visit(fresh, path)
        assert kept.status_code == made.status_code, path
        assert kept.data == made.data, f"{path} shows old content"
        assert kept.headers.get("ETag") == made.headers.get("ETag"), path
    return len(paths)


def _visit(app: Flask, path: str) -> TestResponse:
    """A request in a context of its own, as a server's is: nothing of ours leaks into it."""
    return Context().run(app.test_client().get, path)


class _Stage:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        with writing():
            self.topics = [make_topic() for _ in range(3)]
            self.owners = [make_user() for _ in range(6)]
            self.providers = [make_provider(owner) for owner in self.owners]
            self.listings = [
                make_listing(topic, provider) for topic in self.topics for provider in self.providers
            ]
            self.authors = [make_user() for _ in range(40)]
            db.session.commit()

    def step(self) -> None:
        """One random operation."""
        self.chance.choice(
            (self._write, self._write, self._decide, self._decide, self._change, self._edit, self._profile)
        )()

    def _listing(self) -> Listing:
        return self.chance.choice(self.listings)

    def _owner(self, listing: Listing) -> User:
        return self.owners[self.providers.index(listing.provider)]

    def _write(self) -> None:
        words = " ".join(self.chance.choices(WORDS, k=12))
        reviews.write_review(
            self._listing(),
            ReviewDraft.of(
                rating=self.chance.randint(1, 5),
                text=f"They were {words} in every way that mattered.",
                experience_on=now().date() - timedelta(days=self.chance.randint(1, 400)),
                real_cost=self.chance.choice((None, self.chance.randint(100, 900000))),
                real_currency="MXN",
                language="en",
            ),
            author=self.chance.choice(self.authors),
            now=now(),
        )

    def _decide(self) -> None:
        review = self.chance.choice(db.session.scalars(select(Review).order_by(Review.id)).all() or [None])
        if review is None:
            return
        action = self.chance.choice(("publish", "document", "reject", "withdraw"))
        if action == "reject":
            reviews.reject_review(review, note="Not a client.", now=now())
        elif action == "withdraw" and review.user is not None:
            reviews.withdraw_review(review, actor=review.user, now=now())
        elif review.status == "published":
            reviews.change_level(review, level=self.chance.choice(("unverified", "documented")), now=now())
        else:
            level = "documented" if action == "document" else "unverified"
            reviews.publish_review(review, level=level, now=now())

    def _change(self) -> None:
        listing = self._listing()
        change = self.chance.choice(("pause", "resume", "confirm", "withdraw", "publish"))
        actor = self._owner(listing)
        if change == "pause":
            services.pause_listing(actor=actor, listing=listing)
        elif change == "resume":
            services.resume_listing(actor=actor, listing=listing)
        elif change == "confirm":
            services.confirm_listing(actor=actor, listing=listing, now=now())
        elif change == "withdraw" and self.chance.random() < 0.2:
            services.withdraw_listing(actor=actor, listing=listing)
        else:
            services.submit_listing(actor=actor, listing=listing, now=now())
            approvals.publish_listing(listing, now=now())

    def _edit(self) -> None:
        listing = self._listing()
        terms = replace(
            terms_of(listing),
            fee_min=self.chance.randint(1, 10**6),
            service=f"We are {self.chance.random()}.",
        )
        services.edit_listing(actor=self._owner(listing), listing=listing, terms=terms, now=now())
        if listing.edit is not None and self.chance.random() < 0.7:
            approvals.apply_listing_edit(listing.edit, now=now())

    def _profile(self) -> None:
        provider = self.chance.choice(self.providers)
        change_provider(
            actor=self.owners[self.providers.index(provider)],
            provider=provider,
            name=f"Provider {self.chance.randint(1, 99)}",
            website=provider.website,
            description="We do paperwork, and well.",
            languages=provider.languages,
            countries=provider.countries,
            now=now(),
        )
        if provider.edit is not None:
            provider_approvals.apply_provider_edit(provider.edit, now=now())

    def check_sums(self) -> None:
        """The sums kept on each listing equal a count of its reviews."""
        db.session.rollback()
        for listing in self.listings:
            shown = db.session.scalars(
                select(Review).where(Review.listing_id == listing.id, Review.status == "published")
            ).all()
            counted = [review for review in shown if review.level in COUNTED_LEVELS]
            assert listing.review_count == len(counted), listing.id
            assert listing.uncounted_count == len(shown) - len(counted), listing.id
            assert listing.rating_sum == sum(review.rating for review in counted), listing.id

    def paths(self) -> list[str]:
        """Every public page that the stage's rows show on."""
        found = ["/", "/guides/", "/providers/", "/search/?q=provider", "/guides/mexico/"]
        for topic in self.topics:
            for guide in topic.guides:
                prefix = "" if guide.language == "en" else f"/{guide.language}"
                address = f"{prefix}/guides/{guide.country}/{guide.stem}/"
                found += [address, *(f"{address}{provider.slug}/" for provider in self.providers[:2])]
        found += [f"/providers/{provider.slug}/" for provider in self.providers]
        first, second = self.listings[:2]
        db.session.rollback()
        return [*found, f"/compare/?listing={first.id}&listing={second.id}"]
