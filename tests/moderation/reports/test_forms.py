"""What a visitor types about themselves in a report."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.moderation.reports.forms import VisitorFlagForm


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [("", True), (" Ana  Ruiz ", True), ("Ana\u202e", False), ("\u3164", False), ("x" * 121, False)],
)
def test_a_visitors_name_may_be_missing_but_hides_nothing(app: Flask, name: str, is_taken: bool) -> None:
    with app.test_request_context(method="POST"):
        form = VisitorFlagForm(MultiDict({"name": name, "email": "ana@example.com"}))
        form.validate()
        assert bool(form.name.errors) is not is_taken
        assert form.name.data == " ".join(name.split())
