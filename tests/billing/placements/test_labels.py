"""Every state, reason, refusal and trouble has words."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.billing.alarms import KINDS as ALARMS
from marketplace.billing.models import ENTRY_KINDS, KINDS, STATES, Placement
from marketplace.billing.placements import labels as words
from marketplace.billing.stripe import client as troubles
from tests.factories import NOON


def placement(state: str, **values: object) -> Placement:
    moments = dict.fromkeys(("period_end", "grace_until", "hold_until", "ended_at"), NOON)
    return Placement(**{"state": state, "kind": "month", "reason": "", "hidden": "", **moments, **values})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_is_a_word_and_a_sentence(app: Flask, state: str, kind: str) -> None:
    with app.test_request_context():
        one = placement(state, kind=kind)
        assert words.state_word(one) == words.state_name(state)
        assert words.state_sentence(one).endswith(".")
        assert words.state_sentence(placement(state, kind=kind, period_end=None, ended_at=None))
        assert words.kind_word(kind)


def test_a_paid_place_that_is_hidden_says_so_and_why(app: Flask) -> None:
    with app.test_request_context():
        for reason in ("provider", "listing", "stale"):
            assert words.state_word(placement("active", hidden=reason)) == "Hidden"
            assert "not shown" in words.hidden_words(reason)
        assert words.state_word(placement("ended", hidden="stale")) == "Ended"


def test_each_end_says_its_own_reason(app: Flask) -> None:
    with app.test_request_context():
        ends = {
            words.state_sentence(placement("ended", reason=reason))
            for reason in ("over", "unpaid", "refunded", "dispute", "canceled")
        }
        assert len(ends) == 5
        releases = {
            words.release_words(reason) for reason in ("payment_failed", "lapsed", "refused", "expired")
        }
        assert len(releases) == 4
        assert words.state_sentence(placement("refunded", reason="late")) != words.state_sentence(
            placement("refunded", reason="refunded")
        )


def test_lines_and_alarms_have_words(app: Flask) -> None:
    with app.test_request_context():
        assert len({words.entry_word(kind) for kind in ENTRY_KINDS}) == len(ENTRY_KINDS)
        assert len({words.alarm_words(kind) for kind in ALARMS}) == len(ALARMS)


def test_refusals_and_troubles_are_sentences_for_people(app: Flask) -> None:
    with app.test_request_context():
        assert words.refusal_words("slots_full") != words.refusal_words("unheard_of")
        busy = words.trouble_words(troubles.StripeBusy("x"))
        refused = words.trouble_words(troubles.StripeRefused("x"))
        unknown = words.trouble_words(troubles.StripeUnknown("x"))
        assert len({busy, refused, unknown}) == 3
        assert refused == words.trouble_words(troubles.StripeMisconfigured("x"))
        assert all("Nothing was charged" in text for text in (busy, refused, unknown))
