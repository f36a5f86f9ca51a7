"""Reports of things that are shown, for tests."""

from __future__ import annotations

from typing import Any

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.services import Notice, file_report, file_report_as_visitor
from marketplace.reviews.models import Review
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.waiting import EXPLANATION

NOTICE = Notice("fake_or_bought", EXPLANATION, "en")
SECRET = "a secret of tests that is long enough"
READER = "reader@one.example"


def shown_review(owner: User | None = None, **values: Any) -> Review:
    """A published review of an active provider."""
    review = make_review(make_listing(make_topic(), make_provider(owner or make_user())), **values)
    db.session.commit()
    return review


def reported(row: Any, reporter: User | None = None, *, kind: str = "review") -> Flag:
    """The open report of a member about a thing."""
    flag = file_report(kind, row.id, NOTICE, reporter=reporter or make_user(), now=NOON)
    db.session.commit()
    return flag


def unconfirmed(row: Any, email: str = READER) -> Flag:
    """A visitor's report of a review that still has to be confirmed."""
    flag = file_report_as_visitor("review", row.id, NOTICE, email=email, name="Rea", now=NOON, secret=SECRET)
    db.session.commit()
    return flag
