from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Invalid, NotAllowed
from marketplace.core.extensions import db
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.queries import recent_decisions
from marketplace.moderation.decisions.registry import find_kind, find_subject
from marketplace.moderation.queue.queries import waiting_items
from tests.factories import NOON, make_user
from tests.moderation.deciding import decide_now, move
from tests.moderation.waiting import STATEMENT, waiting_reply
from tests.refusals import refused


@pytest.mark.parametrize(
    ("status", "shown", "moves"),
    [
        ("pending", None, {"publish", "reject"}),
        ("pending", "What was said before.", {"publish", "reject"}),
        ("published", "What was said before.", {"hide"}),
        ("rejected", "What was said before.", {"hide"}),
        ("rejected", None, set()),
        ("hidden", "What was said before.", {"restore"}),
        ("withdrawn", "What was said before.", set()),
    ],
)
def test_what_may_be_done_depends_on_where_a_reply_stands(
    app: Flask, status: str, shown: str | None, moves: set[str]
) -> None:
    reply = waiting_reply(status=status, shown_text=shown, shown_language=shown and "en")
    subject = find_subject("reply", reply.id)
    assert set(subject.open_actions()) == moves


def test_a_reply_is_hidden_and_shown_again_with_reasons(app: Flask) -> None:
    reply = waiting_reply()
    move("reply", reply, "publish")
    move("reply", reply, "hide", "reveals_client")
    assert (reply.status, reply.note, reply.is_shown) == ("hidden", STATEMENT, False)
    move("reply", reply, "restore", "our_mistake")
    assert (reply.status, reply.is_shown) == ("published", True)
    rows = recent_decisions()
    assert [row.action for row in rows] == ["restore", "hide", "publish"]
    assert {row.provider_name for row in rows} == {reply.provider.name}


def test_a_reply_waits_as_long_as_its_review_is_out_of_sight(app: Flask) -> None:
    reply = waiting_reply()
    assert [(row.kind, row.id) for row in waiting_items()] == [("reply", reply.id)]
    reply.review.status = "hidden"
    db.session.flush()
    assert waiting_items() == []
    publish = find_kind("reply").actions["publish"]
    with refused(Invalid, "review_not_shown"):
        publish.check(find_subject("reply", reply.id), Choice(now=NOON))


def test_the_author_of_the_review_does_not_decide_on_its_reply(app: Flask) -> None:
    author = make_user("moderator")
    reply = waiting_reply(author=author)
    with pytest.raises(NotAllowed):
        decide_now("reply", reply.id, actor=author, action="publish", version=reply.version, now=NOON)
