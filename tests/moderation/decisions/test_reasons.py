"""The statement of reasons: every element of article 17(3) of the DSA, in mails and as codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.decisions.grounds import Ground
from marketplace.moderation.decisions.reasons import (
    AGAINST_SOMEBODY,
    CATEGORIES,
    CODE_COLUMNS,
    DISPUTE_BODIES,
    LAW,
    VISIBILITIES,
    Codes,
    codes_of,
    elements_of,
)
from marketplace.moderation.decisions.registry import find_kind, kinds
from tests.factories import make_user
from tests.moderation.deciding import take_effect
from tests.moderation.decisions.test_undoing import EVERY_ACTION, STATEMENT, choose, waiting_for
from tests.moderation.desk import body
from tests.moderation.reporting import reported, shown_review
from tests.moderation.waiting import MAKERS

Mailbox = Callable[[], list[EmailMessage]]
ADVERSE = [(kind, action) for kind, action in EVERY_ACTION if action in AGAINST_SOMEBODY]
REDRESS = {
    "en": ("out-of-court dispute settlement body", "go to court"),
    "es": ("resolución extrajudicial de litigios", "a los tribunales"),
}


def decision(subject: str, action: str, ground: str = "spam", asked_by: str = "author") -> Any:
    return SimpleNamespace(subject=subject, action=action, ground=ground, asked_by=asked_by)


def one_reader(kind: str, row: Any, language: str) -> None:
    """Let everybody read this language, and the statement have one reader."""
    db.session.execute(update(User).values(language=language))
    if kind in ("flag", "appeal"):
        row.language = language
    if kind == "flag":
        row.nonce = "n" * 32
    if kind == "reply":
        row.review.user_id = None
    db.session.commit()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("kind", "action"), ADVERSE)
def test_the_mail_has_every_element_in_the_reader_s_language(
    app: Flask, mailbox: Mailbox, kind: str, action: str, language: str
) -> None:
    row = waiting_for(kind, action)
    one_reader(kind, row, language)
    made = choose(kind, row, action, make_user("moderator", language=language))
    assert take_effect(made)
    db.session.commit()
    provider = find_kind(kind)(row).provider
    with app.test_request_context("/" if language == "en" else "/es/"), force_locale(language):
        wanted = elements_of(made, provider.name)
    assert len(wanted) == 7
    (mail,) = mailbox()
    assert mail["Content-Language"] == language
    for part in ("plain", "html"):
        text = " ".join(body(mail, part).replace("<strong>", "").replace("</strong>", "").split())
        for label, words in wanted:
            assert f"{label}: {words}" in text
        assert STATEMENT in text
        assert DISPUTE_BODIES in text
        assert all(words in text for words in REDRESS[language])
        links = [path for path in ("/account/appeals/", "/report/appeal/") if path in text]
        assert len(links) == (action in find_kind(kind).reversals)


@pytest.mark.parametrize("action", ["uphold", "dismiss"])
def test_the_reporter_reads_the_elements_too_and_not_who_else_was_told(
    app: Flask, mailbox: Mailbox, action: str
) -> None:
    review, reporter = shown_review(author=make_user()), make_user()
    flag = reported(review, reporter)
    assert take_effect(choose("flag", flag, action, make_user("moderator")))
    db.session.commit()
    text = body([mail for mail in mailbox() if mail["To"] == reporter.email][-1])
    for words in (
        "What led to it: Your report",
        "Where: On the whole site",
        "A person decided",
        DISPUTE_BODIES,
    ):
        assert words in text
    assert (STATEMENT in text) == (action == "dismiss"), (
        "the statement of one that was upheld is the author's"
    )


def test_the_author_of_what_was_reported_reads_that_it_was_and_not_by_whom(
    app: Flask, mailbox: Mailbox
) -> None:
    author, reporter = make_user(), make_user(name="Rea Reporter")
    flag = reported(shown_review(author=author), reporter)
    assert take_effect(choose("flag", flag, "uphold", make_user("moderator")))
    db.session.commit()
    text = body(next(mail for mail in mailbox() if mail["To"] == author.email))
    assert "What led to it: A report. We do not say who sent it." in text
    assert "Rea Reporter" not in text


def test_what_led_to_a_decision_is_told_apart(app: Flask) -> None:
    told = {
        ("review", "reject", "author"): "we read everything before it is shown",
        ("listing", "reject", "provider"): "we read everything before it is shown",
        ("listing", "reject", "reader"): "A report.",
        ("review", "hide", "provider"): "A report.",
        ("review", "hide", "moderator"): "Nobody reported it.",
        ("flag", "dismiss", "reader"): "Your report",
        ("appeal", "dismiss", "author"): "Your appeal",
    }
    with app.test_request_context():
        for (subject, action, asked_by), words in told.items():
            elements = dict(elements_of(decision(subject, action, asked_by=asked_by), "Casa"))
            assert words in elements["What led to it"]


def test_only_reviews_are_said_to_be_read_by_programs_first(app: Flask) -> None:
    with app.test_request_context():
        for kind in kinds():
            action = next(name for name in kind.actions)
            means = dict(elements_of(decision(kind.kind, action), "Casa"))["How it was decided"]
            assert means.startswith("A person decided.")
            assert ("Programs had looked" in means) == (kind.kind in ("review", "review_edit"))


def test_a_law_and_a_rule_are_told_apart(app: Flask) -> None:
    with app.test_request_context():
        law = dict(elements_of(decision("provider", "suspend", "unlawful"), "Casa"))
        rule = dict(elements_of(decision("provider", "suspend", "faked_reviews"), "Casa"))
    assert law["The law"] == "Unlawful, or without the required licence"
    assert rule["Our rule"] == "Fake or bought reviews"
    assert codes_of(decision("provider", "suspend", "unlawful"))[2] == "DECISION_GROUND_ILLEGAL_CONTENT"


def test_the_codes_are_those_of_the_database() -> None:
    rejected = Codes(
        decision_visibility="DECISION_VISIBILITY_CONTENT_REMOVED",
        decision_ground="DECISION_GROUND_INCOMPATIBLE_CONTENT",
        category="STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        content_type="CONTENT_TYPE_TEXT",
        source_type="SOURCE_VOLUNTARY",
        automated_detection="Yes",
        automated_decision="AUTOMATED_DECISION_NOT_AUTOMATED",
    )
    hidden = replace(
        rejected,
        decision_visibility="DECISION_VISIBILITY_CONTENT_DISABLED",
        source_type="SOURCE_ARTICLE_16",
        automated_detection="No",
    )
    suspended = replace(
        rejected,
        decision_visibility="DECISION_VISIBILITY_CONTENT_DISABLED",
        decision_provision="DECISION_PROVISION_TOTAL_SUSPENSION",
        category="STATEMENT_CATEGORY_CONSUMER_INFORMATION",
        automated_detection="No",
    )
    warned = replace(
        suspended, decision_visibility="DECISION_VISIBILITY_CONTENT_LABELLED", decision_provision=""
    )

    def written(codes: Codes) -> tuple[str, ...]:
        return tuple(getattr(codes, name) for name in CODE_COLUMNS)

    assert codes_of(decision("review", "reject")) == written(rejected)
    assert codes_of(decision("review", "hide", asked_by="reader")) == written(hidden)
    assert codes_of(decision("provider", "suspend", "faked_reviews", "moderator")) == written(suspended)
    assert codes_of(decision("provider", "warn", "faked_reviews", "moderator")) == written(warned)
    for kind, action in (
        ("review", "publish"),
        ("flag", "dismiss"),
        ("claim", "reject"),
        ("provider", "clear"),
    ):
        assert codes_of(decision(kind, action)) == ("",) * len(CODE_COLUMNS)


def test_every_code_of_a_ground_is_one_that_a_restriction_can_have() -> None:
    restricting: dict[str, Ground] = {
        ground.code: ground
        for kind in kinds()
        if kind.is_content
        for action in VISIBILITIES
        if action in kind.actions
        for ground in kind.actions[action].grounds
    }
    claims = {ground.code for ground in find_kind("claim").all_grounds()}
    assert {*CATEGORIES, *LAW} <= restricting.keys() | claims
    assert set(MAKERS) == {kind.kind for kind in kinds()}
