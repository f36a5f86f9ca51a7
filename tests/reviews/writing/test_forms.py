from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask

from marketplace.core.errors import Invalid, InvalidFields, NotAllowed
from marketplace.reviews.writing.forms import ReviewForm, month_choices
from marketplace.reviews.writing.rules import ReviewDraft
from tests.factories import make_listing, make_topic

TODAY = date(2026, 11, 23)


@contextmanager
def typed(app: Flask, language: str = "en", **values: str) -> Iterator[ReviewForm]:
    given = {"experience_month": "10", "experience_year": "2026", "rating": "4", "language": "en", **values}
    path = "/account/reviews/new/" if language == "en" else f"/{language}/account/reviews/new/"
    with app.test_request_context(path, method="POST", data=given):
        from flask import g

        g.language = language
        yield ReviewForm()


def test_values_are_read_in_the_language_of_the_page(app: Flask) -> None:
    with typed(
        app, real_cost="4,200.50", real_currency="MXN", real_time=" 14 ", real_time_unit="days"
    ) as form:
        draft = form.read()
    assert (draft.unread, draft.real_cost, draft.real_time) == ((), 420050, 14)
    with typed(app, "es", real_cost="4.200,50", real_currency="MXN") as form:
        assert form.read().real_cost == 420050


def test_a_day_may_be_left_out(app: Flask) -> None:
    with typed(app) as form:
        assert form.read().experience_on == date(2026, 10, 1)
    with typed(app, experience_day="7") as form:
        assert form.read().experience_on == date(2026, 10, 7)
    with typed(app, experience_month="") as form:
        assert form.read().experience_on is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"experience_day": "31", "experience_month": "2"}, "experience_wrong"),
        ({"experience_day": "first"}, "experience_wrong"),
        ({"experience_year": "9" * 40}, "experience_wrong"),
        ({"experience_month": "٣"}, "experience_wrong"),
        ({"real_cost": "about ten", "real_currency": "MXN"}, "cost_wrong"),
        ({"real_cost": "-5", "real_currency": "MXN"}, "cost_wrong"),
        ({"real_cost": "5"}, "currency_missing"),
        ({"real_cost": "5", "real_currency": "XYZ"}, "cost_wrong"),
        ({"real_time": "two"}, "time_wrong"),
        ({"real_time": "9" * 40}, "time_wrong"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_read(
    app: Flask, values: dict[str, str], code: str
) -> None:
    with typed(app, text="Some text", **values) as form:
        draft = form.read()
    assert [problem.code for problem in draft.unread] == [code]
    assert (draft.rating, draft.text) == (4, "Some text")


def test_a_rating_that_is_none_is_none(app: Flask) -> None:
    for rating in ("", "0", "6", "four", "٤"):
        with typed(app, rating=rating) as form:
            assert form.read().rating is None


def test_refusals_stand_beside_their_fields(app: Flask) -> None:
    problems = (
        Invalid("experience_missing", "experience_on"),
        Invalid("rating_range", "rating"),
        Invalid("experience_wrong", "experience_on"),
    )
    with typed(app) as form:
        form.show_refusal(InvalidFields(problems))
        form.show_refusal(NotAllowed("rival"))
        assert set(form.errors) == {"experience_month", "experience_day", "rating", ""}


def test_the_form_starts_with_what_is_known(app: Flask) -> None:
    listing = make_listing(make_topic())
    with app.test_request_context("/account/reviews/new/"):
        form = ReviewForm()
        form.offer_choices(listing, languages=("en", "es"), today=TODAY)
        assert (form.language.data, form.real_currency.data) == ("en", "MXN")
        assert (form.real_time_unit.data, form.experience_year.data) == ("business_days", "2026")
        assert form.real_currency.choices[1].value == "MXN"
        assert [choice.value for choice in form.experience_year.choices] == ["2026", "2025", "2024", "2023"]
        assert "30 to 4,000 characters" in form.text.description


def test_lists_are_in_the_language_of_the_page() -> None:
    assert month_choices("es")[9] == ("10", "octubre")
    assert month_choices("en")[0] == ("1", "January")


def test_the_form_goes_on_from_what_was_told_before(app: Flask) -> None:
    told = ReviewDraft(
        rating=2,
        text="What it said",
        language="de",
        experience_on=date(2021, 3, 4),
        real_cost=430050,
        real_currency="PEN",
        real_time=3,
        real_time_unit="weeks",
        outcome="Card",
    )
    with app.test_request_context("/account/reviews/1/edit/"):
        form = ReviewForm()
        form.offer_choices(make_listing(make_topic()), languages=("en", "de"), today=TODAY)
        form.fill(told)
        for name in ("language", "experience_year", "real_currency", "real_time_unit"):
            assert form[name].data in [choice.value for choice in form[name].choices]
        assert form.read() == told


def test_what_was_typed_is_kept_over_what_was_told_before(app: Flask) -> None:
    told = ReviewDraft.of(
        rating=2,
        text="What it said",
        language="de",
        experience_on=date(2021, 3, 4),
        real_cost=None,
        real_currency=None,
        real_time=None,
        real_time_unit=None,
        outcome="",
    )
    with typed(app, text="What I type now", rating="5") as form:
        form.offer_choices(make_listing(make_topic()), languages=("en", "de"), today=TODAY)
        form.fill(told)
        assert (form.text.data, form.rating.data) == ("What I type now", "5")
        assert form.experience_year.choices[-1].value == "2021"
