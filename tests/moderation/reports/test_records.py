from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.records import OTHERS_SHOWN, Tally, flag_record
from tests.factories import make_user
from tests.moderation.reporting import reported, shown_review, unconfirmed

NONE = Tally(0, 0, 0)


def settle(flag: Flag, status: str) -> Flag:
    flag.status = status
    db.session.commit()
    return flag


def test_a_member_s_other_reports_are_counted_by_what_became_of_them(app: Flask) -> None:
    reporter = make_user()
    flag = reported(shown_review(), reporter)
    assert flag_record(flag).reporter == NONE
    for status in ("upheld", "dismissed", "dismissed"):
        settle(reported(shown_review(), reporter), status)
    settle(unconfirmed(shown_review(), reporter.email), "upheld")
    reported(shown_review(), reporter)
    settle(reported(shown_review()), "dismissed")
    unconfirmed(shown_review(), reporter.email)
    assert flag_record(flag).reporter == Tally(upheld=2, dismissed=2, waiting=1)


def test_a_visitor_s_are_counted_by_the_address_that_was_confirmed(app: Flask) -> None:
    flag = settle(unconfirmed(shown_review()), "pending")
    settle(unconfirmed(shown_review()), "dismissed")
    settle(unconfirmed(shown_review(), "another@one.example"), "upheld")
    assert flag_record(flag).reporter == Tally(0, 1, 0)
    flag.email = None
    db.session.commit()
    assert flag_record(flag).reporter is None


def test_others_reports_of_the_same_are_counted_and_the_newest_named(app: Flask) -> None:
    review = shown_review()
    flag = reported(review)
    assert (flag_record(flag).same, flag_record(flag).others) == (NONE, [])
    others = [reported(review) for _ in range(OTHERS_SHOWN + 1)]
    settle(others[0], "dismissed")
    settle(others[1], "upheld")
    unconfirmed(review)
    reported(review.listing, kind="listing")
    record = flag_record(flag)
    assert record.same == Tally(1, 1, OTHERS_SHOWN - 1)
    assert record.same.total == OTHERS_SHOWN + 1
    assert [row.id for row in record.others] == [other.id for other in reversed(others)][:OTHERS_SHOWN]
