from __future__ import annotations

from typing import Any

from flask import Flask

from marketplace.accounts.privacy.signals import export_requested
from marketplace.reviews import privacy as own_data
from tests.factories import make_listing, make_review, make_topic, make_user


def test_it_answers_with_sections_of_its_own(app: Flask) -> None:
    answers = dict(export_requested.send(None, user=make_user("moderator")))
    (sections,) = [found for receiver, found in answers.items() if receiver.__module__ == own_data.__name__]
    assert sections
    assert len({section.code for section in sections}) == len(sections)


def test_the_page_has_words_where_the_file_has_codes(app: Flask) -> None:
    user = make_user()
    told: dict[str, Any] = {
        "real_cost": 5000,
        "real_currency": "EUR",
        "real_time": 3,
        "real_time_unit": "weeks",
    }
    make_review(make_listing(make_topic()), user, language="es", **told)
    with app.test_request_context("/"):
        sections = {section.code: section for section in own_data.own_reviews(None, user=user)}
        (row,) = sections["reviews"].rows
        page = {field.code: str(field.on_page) for field in row if field.on_page is not None}
    values = {field.code: field.value for field in row}
    assert (values["real_cost"], values["real_currency"], values["status"]) == (5000, "EUR", "published")
    assert (page["real_cost"], page["real_currency"], page["real_time"]) == ("€50", "", "3 weeks")
    assert (page["status"], page["language"]) == ("Published", "Spanish")
