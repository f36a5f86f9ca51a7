from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.moderation.appeals.queries import appealed_subject
from marketplace.moderation.decisions.registry import find_subject
from tests.factories import make_user
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
