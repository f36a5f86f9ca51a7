"""A change makes anew the pages that show it and no others: their ETags change where, and only where, their bytes do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.listings import approvals, services
from marketplace.listings.models import Listing
from marketplace.listings.terms import terms_of
from marketplace.providers import approvals as provider_approvals
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.writing.services import hide_review, publish_review
from tests.clients import Client
from tests.factories import make_guide, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.deciding import STATEMENT

pytestmark = pytest.mark.slow
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME, COUNTRIES, DIRECTORY, SEARCH = "/", "/guides/", "/providers/", "/search/"
PERU, CHILE = "/guides/peru/", "/guides/chile/"
CARD, VISA, PERMIT = f"{PERU}card/", f"{PERU}visa/", f"{CHILE}permit/"
CARD_ES = "/es/guides/peru/es_card/"
ABOUT, TERMS, ADVERTISING = "/about/reviews/", "/about/terms/", "/about/advertising/"
ANA, BEA = "/providers/ana/", "/providers/bea/"
ANAS_CARD, ANAS_PERMIT, BEAS_CARD = f"{CARD}ana/", f"{PERMIT}ana/", f"{CARD}bea/"


@dataclass
class Places:
    """Ana offers the card in Peru and the permit in Chile, Bea the card; nobody offers the visa."""

    anas_card: Listing
    anas_permit: Listing
    beas_card: Listing
    waiting: Listing
    review: Review
    sent: Review

    def comparison(self) -> str:
        """The address that compares the two offers of the card."""
        return f"/compare/?listing={self.anas_card.id}&listing={self.beas_card.id}"


@pytest.fixture
def places(app: Flask) -> Places:
    """The rows."""
    topics = {}
    for country, stem, title in (
        ("peru", "card", "Card"),
        ("peru", "visa", "Visa"),
        ("chile", "permit", "Permit"),
    ):
        topics[stem] = make_topic(country, languages=())
        make_guide(topics[stem], "en", stem, title=title)
    make_guide(topics["card"], "es", "es_card", title="Tarjeta")
    ana, bea = (make_provider(make_user(), name=name, slug=name.lower()) for name in ("Ana", "Bea"))
    own = {"published_at": NOON, "confirmed_at": NOON}
    permit = make_listing(topics["permit"], ana, **own)
    found = Places(
        *(make_listing(topics["card"], ana, **own), permit, make_listing(topics["card"], bea, **own)),
        *(make_listing(topics["visa"], bea, status="pending"), make_review(permit)),
        make_review(permit, status="pending", level="unverified"),
    )
    recompute_ratings(permit.id)
    db.session.commit()
    return found


def cheaper(places: Places) -> None:
    listing = places.anas_card
    terms = replace(terms_of(listing), fee_min=100, fee_max=None)
    services.edit_listing(actor=listing.provider.members[0].user, listing=listing, terms=terms, now=NOON)
    approvals.apply_listing_edit(listing.edit, now=NOON)


def pause(places: Places) -> None:
    services.pause_listing(actor=places.beas_card.provider.members[0].user, listing=places.beas_card)


def publish_another(places: Places) -> None:
    approvals.publish_listing(places.waiting, now=NOON)


def show_review(places: Places) -> None:
    publish_review(places.sent, level="documented", now=NOON)


def hide(places: Places) -> None:
    hide_review(places.review, note=STATEMENT, now=NOON)


def suspend(places: Places) -> None:
    provider_approvals.suspend_provider(places.beas_card.provider, note="", now=NOON)


def warn(places: Places) -> None:
    provider_approvals.add_warning(places.beas_card.provider, now=NOON)


def register(places: Places) -> None:
    provider_approvals.activate_provider(make_provider(name="Carla", status="pending"), now=NOON)


TABLES = {CARD, CARD_ES, "compare"}
LISTS = {HOME, COUNTRIES, DIRECTORY, SEARCH}
REVIEWED = {PERMIT, ANAS_PERMIT, ANA, ABOUT}
# The change, what shows it, and what is made anew although it says the same.
CHANGES: list[tuple[Callable[[Places], None], set[str], set[str]]] = [
    (cheaper, {*TABLES, ANAS_CARD, ANA}, {BEAS_CARD}),
    (pause, {*TABLES, BEAS_CARD, BEA, HOME, COUNTRIES, PERU, SEARCH}, {ANAS_CARD, DIRECTORY, ABOUT}),
    (publish_another, {VISA, BEA, HOME, PERU, SEARCH}, {COUNTRIES, DIRECTORY, ABOUT}),
    (show_review, REVIEWED, set()),
    (hide, REVIEWED, set()),
    (suspend, {*TABLES, *LISTS, BEAS_CARD, BEA, PERU}, {ANAS_CARD, ABOUT}),
    (warn, {*TABLES, BEAS_CARD, BEA, DIRECTORY}, {HOME, COUNTRIES, SEARCH, PERU, ANAS_CARD, ABOUT}),
    (register, {DIRECTORY}, {HOME, COUNTRIES, SEARCH, ABOUT}),
]


def addresses(places: Places) -> dict[str, str]:
    shown = (
        *(HOME, COUNTRIES, DIRECTORY, SEARCH, PERU, CHILE, CARD, CARD_ES, VISA, PERMIT, ABOUT, TERMS),
        *(ADVERTISING, ANA, BEA, ANAS_CARD, ANAS_PERMIT, BEAS_CARD),
    )
    return {address: address for address in shown} | {"compare": places.comparison()}


@pytest.mark.parametrize(("change", "shown", "in_vain"), CHANGES)
def test_a_change_makes_anew_what_shows_it(
    app: Flask,
    client: Client,
    places: Places,
    make_app: Callable[..., Flask],
    change: Callable[[Places], None],
    shown: set[str],
    in_vain: set[str],
) -> None:
    paths = addresses(places)
    counts = app.extensions["page_cache"].counts
    before = {name: client.get(path).headers.get("ETag") for name, path in paths.items()}
    with writing():
        change(places)
        db.session.commit()
    changed, made = set(), set()
    uncached = make_app(CACHE_URL="none").test_client()
    for name, path in paths.items():
        misses = counts["misses"]
        answer = client.get(path)
        assert answer.data == uncached.get(path).data, f"{name} is not current"
        if counts["misses"] > misses:
            made.add(name)
        if answer.headers.get("ETag") != before[name]:
            changed.add(name)
    assert changed == shown
    assert made - changed == in_vain
