from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.models import Decision
from marketplace.moderation.reports.reversals import reverse_upheld_flags
from tests.factories import NOON, make_user
from tests.moderation.waiting import STATEMENT, waiting_flag


def test_only_what_a_report_leads_to_takes_it_back(app: Flask) -> None:
    flag = waiting_flag()
    reasons = {"ground": "own_or_rival", "statement": STATEMENT}
    upheld = decide(
        "flag", flag.id, actor=make_user("moderator"), action="uphold", version=2, now=NOON, **reasons
    )
    of_flag = db.session.get_one(Decision, upheld.id)
    assert reverse_upheld_flags(of_flag, of_flag) == []
    warned = Decision(subject="provider", subject_id=flag.provider_id, action="warn", decided_at=NOON)
    assert reverse_upheld_flags(warned, of_flag) == []
    assert flag.status == "upheld"
