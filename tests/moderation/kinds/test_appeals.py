from __future__ import annotations

from flask import Flask

from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.appeals import APPEAL_MOVES
from tests.moderation.waiting import waiting_appeal


def test_an_appeal_is_decided_once_and_never_undone(app: Flask) -> None:
    appeal = waiting_appeal()
    subject = find_subject("appeal", appeal.id)
    moves = APPEAL_MOVES["appeal"].values()
    assert all(move.is_open(subject) and move.needs_reasons and not move.touches(subject) for move in moves)
    appeal.status = "dismissed"
    assert not any(move.is_open(subject) for move in moves)
