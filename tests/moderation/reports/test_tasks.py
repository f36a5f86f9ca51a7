from __future__ import annotations

from datetime import timedelta

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.services import LINK_TTL
from marketplace.moderation.reports.tasks import ERASE_AFTER
from tests.clock import FrozenClock
from tests.factories import NOON
from tests.moderation.appeals.test_visitors import appeal, dismissed
from tests.moderation.reporting import reported, shown_review, unconfirmed


def test_what_nobody_confirmed_goes_after_three_days(app: Flask, clock: FrozenClock) -> None:
    review = shown_review()
    flag_id, open_id = unconfirmed(review).id, reported(review).id
    run_due()
    clock.moment = NOON + LINK_TTL - timedelta(hours=1)
    run_due()
    assert db.session.get(Flag, flag_id) is not None
    clock.moment = NOON + LINK_TTL
    run_due()
    db.session.expire_all()
    assert db.session.get(Flag, flag_id) is None
    assert db.session.get(Flag, open_id) is not None


def test_name_and_address_go_half_a_year_after_the_decision(app: Flask, clock: FrozenClock) -> None:
    flag = unconfirmed(shown_review())
    flag.status, flag.decided_at = "dismissed", NOON
    db.session.commit()
    clock.moment = NOON + ERASE_AFTER - timedelta(hours=1)
    run_due()
    db.session.expire_all()
    assert (flag.email, flag.name) == ("reader@one.example", "Rea")
    clock.moment = NOON + ERASE_AFTER
    run_due()
    db.session.expire_all()
    assert (flag.email, flag.name) == (None, "")
    assert flag.explanation


def test_an_address_stays_while_an_appeal_waits(app: Flask, clock: FrozenClock) -> None:
    flag = dismissed()
    made = appeal(flag)
    clock.moment = NOON + ERASE_AFTER + timedelta(days=30)
    run_due()
    db.session.expire_all()
    assert flag.email == "reader@one.example"
    made.status = "dismissed"
    db.session.commit()
    clock.advance(timedelta(hours=2))
    run_due()
    db.session.expire_all()
    assert flag.email is None
