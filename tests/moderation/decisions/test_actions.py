from __future__ import annotations

from flask import Flask

from marketplace.moderation.decisions.actions import Choice, is_waiting, nothing_more, own_row
from marketplace.moderation.decisions.subjects import find_subject
from marketplace.reviews.models import Review
from tests.factories import NOON
from tests.moderation.waiting import waiting_review


def test_a_subject_waits_while_it_is_in_the_queue(app: Flask) -> None:
    assert is_waiting(find_subject("review", waiting_review().id))
    assert not is_waiting(find_subject("review", waiting_review(status="published").id))


def test_a_move_touches_its_subject_s_row_unless_it_says_more(app: Flask) -> None:
    review = waiting_review()
    (touch,) = own_row(find_subject("review", review.id))
    assert (touch.model, touch.where) == (Review, {"id": review.id})


def test_a_move_without_a_check_of_its_own_refuses_nothing(app: Flask) -> None:
    nothing_more(find_subject("review", waiting_review().id), Choice(now=NOON))
