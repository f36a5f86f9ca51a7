"""Several people at the same moment: nothing is doubled, lost or stuck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.errors import Conflict, Refusal
from marketplace.core.extensions import db
from marketplace.listings.approvals import apply_listing_edit, publish_listing
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.providers.models import Provider, ProviderClaim
from marketplace.providers.registration import register_provider
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.listings.making import TERMS

PEOPLE = 4


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts at the same moment, each in a transaction of its own; what each returned or was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context(), writing():
            barrier.wait()
            try:
                result = act()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return refusal
            return type(result).__name__

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def register(user_id: int, website: str) -> object:
    return register_provider(
        actor=db.session.get_one(User, user_id),
        name="Casa Ocotillo",
        website=website,
        description="",
        languages=["en"],
        countries=[],
        now=NOON,
    )


def make_people() -> list[int]:
    people = [make_user().id for _ in range(PEOPLE)]
    db.session.commit()
    return people


def test_one_website_is_registered_once_and_the_others_are_claims(app: Flask) -> None:
    people = make_people()
    website = "https://casa.example"
    results = at_once(app, [lambda who=who: register(who, website) for who in people])  # type: ignore[misc]
    assert results == ["Registration"] * PEOPLE
    assert len(db.session.scalars(select(Provider)).all()) == 1
    assert len(db.session.scalars(select(ProviderClaim)).all()) == PEOPLE - 1


def test_one_name_gets_as_many_addresses_as_providers(app: Flask) -> None:
    people = make_people()
    sites = {who: f"https://casa{who}.example" for who in people}
    results = at_once(app, [lambda who=who: register(who, sites[who]) for who in people])  # type: ignore[misc]
    assert results == ["Registration"] * PEOPLE
    assert sorted(db.session.scalars(select(Provider.slug))) == [
        "casa-ocotillo",
        "casa-ocotillo-2",
        "casa-ocotillo-3",
        "casa-ocotillo-4",
    ]


def test_a_change_while_a_moderator_publishes_never_goes_live_unseen(app: Flask) -> None:
    member = make_user()
    listing_id = make_listing(make_topic(), make_provider(member), status="pending").id
    member_id = member.id
    db.session.commit()

    def change() -> object:
        listing = db.session.get_one(Listing, listing_id)
        return edit_listing(actor=db.session.get_one(User, member_id), listing=listing, terms=TERMS, now=NOON)

    def publish() -> object:
        listing = db.session.get_one(Listing, listing_id)
        return publish_listing(listing, now=NOON)

    assert at_once(app, [change, publish]) == ["Listing", "Listing"]
    listing = db.session.get_one(Listing, listing_id)
    # Published after the change: its version tells the moderator's form. Before it: the change waits as an edit.
    assert listing.status == "published"
    assert (listing.version, listing.edit is None) in ((3, True), (2, False))
    assert (terms_of(listing) == TERMS) is (listing.edit is None)


def test_an_edit_that_is_changed_and_approved_at_once_ends_in_one_of_both(app: Flask) -> None:
    member = make_user()
    listing = make_listing(make_topic(), make_provider(member))
    edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    listing_id, member_id, live = listing.id, member.id, terms_of(listing)
    db.session.commit()

    def change_back() -> object:
        found = db.session.get_one(Listing, listing_id)
        return edit_listing(actor=db.session.get_one(User, member_id), listing=found, terms=live, now=NOON)

    def approve() -> object:
        edit = db.session.get(ListingEdit, listing_id)
        if edit is None:
            raise Conflict("gone")
        return apply_listing_edit(edit, now=NOON)

    results = at_once(app, [change_back, approve])
    assert results[0] == "Listing"
    listing = db.session.get_one(Listing, listing_id)
    if results[1] == "Listing":
        assert terms_of(listing) == TERMS
        assert listing.edit is not None
        assert terms_of(listing.edit) == live
    else:
        assert terms_of(listing) == live
        assert listing.edit is None
