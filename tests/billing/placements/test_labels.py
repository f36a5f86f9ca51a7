"""Every state, reason, refusal and error has words."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from marketplace.billing.models import Placement
from marketplace.billing.placements import labels
from marketplace.billing.statuses import AlarmKind, EntryKind, PlacementKind, PlacementState
from marketplace.billing.stripe import client as errors
from tests.factories import NOON


def placement(state: str, **values: object) -> Placement:
    moments = dict.fromkeys(("period_end", "grace_until", "hold_until", "ended_at"), NOON)
    return Placement(**{"state": state, "kind": "month", "reason": "", "hidden": "", **moments, **values})


@pytest.mark.parametrize("state", PlacementState)
@pytest.mark.parametrize("kind", PlacementKind)
def test_every_state_is_a_word_and_a_sentence(app: Flask, state: str, kind: str) -> None:
    with app.test_request_context():
        one = placement(state, kind=kind)
        assert labels.state_label(one) == labels.STATE_LABELS[state]
        assert labels.state_sentence(one).endswith(".")
        assert labels.state_sentence(placement(state, kind=kind, period_end=None, ended_at=None))
        assert labels.KIND_LABELS[kind]


def test_a_paid_place_that_is_hidden_says_so_and_why(app: Flask) -> None:
    with app.test_request_context():
        for reason in ("provider", "listing", "stale"):
            assert labels.state_label(placement("active", hidden=reason)) == "Hidden"
            assert "not shown" in labels.HIDDEN_SENTENCES[reason]
        assert labels.state_label(placement("ended", hidden="stale")) == "Ended"


def test_each_end_says_its_own_reason(app: Flask) -> None:
    with app.test_request_context():
        ends = {
            labels.state_sentence(placement("ended", reason=reason))
            for reason in ("over", "unpaid", "refunded", "dispute", "canceled")
        }
        assert len(ends) == 5
        releases = {
            labels.state_sentence(placement("released", reason=reason))
            for reason in ("payment_failed", "lapsed", "refused", "expired")
        }
        assert len(releases) == 4
        assert labels.state_sentence(placement("refunded", reason="late")) != labels.state_sentence(
            placement("refunded", reason="refunded")
        )


def test_lines_and_alarms_have_words(app: Flask) -> None:
    with app.test_request_context():
        assert len({labels.ENTRY_LABELS[kind] for kind in EntryKind}) == len(EntryKind)
        assert len({labels.ALARM_LABELS[kind] for kind in AlarmKind}) == len(AlarmKind)


def test_refusals_and_troubles_are_sentences_for_people(app: Flask) -> None:
    with app.test_request_context():
        assert labels.error_message("slots_full") != labels.error_message("unheard_of")
        busy = labels.gateway_error_message(errors.StripeBusy("x"))
        refused = labels.gateway_error_message(errors.StripeRefused("x"))
        unknown = labels.gateway_error_message(errors.StripeUnknown("x"))
        assert len({busy, refused, unknown}) == 3
        assert refused == labels.gateway_error_message(errors.StripeMisconfigured("x"))
        assert all("Nothing was charged" in text for text in (busy, refused, unknown))


@pytest.mark.parametrize("state", PlacementState)
@pytest.mark.parametrize("reason", ["", "dropped"])
def test_admins_read_sentences_that_do_not_address_the_provider(app: Flask, state: str, reason: str) -> None:
    with app.test_request_context():
        sentence = labels.state_sentence(placement(state, reason=reason), for_admin=True)
        assert sentence.endswith(".")
        assert not re.search(r"\byour?\b|\bChange\b", sentence, re.IGNORECASE)
    assert labels.ADMIN_HIDDEN_SENTENCES.keys() == labels.HIDDEN_SENTENCES.keys()
