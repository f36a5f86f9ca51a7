from __future__ import annotations

from typing import Any

from flask import Flask
from flask_login import login_user

from marketplace.accounts.contest_state import contest_state
from marketplace.accounts.contested import contest_asked
from tests.factories import make_user


def test_only_who_is_signed_in_is_asked_about(app: Flask) -> None:
    asked: list[Any] = []

    def answer(sender: object, **given: Any) -> str:
        asked.append(given["user"])
        return "open"

    with contest_asked.connected_to(answer), app.test_request_context("/"):
        assert contest_state("review", 3) is None
        assert asked == []
        login_user(make_user())
        assert contest_state("review", 3) == "open"
        assert len(asked) == 1
