from __future__ import annotations

from flask import Flask

from marketplace.accounts.contested import contest_asked, contestable
from tests.factories import NOON, make_user


def test_whoever_decides_is_asked_about_one_thing(app: Flask) -> None:
    def answer(sender: object, **given: object) -> str | None:
        return "open" if (given["kind"], given["number"]) == ("review", 7) else None

    with contest_asked.connected_to(answer):
        assert contestable(make_user(), "review", 7, NOON) == "open"
        assert contestable(make_user(), "review", 8, NOON) is None
