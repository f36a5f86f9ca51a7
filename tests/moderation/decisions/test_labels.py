from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.labels import asker_word, decided_message, ledger_kind
from marketplace.moderation.models import ActionName, AskedBy
from marketplace.moderation.queue.records import Event
from marketplace.providers.models import ProviderStatus
from marketplace.text.personal_data import KINDS as FINDINGS
from tests.factories import NOON
from tests.moderation.deciding import KINDS


@pytest.mark.parametrize(
    ("waited", "said"),
    [
        (timedelta(seconds=-5), "waiting 1 minute"),
        (timedelta(minutes=1), "waiting 1 minute"),
        (timedelta(minutes=59), "waiting 59 minutes"),
        (timedelta(hours=1), "waiting 1 hour"),
        (timedelta(hours=47), "waiting 47 hours"),
        (timedelta(hours=48), "waiting 2 days"),
    ],
)
def test_ages_are_said_in_the_unit_that_fits(app: Flask, waited: timedelta, said: str) -> None:
    with app.test_request_context():
        assert words.age_words(NOON - waited, NOON) == said


def test_every_code_has_its_words(app: Flask) -> None:
    with app.test_request_context():
        for kind in KINDS:
            assert "Nopal y Norte" in words.item_title(kind, "Nopal y Norte")
            assert words.kind_word(kind)
            assert all(decided_message(kind, action) for action in ActionName)
        assert words.item_title("provider", "Casa") != words.item_title("provider", "Casa", is_new=False)
        assert all(words.action_word(action) for action in ActionName)
        assert all(words.provider_status_word(status) for status in ProviderStatus)
        for code in ("account", "confirmed", "sent", "edit_publish", "edit_reject", *ActionName):
            assert words.event_words(Event(NOON, code, "Mod Seven"))
        assert len({words.finding_word(kind) for kind in FINDINGS}) == len(FINDINGS)


def test_refusals_say_what_to_do(app: Flask) -> None:
    codes = (
        "ground_missing statement_short statement_long provider_pending provider_not_active own website_taken "
        "cover_rest cover_unknown"
    )
    with app.test_request_context():
        sentences = {words.refusal_words(code) for code in (*codes.split(), "something_new")}
    assert len(sentences) == len(codes.split()) + 1


def test_every_kind_and_asker_has_words_in_the_ledger(app: Flask) -> None:
    with app.test_request_context():
        assert len({ledger_kind(kind) for kind in KINDS}) == len(KINDS)
        assert len({asker_word(asked) for asked in AskedBy}) == len(AskedBy)
