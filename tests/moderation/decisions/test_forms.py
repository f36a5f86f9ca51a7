from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Invalid, InvalidFields
from marketplace.moderation.decisions.forms import DecisionForm
from marketplace.moderation.decisions.grounds import draft_statement
from marketplace.moderation.decisions.registry import find_subject
from marketplace.reviews.writing.redaction import findings_of
from tests.factories import make_provider
from tests.moderation.deciding import GROUNDS, LATER_GROUNDS
from tests.moderation.waiting import MAKERS, id_of, waiting_review

SAME_TEXT = next(ground for ground in GROUNDS["review"] if ground.code == "same_text")


def test_every_kind_offers_its_grounds(app: Flask) -> None:
    with app.test_request_context():
        for kind, make in MAKERS.items():
            subject = find_subject(kind, id_of(kind, make()))  # type: ignore[operator]
            form = DecisionForm()
            form.offer(subject, "reject", "en")
            assert [choice.value for choice in form.ground.choices] == [
                ground.code for ground in GROUNDS.get(kind, ())
            ]
            assert set(form.drafts) == {ground.code for ground in GROUNDS.get(kind, ())}


@pytest.mark.parametrize(
    ("action", "legend"),
    [("suspend", "Ground for suspension"), ("reinstate", "Ground for reinstatement")],
)
def test_a_provider_s_standing_has_grounds_of_its_own(app: Flask, action: str, legend: str) -> None:
    with app.test_request_context():
        form = DecisionForm()
        form.offer(find_subject("provider", make_provider().id), action, "en")
        codes = [ground.code for ground in LATER_GROUNDS["provider", action]]
        assert [choice.value for choice in form.ground.choices] == codes
        assert form.ground.label.text == legend


def test_all_that_was_found_is_ticked_on_a_new_page_and_what_was_sent_comes_back(app: Flask) -> None:
    subject = find_subject("review", waiting_review(text="Mr Smith and Mrs Vega lost my papers twice.").id)
    findings = findings_of(subject.row)
    with app.test_request_context():
        form = DecisionForm(formdata=None)
        form.offer_redaction(findings)
        form.remember(subject, [])
        assert form.cover.data == [finding.key for finding in findings]
        assert [option.label.text for option in form.cover] == ["Smith", "Vega"]
    with app.test_request_context(method="POST", data={"cover": findings[1].key, "leaves_rest": "y"}):
        form = DecisionForm()
        form.offer_redaction(findings)
        assert (form.cover.data, form.leaves_rest.data) == ([findings[1].key], True)


def test_a_draft_fills_an_empty_statement_or_another_draft(app: Flask) -> None:
    other = draft_statement(GROUNDS["review"][0], "es")
    for before in ("", "  ", other):
        with app.test_request_context(method="POST", data={"ground": "same_text", "statement": before}):
            form = DecisionForm()
            form.offer(find_subject("review", waiting_review().id), "reject", "es")
            assert form.draft()
            assert form.statement.data == draft_statement(SAME_TEXT, "es")


def test_a_draft_keeps_what_was_typed(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"ground": "same_text", "statement": "See review 12."}):
        form = DecisionForm()
        form.offer(find_subject("review", waiting_review().id), "reject", "en")
        assert form.draft()
        assert form.statement.data.endswith("See review 12.")
        assert form.statement.data.startswith(draft_statement(SAME_TEXT, "en"))


def test_a_draft_needs_a_ground(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"ground": "", "statement": "Typed"}):
        form = DecisionForm()
        form.offer(find_subject("review", waiting_review().id), "reject", "en")
        assert not form.draft()
        assert (list(form.errors), form.statement.data) == (["ground"], "Typed")


def test_refusals_stand_beside_their_fields(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"statement": "x"}):
        form = DecisionForm()
        form.offer(find_subject("review", waiting_review().id), "reject", "en")
        form.show_refusal(InvalidFields({"ground": "ground_missing", "statement": "statement_short"}))
        form.show_refusal(Invalid("provider_pending"))
        assert set(form.errors) == {"ground", "statement", ""}
