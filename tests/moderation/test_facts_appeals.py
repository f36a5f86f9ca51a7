from __future__ import annotations

from flask import Flask

from marketplace.moderation.facts_appeals import appeal_facts
from tests.moderation.waiting import APPEAL, STATEMENT, waiting_appeal


def test_an_appeal_stands_beside_what_was_decided(app: Flask) -> None:
    with app.test_request_context():
        facts = {fact.code: fact.value for fact in appeal_facts(waiting_appeal())}
    assert facts["about"] == "Review"
    assert facts["decision"] == "Rejected"
    assert facts["statement"] == STATEMENT
    assert facts["text"] == APPEAL
