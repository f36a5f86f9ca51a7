"""Claims of a member, and what moderators decide about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict
from marketplace.providers.approvals import remove_unclaimed
from marketplace.providers.claims import approve_claim, claims_of, file_claim, reject_claim
from marketplace.providers.membership import is_member
from marketplace.providers.models import ProviderClaim
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.listings.making import make_guide_row, provider_revision, topic_revision

LATER = NOON + timedelta(days=1)


def make_claim(member: User, status: str = "unclaimed") -> ProviderClaim:
    return file_claim(member, make_provider(status=status), message="Mine.", now=NOON)


def test_a_member_sees_own_claims_that_are_not_approved_the_newest_first(app: Flask) -> None:
    member = make_user()
    older = file_claim(member, make_provider(), message="Mine.", now=NOON)
    newer = file_claim(member, make_provider(), message="", now=NOON + timedelta(days=1))
    approved = file_claim(member, make_provider(), message="", now=NOON)
    approved.status = "approved"
    file_claim(make_user(), make_provider(), message="", now=NOON)
    assert claims_of(member) == [newer, older]


def test_a_claim_that_waits_is_left_as_it_is(app: Flask) -> None:
    member, provider = make_user(), make_provider()
    first = file_claim(member, provider, message="First.", now=NOON)
    assert file_claim(member, provider, message="Second.", now=NOON) is first
    assert (first.message, first.version) == ("First.", 1)


def test_an_entry_that_nobody_claimed_is_removed_and_may_be_claimed_anew(member: User) -> None:
    claim = make_claim(member)
    provider = claim.provider
    remove_unclaimed(provider, note="Why.", now=LATER)
    assert (provider.status, provider.note) == ("removed", "Why.")
    with pytest.raises(Conflict):
        remove_unclaimed(provider, note="Why.", now=LATER)
    approve_claim(claim, now=LATER)
    assert provider.status == "pending"


def test_an_approved_claim_makes_a_member_and_frees_the_listings_from_their_files(member: User) -> None:
    claim = make_claim(member)
    listing = make_listing(make_topic(), claim.provider, confirmed_at=None)
    make_guide_row(listing)
    approve_claim(claim, now=LATER)
    assert (claim.status, claim.provider.status) == ("approved", "active")
    assert listing.confirmed_at == LATER
    assert is_member(member.id, claim.provider_id)
    assert (listing.rows, topic_revision(listing), provider_revision(claim.provider)) == ([], 2, 1)


@pytest.mark.parametrize("status", ["active", "pending", "suspended"])
def test_a_claim_on_a_claimed_provider_adds_a_member_and_changes_no_status(member: User, status: str) -> None:
    owner = make_user()
    claim = file_claim(member, make_provider(owner, status=status), message="", now=NOON)
    provider = approve_claim(claim, now=LATER)
    assert provider.status == status
    assert is_member(member.id, provider.id)
    assert is_member(owner.id, provider.id)


def test_a_claim_on_a_refused_registration_takes_its_place_and_waits_for_a_decision(member: User) -> None:
    pretender = make_user()
    provider = make_provider(pretender, status="removed", note="Not yours.")
    approve_claim(file_claim(member, provider, message="", now=NOON), now=LATER)
    assert (provider.status, provider.note) == ("pending", "")
    assert is_member(member.id, provider.id)
    assert not is_member(pretender.id, provider.id)


def test_a_rejected_claim_keeps_the_statement(member: User) -> None:
    claim = make_claim(member)
    reject_claim(claim, note="Prove it.", now=LATER)
    assert (claim.status, claim.note, claim.version) == ("rejected", "Prove it.", 2)
    assert not is_member(member.id, claim.provider_id)


def test_a_claim_is_decided_once(member: User) -> None:
    claim = make_claim(member)
    approve_claim(claim, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        reject_claim(claim, note="", now=LATER)
