from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Conflict, InvalidFields
from marketplace.moderation.reports.forms import NAME_LENGTH, FlagForm, VisitorFlagForm
from marketplace.moderation.reports.services import REASONS


@pytest.mark.parametrize("kind", REASONS)
def test_each_kind_of_thing_has_its_reasons(app: Flask, kind: str) -> None:
    with app.test_request_context():
        form = FlagForm()
        form.offer(kind)
        assert [choice.value for choice in form.reason.choices] == list(REASONS[kind])
        assert "30 to 2,000" in str(form.explanation.description)


@pytest.mark.parametrize(
    ("typed", "kept"), [(" Reader@ONE.example ", "Reader@one.example"), ("nobody", None), ("", None)]
)
def test_a_visitor_gives_one_address(app: Flask, typed: str, kept: str | None) -> None:
    with app.test_request_context(method="POST", data={"email": typed, "name": "  Rea   R. "}):
        form = VisitorFlagForm()
        form.offer("review")
        form.validate()
        assert form.name.data == "Rea R."
        assert bool(form.email.errors) == (kept is None)
        assert kept is None or form.email.data == kept


def test_a_name_is_short(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"name": "x" * (NAME_LENGTH + 1)}):
        form = VisitorFlagForm()
        form.offer("review")
        form.validate()
        assert form.name.errors == ["The name must be 120 characters or fewer"]


def test_refusals_stand_beside_their_fields_or_above(app: Flask) -> None:
    with app.test_request_context():
        form = FlagForm()
        form.show_refusal(InvalidFields({"explanation": "flag_short"}))
        form.show_refusal(Conflict("flag_open"))
        assert form.explanation.errors == ["Enter an explanation of at least 30 characters"]
        assert form.form_errors == ["You have already reported this. A moderator has not decided on it yet."]
