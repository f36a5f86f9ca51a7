from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Invalid
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.redaction import check_covered
from tests.factories import NOON
from tests.moderation.waiting import MAKERS, id_of

TEXT = "Mr Smith lost my papers, NIE X1234567L, and never called back."
NAME, NUMBER = "text-3-8", "text-29-38"


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_what_was_found_is_covered_or_left_on_purpose(app: Flask, kind: str) -> None:
    subject = find_subject(kind, id_of(kind, MAKERS[kind](text=TEXT)))  # type: ignore[operator]
    for covered, leaves_rest in (((NAME, NUMBER), False), ((NUMBER,), True), ((), True)):
        check_covered(subject, Choice(now=NOON, covered=covered, leaves_rest=leaves_rest))
    for some in ((NUMBER,), ()):
        with pytest.raises(Invalid) as caught:
            check_covered(subject, Choice(now=NOON, covered=some))
        assert (caught.value.code, caught.value.field) == ("cover_rest", "leaves_rest")


def test_what_was_not_found_cannot_be_covered(app: Flask) -> None:
    subject = find_subject("review", id_of("review", MAKERS["review"](text=TEXT)))  # type: ignore[operator]
    with pytest.raises(Invalid) as caught:
        check_covered(subject, Choice(now=NOON, covered=(NAME, NUMBER, "text-0-60")))
    assert (caught.value.code, caught.value.field) == ("cover_unknown", "cover")


def test_a_text_without_findings_needs_no_choice(app: Flask) -> None:
    check_covered(find_subject("review", id_of("review", MAKERS["review"]())), Choice(now=NOON))  # type: ignore[operator]
