from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.queries import has_decider, reason_cannot_decide
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Appeal
from tests.factories import make_user
from tests.moderation.appeals.test_services import settle
from tests.moderation.appeals.test_visitors import appeal, dismissed
from tests.moderation.kinds.test_flags import move
from tests.moderation.waiting import waiting_appeal, waiting_review


def test_nobody_decides_on_their_own_and_others_do(app: Flask) -> None:
    author, other = make_user("moderator"), make_user("moderator")
    subject = find_subject("review", waiting_review(author).id)
    assert (reason_cannot_decide(author, subject), reason_cannot_decide(other, subject)) == ("own", None)
    assert has_decider(subject)
    other.active = False
    db.session.flush()
    assert not has_decider(subject)


def test_an_appeal_is_for_somebody_who_did_not_decide_first(app: Flask) -> None:
    made = waiting_appeal()
    subject, first = find_subject("appeal", made.id), made.decision.actor
    assert first is not None
    assert reason_cannot_decide(first, subject) == "own_decision"
    assert not has_decider(subject)
    make_user()
    assert not has_decider(subject), "members do not decide"
    admin = make_user("admin")
    assert reason_cannot_decide(admin, subject) is None
    assert has_decider(subject)
    made.status = "dismissed"
    assert reason_cannot_decide(first, subject) is None, "it is read, not decided"


def test_a_report_that_waits_again_is_for_somebody_else_too(app: Flask) -> None:
    flag = dismissed()
    made: Appeal = appeal(flag)
    first, second = made.decision.actor, make_user("moderator")
    assert first is not None
    settle(made, "uphold", second)
    subject = find_subject("flag", flag.id)
    assert (reason_cannot_decide(first, subject), reason_cannot_decide(second, subject)) == (
        "own_decision",
        None,
    )
    move(flag, "dismiss", "no_breach", second)
    assert reason_cannot_decide(first, subject) is None
