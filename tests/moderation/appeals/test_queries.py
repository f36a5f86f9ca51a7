from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.moderation.appeals.queries import (
    APPEAL_WINDOW,
    appeal_states,
    appealed_subject,
    lock_appealed,
)
from marketplace.moderation.appeals.services import make_appeal
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Appeal
from marketplace.reviews.models import Review
from tests.clients import Client
from tests.clock import FrozenClock
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.moderation.appeals.test_services import against, appeal
from tests.moderation.deciding import decide_now
from tests.moderation.waiting import (
    STATEMENT,
    waiting_appeal,
    waiting_flag,
    waiting_listing,
    waiting_reply,
    waiting_review,
    waiting_review_edit,
)
from tests.refusals import refused

TEXT = "It is about this office and about no other, as the receipt shows."
WORDS = "Other words than those which are shown, and they were turned down."


def of_edit() -> tuple[Appeal, Any]:
    edit: Any = waiting_review_edit()
    against("review_edit", edit.review_id, "reject", "about_something_else")
    return appeal("review_edit", edit.review_id, edit.user), edit


def of_flag() -> tuple[Appeal, Any]:
    flag = waiting_flag(user_id=make_user().id, email=None)
    against("flag", flag.id, "dismiss", "opinion")
    return appeal("flag", flag.id, flag.user), flag.review


def of_review() -> tuple[Appeal, Any]:
    made = waiting_appeal()
    return made, db.session.get_one(Review, made.decision.subject_id)


@pytest.mark.parametrize(
    ("make", "kind"), [(of_edit, "review_edit"), (of_flag, "review"), (of_review, "review")]
)
def test_it_is_found_through_changes_and_reports(app: Flask, make: Any, kind: str) -> None:
    made, thing = make()
    found = appealed_subject(made)
    assert found is not None
    assert (found.kind, found.row) == (kind, thing)
    with app.test_request_context():
        facts = {fact.code: fact.value for fact in find_subject("appeal", made.id).facts()}
    assert facts["appealed_text"] == thing.text


def test_of_a_reply_the_words_that_were_judged_are_told(app: Flask) -> None:
    owner = make_user()
    reply = waiting_reply(owner, shown_text="What readers see of it.", shown_language="en", text=WORDS)
    against("reply", reply.id, "reject", "insult_or_private_data")
    made = appeal("reply", reply.id, owner)
    with app.test_request_context():
        facts = {fact.code: fact for fact in find_subject("appeal", made.id).facts()}
    assert (facts["appealed_text"].value, facts["appealed_text"].old) == (WORDS, None)


def test_nothing_is_decided_on_words_that_changed_meanwhile(app: Flask) -> None:
    made, review = of_review()
    read = find_subject("appeal", made.id).version
    review.text = "Quite something else stands here now, and nobody has read it."
    review.version += 1
    db.session.flush()
    given = {"ground": "our_mistake", "statement": "We read it again, and you are right."}
    with refused(Conflict, "changed"):
        decide_now(
            "appeal",
            made.id,
            actor=make_user("moderator"),
            action="uphold",
            version=read,
            now=NOON,
            **given,  # type: ignore[arg-type]
        )


def test_what_is_gone_is_nothing(app: Flask) -> None:
    made, review = of_review()
    lock_appealed(made.id)
    lock_appealed(10**6)
    db.session.delete(review)
    db.session.flush()
    assert appealed_subject(made) is None
    assert find_subject("appeal", made.id).version == made.version


def test_the_desk_quotes_it(app: Flask, client: Client) -> None:
    made, edit = of_edit()
    moderator = make_user("moderator")
    db.session.commit()
    sign_in(client, moderator)
    page = client.page(f"/staff/queue/appeal/{made.id}/")
    assert edit.text in page.text
    assert f"/staff/queue/review_edit/{edit.review_id}/" in page.links()


def turned_down(kind: str, now: Any) -> tuple[int, Any]:
    """A review or an edit that was turned down: the review's id, and its author."""
    row: Any = waiting_review() if kind == "review" else waiting_review_edit()
    number = row.id if kind == "review" else row.review_id
    reasons = {"ground": "about_something_else", "statement": STATEMENT}
    moderator = make_user("moderator")
    decide_now(kind, number, actor=moderator, action="reject", version=row.version, now=now, **reasons)
    return number, row.user


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_a_link_stands_as_long_as_it_works(app: Flask, client: Client, clock: FrozenClock, kind: str) -> None:
    number, author = turned_down(kind, clock())
    db.session.commit()
    sign_in(client, author)
    link = f"/account/appeals/{kind}/{number}/"
    assert link in client.page("/account/reviews/").links()
    client.page(link)
    clock.advance(APPEAL_WINDOW)
    sign_in(client, author)
    assert link not in client.page("/account/reviews/").links()


def test_none_stands_where_an_appeal_is_made_or_for_others(app: Flask) -> None:
    number, author = turned_down("review", NOON)

    def state(user: Any, kind: str = "review") -> str | None:
        return appeal_states(kind, [number, 10**6], user, NOON).get(number)

    assert (state(author), state(author, "review_edit"), state(make_user())) == ("open", None, None)
    make_appeal("review", number, actor=author, text=TEXT, language="en", now=NOON + timedelta(days=1))
    assert state(author) == "made"


def test_who_has_appealed_is_told_so(app: Flask, client: Client, clock: FrozenClock) -> None:
    number, author = turned_down("review", clock())
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
        decide_now(kind, row.id, actor=moderator, action=action, version=row.version, now=clock(), **reasons)
    db.session.commit()
    sign_in(client, owner)
    for path, link in (
        (f"/manage/{listing.provider.slug}/listings/{listing.id}/edit/", f"listing/{listing.id}"),
        (f"/manage/{reply.provider.slug}/reviews/", f"reply/{reply.id}"),
        (f"/manage/{other.slug}/", f"provider/{other.id}"),
    ):
        assert f"/account/appeals/{link}/" in client.page(path).links()


def test_ten_rejected_reviews_take_no_more_queries_than_one(
    app: Flask, client: Client, count_queries: CountQueries, clock: FrozenClock
) -> None:
    author, moderator, topic = make_user(), make_user("moderator"), make_topic()
    reasons = {"ground": "about_something_else", "statement": STATEMENT}
    for _ in range(10):
        review = make_review(make_listing(topic), author, status="pending", published_at=None)
        given = {"action": "reject", "version": review.version, "now": clock(), **reasons}
        decide_now("review", review.id, actor=moderator, **given)
    db.session.commit()
    sign_in(client, author)
    with count_queries(app) as statements:
        page = client.page("/account/reviews/")
    assert sum("/account/appeals/review/" in link for link in page.links()) == 10
    assert len(statements) <= 6
