from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, session
from flask_login import login_user

from marketplace.core.extensions import db
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.decisions.undo_offer import offer_undo, undo_offer, withdraw_offer
from marketplace.moderation.models import Decision
from tests.clock import FrozenClock
from tests.factories import make_user
from tests.moderation.waiting import STATEMENT, waiting_review


def rejected(moderator: Any, clock: FrozenClock) -> Decision:
    return decide(
        "review",
        waiting_review().id,
        actor=moderator,
        action="reject",
        version=1,
        ground="spam",
        statement=STATEMENT,
        now=clock(),
    )


def test_what_the_last_click_decided_is_offered_until_the_time_is_over(
    app: Flask, clock: FrozenClock
) -> None:
    moderator = make_user("moderator")
    with app.test_request_context("/staff/"):
        login_user(moderator)
        assert undo_offer() is None
        one, two = rejected(moderator, clock), rejected(moderator, clock)
        db.session.commit()
        offer_undo([one])
        assert (found := undo_offer()) is not None
        assert (found.ids, found.seconds) == ([one.id], 10)
        assert found.text.startswith("Rejected.")
        offer_undo([one, two])
        clock.advance(timedelta(seconds=12))
        assert (found := undo_offer()) is not None
        assert (found.ids, found.seconds) == ([one.id, two.id], 0)
        assert found.text == "2 reviews rejected. We’ll email their authors."
        clock.advance(timedelta(seconds=3))
        assert undo_offer() is None
        withdraw_offer()
        assert "undo" not in session
