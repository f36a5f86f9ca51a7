"""What a moderator's decision does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.revisions import site_revision
from marketplace.listings import approvals
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.providers.claims import file_claim
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit
from marketplace.providers.registration import change_provider
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.listings.making import make_guide_row
from tests.listings.test_services import TERMS

LATER = NOON + timedelta(days=1)


@pytest.fixture
def member(app: Flask) -> User:
    return make_user()


def make_edit(member: User, status: str = "published") -> ListingEdit:
    listing = make_listing(make_topic(), make_provider(member), status=status)
    edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.edit is not None
    return listing.edit


def make_provider_edit(member: User) -> ProviderEdit:
    provider = make_provider(member, name="Casa")
    change_provider(
        actor=member,
        provider=provider,
        name="Casa Nueva",
        website="https://www.nueva.example/x",
        description="New.",
        languages=["en", "es"],
        countries=["mexico"],
        now=NOON,
    )
    assert provider.edit is not None
    return provider.edit


def make_claim(member: User, status: str = "unclaimed") -> ProviderClaim:
    return file_claim(member, make_provider(status=status), message="Mine.", now=NOON)


def test_a_listing_that_was_reported_is_taken_down_with_its_edit(member: User) -> None:
    listing = make_edit(member).listing
    before = (topic_revision(listing), provider_revision(listing.provider))
    approvals.take_down_listing(listing, note="Why.", now=LATER)
    assert (listing.status, listing.note, listing.edit) == ("rejected", "Why.", None)
    assert topic_revision(listing) > before[0]
    assert provider_revision(listing.provider) > before[1]
    with pytest.raises(Conflict):
        approvals.take_down_listing(listing, note="Why.", now=LATER)


def test_an_entry_that_nobody_claimed_is_removed_and_may_be_claimed_anew(member: User) -> None:
    claim = make_claim(member)
    provider = claim.provider
    approvals.remove_unclaimed(provider, note="Why.", now=LATER)
    assert (provider.status, provider.note) == ("removed", "Why.")
    with pytest.raises(Conflict):
        approvals.remove_unclaimed(provider, note="Why.", now=LATER)
    approvals.approve_claim(claim, now=LATER)
    assert provider.status == "pending"


def topic_revision(listing: Listing) -> int:
    db.session.flush()
    db.session.refresh(listing.topic)
    return listing.topic.revision


def provider_revision(provider: Provider) -> int:
    db.session.flush()
    db.session.refresh(provider)
    return provider.revision


def test_a_published_listing_is_shown_and_caches_are_told(member: User) -> None:
    listing = make_listing(make_topic(), make_provider(member), status="pending", published_at=None)
    approvals.publish_listing(listing, now=LATER)
    assert (listing.status, listing.published_at, listing.confirmed_at) == ("published", LATER, LATER)
    assert (listing.version, topic_revision(listing), provider_revision(listing.provider)) == (2, 2, 1)


@pytest.mark.parametrize("status", ["pending", "removed", "suspended", "unclaimed"])
def test_a_listing_waits_until_its_provider_is_active(member: User, status: str) -> None:
    listing = make_listing(make_topic(), make_provider(member, status=status), status="pending")
    with pytest.raises(NotAllowed):
        approvals.publish_listing(listing, now=LATER)
    assert listing.status == "pending"


def test_a_rejected_listing_keeps_the_statement_and_is_shown_to_nobody(member: User) -> None:
    listing = make_listing(make_topic(), make_provider(member), status="pending")
    approvals.reject_listing(listing, note="Say what it costs.", now=LATER)
    assert (listing.status, listing.note, listing.version) == ("rejected", "Say what it costs.", 2)
    assert topic_revision(listing) == 1


def test_an_applied_edit_takes_the_place_of_the_live_terms(member: User) -> None:
    edit = make_edit(member)
    listing = edit.listing
    make_guide_row(listing)
    approvals.apply_listing_edit(edit, now=LATER)
    assert terms_of(listing) == TERMS
    assert (listing.status, listing.edit, listing.confirmed_at, listing.rows) == (
        "published",
        None,
        LATER,
        [],
    )
    assert topic_revision(listing) == 2


def test_an_applied_edit_of_a_paused_listing_does_not_show_it(member: User) -> None:
    edit = make_edit(member, "paused")
    listing = approvals.apply_listing_edit(edit, now=LATER)
    assert (listing.status, terms_of(listing), topic_revision(listing)) == ("paused", TERMS, 1)


def test_a_rejected_edit_stays_with_the_statement_and_the_live_listing_as_it_is(member: User) -> None:
    edit = make_edit(member)
    version = edit.version
    approvals.reject_listing_edit(edit, note="Too dear.", now=LATER)
    assert (edit.status, edit.note, edit.version) == ("rejected", "Too dear.", version + 1)
    assert terms_of(edit.listing) != TERMS


def test_an_activated_provider_may_publish(member: User) -> None:
    provider = make_provider(member, status="pending")
    approvals.activate_provider(provider, now=LATER)
    assert (provider.status, provider.version, provider_revision(provider)) == ("active", 2, 1)
    listing = make_listing(make_topic(), provider, status="pending")
    approvals.publish_listing(listing, now=LATER)


def test_a_rejected_registration_is_removed_with_the_statement(member: User) -> None:
    provider = make_provider(member, status="pending")
    listing = make_listing(make_topic(), provider, status="pending")
    approvals.reject_provider(provider, note="Who are you?", now=LATER)
    assert (provider.status, provider.note, listing.status) == ("removed", "Who are you?", "pending")
    assert is_member(member.id, provider.id)


def test_a_suspended_provider_keeps_the_statement_and_leaves_all_pages(member: User) -> None:
    provider = make_provider(member)
    shown, paused = (
        make_listing(make_topic(), provider),
        make_listing(make_topic(), provider, status="paused"),
    )
    approvals.suspend_provider(provider, note="Show us the licence.", now=LATER)
    assert (provider.status, provider.note, provider.version) == ("suspended", "Show us the licence.", 2)
    assert (provider_revision(provider), topic_revision(shown), site_revision()) == (1, 2, 1)
    assert (topic_revision(paused), shown.status, shown.version) == (1, "published", 1)


def test_a_reinstated_provider_is_shown_as_it_was(member: User) -> None:
    provider = make_provider(member, status="suspended", note="Show us the licence.")
    listing = make_listing(make_topic(), provider)
    approvals.reinstate_provider(provider, now=LATER)
    assert (provider.status, provider.note, provider.version) == ("active", "", 2)
    assert (provider_revision(provider), topic_revision(listing), site_revision()) == (1, 2, 1)


def test_a_provider_without_listings_leaves_the_lists_of_the_site(member: User) -> None:
    provider = make_provider(member)
    approvals.suspend_provider(provider, note="", now=LATER)
    assert (provider_revision(provider), site_revision()) == (1, 1)


@pytest.mark.parametrize("status", ["unclaimed", "pending", "suspended", "removed"])
def test_only_an_active_provider_is_suspended(app: Flask, status: str) -> None:
    provider = make_provider(status=status)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.suspend_provider(provider, note="", now=LATER)
    assert (provider.status, provider.version) == (status, 1)


@pytest.mark.parametrize("status", ["unclaimed", "pending", "active", "removed"])
def test_only_a_suspended_provider_is_reinstated(app: Flask, status: str) -> None:
    provider = make_provider(status=status)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.reinstate_provider(provider, now=LATER)
    assert (provider.status, provider.version) == (status, 1)


def test_a_standing_is_read_anew_before_it_changes(app: Flask) -> None:
    provider = make_provider()
    db.session.execute(
        db.update(Provider).values(status="suspended").execution_options(synchronize_session=False)
    )
    with pytest.raises(Conflict, match="decided_already"):
        approvals.suspend_provider(provider, note="", now=LATER)


def test_an_applied_profile_changes_name_and_host_but_not_the_address(member: User) -> None:
    edit = make_provider_edit(member)
    provider, slug = edit.provider, edit.provider.slug
    listing = make_listing(make_topic(), provider)
    approvals.apply_provider_edit(edit, now=LATER)
    assert (provider.name, provider.host, provider.slug) == ("Casa Nueva", "nueva.example", slug)
    assert (provider.search_text, provider.edit) == ("casa nueva nueva.example", None)
    assert (topic_revision(listing), provider_revision(provider)) == (2, 1)


def test_a_profile_whose_website_was_taken_meanwhile_is_not_applied(member: User) -> None:
    edit = make_provider_edit(member)
    make_provider(host="nueva.example")
    with pytest.raises(Conflict, match="website_taken"):
        approvals.apply_provider_edit(edit, now=LATER)


def test_a_rejected_profile_stays_with_the_statement(member: User) -> None:
    edit = make_provider_edit(member)
    approvals.reject_provider_edit(edit, note="Which name?", now=LATER)
    assert (edit.status, edit.note, edit.provider.name) == ("rejected", "Which name?", "Casa")


def test_an_approved_claim_makes_a_member_and_frees_the_listings_from_their_files(member: User) -> None:
    claim = make_claim(member)
    listing = make_listing(make_topic(), claim.provider, confirmed_at=None)
    make_guide_row(listing)
    approvals.approve_claim(claim, now=LATER)
    assert (claim.status, claim.provider.status) == ("approved", "active")
    assert listing.confirmed_at == LATER
    assert is_member(member.id, claim.provider_id)
    assert (listing.rows, topic_revision(listing), provider_revision(claim.provider)) == ([], 2, 1)


@pytest.mark.parametrize("status", ["active", "pending", "suspended"])
def test_a_claim_on_a_claimed_provider_adds_a_member_and_changes_no_status(member: User, status: str) -> None:
    owner = make_user()
    claim = file_claim(member, make_provider(owner, status=status), message="", now=NOON)
    provider = approvals.approve_claim(claim, now=LATER)
    assert provider.status == status
    assert is_member(member.id, provider.id)
    assert is_member(owner.id, provider.id)


def test_a_claim_on_a_refused_registration_takes_its_place_and_waits_for_a_decision(member: User) -> None:
    pretender = make_user()
    provider = make_provider(pretender, status="removed", note="Not yours.")
    approvals.approve_claim(file_claim(member, provider, message="", now=NOON), now=LATER)
    assert (provider.status, provider.note) == ("pending", "")
    assert is_member(member.id, provider.id)
    assert not is_member(pretender.id, provider.id)


def test_a_rejected_claim_keeps_the_statement(member: User) -> None:
    claim = make_claim(member)
    approvals.reject_claim(claim, note="Prove it.", now=LATER)
    assert (claim.status, claim.note, claim.version) == ("rejected", "Prove it.", 2)
    assert not is_member(member.id, claim.provider_id)


def test_each_thing_is_decided_once(member: User) -> None:
    listing = make_listing(make_topic(), make_provider(), status="pending")
    approvals.publish_listing(listing, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.publish_listing(listing, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.reject_listing(listing, note="", now=LATER)
    edit = make_edit(member)
    approvals.reject_listing_edit(edit, note="", now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.apply_listing_edit(edit, now=LATER)
    claim = make_claim(member)
    approvals.approve_claim(claim, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.reject_claim(claim, note="", now=LATER)
    provider = make_provider(status="active")
    for decide in (
        approvals.activate_provider,
        lambda p, now: approvals.reject_provider(p, note="", now=now),
    ):
        with pytest.raises(Conflict, match="decided_already"):
            decide(provider, now=LATER)


def test_an_edit_that_was_dropped_meanwhile_is_gone(member: User) -> None:
    edit = make_edit(member)
    db.session.commit()
    db.session.execute(db.delete(ListingEdit))
    with pytest.raises(Conflict, match="gone"):
        approvals.apply_listing_edit(edit, now=LATER)
