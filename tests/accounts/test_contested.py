from __future__ import annotations

from flask import Flask

from marketplace.accounts.contested import contest_asked, contestable
from tests.factories import NOON, make_user


def test_nothing_is_asked_about_nothing_and_answers_are_put_together(app: Flask) -> None:
    asked: list[object] = []

    def answer(sender: object, **given: object) -> dict[tuple[str, int], str]:
        asked.append(given["things"])
        return {("review", 7): "open"}

    with contest_asked.connected_to(answer):
        assert contestable(make_user(), [], NOON) == {}
        assert asked == []
        assert contestable(make_user(), [("review", 7), ("review_edit", 8)], NOON) == {("review", 7): "open"}
