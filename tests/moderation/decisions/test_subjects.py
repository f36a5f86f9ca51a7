from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.moderation.appeals.queries import appealed_subject
from marketplace.moderation.decisions.registry import find_subject
from marketplace.providers.models import ProviderMember
from tests.factories import NOON, make_listing, make_provider, make_user
from tests.moderation.waiting import MAKERS, id_of, waiting_claim, waiting_review


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_is_found_and_waits(app: Flask, kind: str) -> None:
    row = MAKERS[kind]()
    for lock in (False, True):
        subject = find_subject(kind, id_of(kind, row), lock=lock)
        assert subject.is_waiting
        appealed = appealed_subject(row).row if kind == "appeal" else None
        target = row.review if kind == "flag" else appealed
        assert subject.version == row.version + (target.version if target is not None else 0)
        assert subject.provider is not None
        assert (subject.listing is None) == (kind in ("provider", "provider_edit", "claim"))
        assert (subject.author is None) == (kind not in ("review", "review_edit", "claim", "appeal"))


@pytest.mark.parametrize(("kind", "number"), [("review", 0), ("review", 999), ("review", 2**40), ("poem", 1)])
def test_what_does_not_exist_is_not_found(app: Flask, kind: str, number: int) -> None:
    with pytest.raises(NotFound):
        find_subject(kind, number)


@pytest.mark.parametrize("kind", ["listing", "listing_edit", "provider", "provider_edit"])
def test_members_of_the_provider_read_its_matters_and_are_party(app: Flask, kind: str) -> None:
    owner = make_user()
    row = MAKERS[kind](owner)
    subject = find_subject(kind, id_of(kind, row))
    assert subject.readers() == [owner]
    assert subject.is_party(owner)
    assert not subject.is_party(make_user("moderator"))


@pytest.mark.parametrize(("kind", "offers_too"), [("listing", True), ("provider", False)])
def test_moderators_see_the_other_providers_of_the_owner_who_decides_on_none(
    app: Flask, kind: str, offers_too: bool
) -> None:
    owner = make_user("moderator")
    subject = find_subject(kind, id_of(kind, MAKERS[kind](owner)))  # type: ignore[operator]
    assert "same_owner" not in [fact.code for fact in subject.facts()]
    second = make_provider(owner, name="Second Office")
    if subject.listing is not None:
        make_listing(subject.listing.topic, second)
    (fact,) = [fact for fact in subject.facts() if fact.code == "same_owner"]
    assert fact.value == "Second Office" + (" (offers this procedure too)" if offers_too else "")
    other = find_subject("provider", second.id)
    assert other.is_party(owner)
    colleague = make_user("moderator")
    second.members.append(ProviderMember(user_id=colleague.id, created_at=NOON))
    db.session.flush()
    assert subject.is_party(colleague)


def test_a_claimant_reads_the_answer(app: Flask) -> None:
    claimant = make_user()
    subject = find_subject("claim", waiting_claim(claimant).id)
    assert subject.readers() == [claimant]
    assert subject.is_party(claimant)


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_author_and_provider_are_both_party_to_a_review_and_its_edit(app: Flask, kind: str) -> None:
    author, owner = make_user(), make_user()
    subject = find_subject(kind, id_of(kind, MAKERS[kind](author, owner)))
    assert subject.readers() == [author]
    assert subject.is_party(author)
    assert subject.is_party(owner)


def test_nobody_writes_to_a_closed_account(app: Flask) -> None:
    closed = make_user(active=False)
    assert find_subject("review", waiting_review(closed).id).readers() == []
