from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.moderation.appeals.targets import appealed_thing, hold_appealed, version_read_of
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.facts import appealed_facts
from marketplace.moderation.models import Appeal
from marketplace.reviews.models import Review
from tests.clients import Client
from tests.factories import NOON, make_user, sign_in
from tests.moderation.appeals.test_services import against, appeal
from tests.moderation.waiting import waiting_appeal, waiting_flag, waiting_reply, waiting_review_edit

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
    assert appealed_thing(made) == (kind, thing)
    with app.test_request_context():
        facts = {fact.code: fact.value for fact in appealed_facts(made)}
    assert facts["appealed_text"] == thing.text


def test_of_a_reply_the_words_that_were_judged_are_told(app: Flask) -> None:
    owner = make_user()
    reply = waiting_reply(owner, shown_text="What readers see of it.", shown_language="en", text=WORDS)
    against("reply", reply.id, "reject", "insult_or_private_data")
    made = appeal("reply", reply.id, owner)
    with app.test_request_context():
        facts = {fact.code: fact for fact in appealed_facts(made)}
    assert (facts["appealed_text"].value, facts["appealed_text"].old) == (WORDS, None)


def test_nothing_is_decided_on_words_that_changed_meanwhile(app: Flask) -> None:
    made, review = of_review()
    read = find_subject("appeal", made.id).version
    assert read == version_read_of(made)
    review.text = "Quite something else stands here now, and nobody has read it."
    review.version += 1
    db.session.flush()
    given = {"ground": "our_mistake", "statement": "We read it again, and you are right."}
    with pytest.raises(Conflict) as caught:
        decide(
            "appeal",
            made.id,
            actor=make_user("moderator"),
            action="uphold",
            version=read,
            now=NOON,
            **given,  # type: ignore[arg-type]
        )
    assert caught.value.code == "changed"


def test_what_is_gone_is_nothing(app: Flask) -> None:
    made, review = of_review()
    hold_appealed(made.id)
    hold_appealed(10**6)
    db.session.delete(review)
    db.session.flush()
    assert appealed_thing(made) is None
    assert version_read_of(made) == made.version


def test_the_desk_quotes_it(app: Flask, client: Client) -> None:
    made, edit = of_edit()
    moderator = make_user("moderator")
    db.session.commit()
    sign_in(client, moderator)
    page = client.page(f"/staff/queue/appeal/{made.id}/")
    assert edit.text in page.text
    assert f"/staff/queue/review_edit/{edit.review_id}/" in page.links()
