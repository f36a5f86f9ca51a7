"""Reports of replies, for tests."""

from __future__ import annotations

from typing import Any

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.services import Notice, file_report
from marketplace.reviews.replies.models import Reply
from tests.factories import NOON, make_reply, make_user
from tests.moderation.reporting import shown_review
from tests.moderation.waiting import EXPLANATION

NOTICE = Notice("reveals_client", EXPLANATION, "en")


def shown_reply(owner: User | None = None, author: User | None = None, **values: Any) -> Reply:
    """The shown reply of an active provider to a published review."""
    reply = make_reply(shown_review(owner, author=author), **values)
    db.session.commit()
    return reply


def reported_reply(reply: Reply, reporter: User | None = None) -> Flag:
    """The open report of a member about a reply."""
    flag = file_report("reply", reply.id, NOTICE, reporter=reporter or make_user(), now=NOON)
    db.session.commit()
    return flag
