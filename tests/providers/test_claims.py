"""Claims of a member."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from marketplace.providers.claims import claims_of, file_claim
from tests.factories import NOON, make_provider, make_user


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
