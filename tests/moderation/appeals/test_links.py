from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.appeals.links import appeal_state
from marketplace.moderation.appeals.services import WITHIN, make_appeal
from marketplace.moderation.decisions.services import decide
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import NOON, make_provider, make_user, sign_in
from tests.moderation.waiting import (
    STATEMENT,
    waiting_listing,
    waiting_reply,
    waiting_review,
    waiting_review_edit,
)

TEXT = "It is about this office and about no other, as the receipt shows."


def refused(kind: str, now: Any) -> tuple[int, Any]:
    """A review or an edit that was turned down: the review's id, and its author."""
    row: Any = waiting_review() if kind == "review" else waiting_review_edit()
    number = row.id if kind == "review" else row.review_id
    reasons = {"ground": "about_something_else", "statement": STATEMENT}
    moderator = make_user("moderator")
    decide(kind, number, actor=moderator, action="reject", version=row.version, now=now, **reasons)
    return number, row.user


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_a_link_stands_as_long_as_it_works(app: Flask, client: Client, clock: FrozenClock, kind: str) -> None:
    number, author = refused(kind, clock())
    db.session.commit()
    sign_in(client, author)
    link = f"/account/appeals/{kind}/{number}/"
    assert link in client.page("/account/reviews/").links()
    client.page(link)
    clock.advance(WITHIN)
    sign_in(client, author)
    assert link not in client.page("/account/reviews/").links()


def test_none_stands_where_an_appeal_is_made_or_for_others(app: Flask) -> None:
    number, author = refused("review", NOON)

    def state(user: Any, kind: str = "review") -> str | None:
        return appeal_state(None, user=user, kind=kind, number=number, now=NOON)

    assert (state(author), state(author, "review_edit"), state(make_user())) == ("open", None, None)
    make_appeal("review", number, actor=author, text=TEXT, language="en", now=NOON + timedelta(days=1))
    assert state(author) == "made"


def test_who_has_appealed_is_told_so(app: Flask, client: Client, clock: FrozenClock) -> None:
    number, author = refused("review", clock())
    make_appeal("review", number, actor=author, text=TEXT, language="en", now=clock())
    db.session.commit()
    sign_in(client, author)
    page = client.page("/account/reviews/")
    assert "You have already appealed against this decision." in page.text
    assert f"/account/appeals/review/{number}/" not in page.links()


def test_providers_find_the_way_on_their_desk(app: Flask, client: Client, clock: FrozenClock) -> None:
    owner, moderator = make_user(), make_user("moderator")
    listing, reply = waiting_listing(owner), waiting_reply(owner)
    other = make_provider(owner)
    for kind, row, action, ground in (
        ("listing", listing, "reject", "wrong_topic"),
        ("reply", reply, "reject", "insult_or_private_data"),
        ("provider", other, "warn", "faked_reviews"),
    ):
        reasons = {"ground": ground, "statement": STATEMENT}
        decide(kind, row.id, actor=moderator, action=action, version=row.version, now=clock(), **reasons)
    db.session.commit()
    sign_in(client, owner)
    for path, link in (
        (f"/manage/{listing.provider.slug}/listings/{listing.id}/edit/", f"listing/{listing.id}"),
        (f"/manage/{reply.provider.slug}/reviews/", f"reply/{reply.id}"),
        (f"/manage/{other.slug}/", f"provider/{other.id}"),
    ):
        assert f"/account/appeals/{link}/" in client.page(path).links()
