from __future__ import annotations

from flask import Flask

from marketplace.moderation.bulk.views import SpamForm
from marketplace.moderation.decisions.grounds import SPAM_GROUNDS
from marketplace.moderation.decisions.registry import find_ground


def test_the_short_list_is_of_grounds_for_reviews_and_begins_with_spam(app: Flask) -> None:
    with app.test_request_context("/staff/spam/"):
        form = SpamForm()
        assert [value for value, *_ in form.ground.iter_choices()] == [ground.code for ground in SPAM_GROUNDS]
        assert form.ground.data == "spam"
    assert all(find_ground("review", ground.code) is ground for ground in SPAM_GROUNDS)
