from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.kinds.facts_flags import flag_facts
from marketplace.moderation.models import Flag
from tests.factories import make_user
from tests.moderation.reporting import READER, reported, shown_review, unconfirmed
from tests.moderation.waiting import EXPLANATION


def facts(app: Flask, flag: Flag) -> dict[str, str]:
    with app.test_request_context():
        return {fact.code: fact.value for fact in flag_facts(flag)}


def test_a_moderator_reads_what_and_why_and_from_whom(app: Flask) -> None:
    owner = make_user(name="Olga Owner")
    review = shown_review(owner)
    shown = facts(app, reported(review, owner))
    assert shown["reason"] == "Fake, bought or written under pressure"
    assert shown["explanation"] == EXPLANATION
    assert shown["reporter"] == "Olga Owner"
    assert shown["by_provider"] == review.listing.provider.name
    assert shown["language"] == "English"


def test_visitors_are_named_as_they_wish_and_forgotten_ones_are_not(app: Flask) -> None:
    flag = unconfirmed(shown_review())
    assert facts(app, flag)["reporter"] == "Rea"
    flag.name = ""
    assert facts(app, flag)["reporter"] == READER
    flag.email = None
    db.session.commit()
    assert facts(app, flag)["reporter"] == "someone who has left"
    assert "by_provider" not in facts(app, flag)
