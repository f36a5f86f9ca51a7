from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.kinds.facts_appeals import appeal_facts
from tests.factories import make_user
from tests.moderation.appeals.test_visitors import appeal, dismissed
from tests.moderation.waiting import APPEAL, STATEMENT, waiting_appeal


def test_an_appeal_stands_beside_what_was_decided(app: Flask) -> None:
    with app.test_request_context():
        facts = {fact.code: fact.value for fact in appeal_facts(waiting_appeal())}
    assert facts["about"] == "Review"
    assert facts["decision"] == "Rejected"
    assert facts["statement"] == STATEMENT
    assert facts["text"] == APPEAL


def test_who_appeals_is_named_with_or_without_an_account(app: Flask) -> None:
    member, flag = waiting_appeal(make_user(name="Ana A.")), dismissed()
    visitor = appeal(flag)
    with app.test_request_context():
        for made, name in ((member, "Ana A."), (visitor, "Rea")):
            assert {fact.code: fact.value for fact in appeal_facts(made)}["appellant"] == name
        flag.name, flag.email = "", None
        db.session.commit()
        left = {fact.code: fact.value for fact in appeal_facts(visitor)}
    assert left["appellant"] == "someone who has left"
