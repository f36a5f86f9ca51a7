"""`marketplace moderation verify`: whether the log of actions is whole."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from marketplace.commands.moderation import REASONS, words
from marketplace.core.extensions import db
from marketplace.moderation.ledger.services import Fault, seal_log
from tests.clients import Runner
from tests.factories import NOON
from tests.moderation.deciding import move
from tests.moderation.ledger.test_services import lines, tamper
from tests.moderation.waiting import waiting_review


@pytest.fixture
def sealed(app: Flask) -> int:
    """A log of three sealed entries and one more; the id of the second."""
    entries = lines(2)
    move("review", waiting_review(), "reject", "same_text")
    seal_log(now=NOON)
    db.session.commit()
    lines(1)
    return entries[1].id


def test_a_whole_log_is_said_to_be_whole(runner: Runner, sealed: int) -> None:
    result = runner.invoke(args=["moderation", "verify"])
    assert result.exit_code == 0
    assert result.stdout.startswith("The log is whole: 3 entries, 1 more wait for their seal. Head: ")
    report = json.loads(runner.invoke(args=["moderation", "verify", "--json"]).stdout)
    assert {**report, "head": None} == {
        "ok": True,
        "entries": 3,
        "head": None,
        "waiting": 1,
        "fault": None,
    }
    kept = runner.invoke(args=["moderation", "verify", "--head", report["head"]])
    assert kept.exit_code == 0


def test_the_first_broken_entry_is_said_and_the_command_fails(runner: Runner, sealed: int) -> None:
    tamper(f"UPDATE action_log SET actor_id = 8 WHERE id = {sealed}", "action_log")
    result = runner.invoke(args=["moderation", "verify"])
    assert result.exit_code == 1
    assert f"entry {sealed}, at position 2, or its link was changed" in result.stderr
    result = runner.invoke(args=["moderation", "verify", "--json"])
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["ok"], report["fault"]) == (False, {"reason": "changed", "entry": sealed, "position": 2})


def test_a_head_that_is_not_in_the_log_is_a_fault_and_nonsense_is_refused(
    runner: Runner, sealed: int
) -> None:
    result = runner.invoke(args=["moderation", "verify", "--head", "a" * 64])
    assert (result.exit_code, "the published head is not in the log" in result.stderr) == (1, True)
    assert runner.invoke(args=["moderation", "verify", "--head", "A1"]).exit_code == 2


def test_every_fault_has_its_words() -> None:
    for reason in REASONS:
        assert "None" not in words(Fault(reason, 5, 7))
