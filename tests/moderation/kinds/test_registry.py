from __future__ import annotations

from flask import Flask

from marketplace.moderation.decisions.grounds import grounds_for
from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.registry import MOVES, find_move, open_moves, reasoned_move, reasoned_moves
from marketplace.moderation.models import ACTIONS, ASKED_BY, SUBJECTS
from tests.factories import NOON, make_provider
from tests.moderation.waiting import MAKERS, id_of, waiting_review


def test_every_kind_of_subject_has_its_moves() -> None:
    assert set(MOVES) == set(SUBJECTS)
    for moves in MOVES.values():
        assert set(moves) <= set(ACTIONS)
        assert {move.asked_by for move in moves.values()} <= set(ASKED_BY)


def test_a_move_needs_reasons_where_it_has_grounds() -> None:
    for kind, moves in MOVES.items():
        for action, move in moves.items():
            assert move.needs_reasons == bool(grounds_for(kind, action)), (kind, action)


def test_what_waits_may_be_decided(app: Flask) -> None:
    for kind, make in MAKERS.items():
        subject = find_subject(kind, id_of(kind, make()))  # type: ignore[operator]
        assert open_moves(subject)
        assert reasoned_move(subject) is not None


def test_a_move_belongs_to_its_kind() -> None:
    assert find_move("review", "document") is not None
    assert find_move("listing", "document") is None
    assert find_move("nothing", "publish") is None


def test_a_page_asks_for_reasons_where_an_open_move_needs_them(app: Flask) -> None:
    assert reasoned_move(find_subject("review", waiting_review(status="published").id)) == "hide"
    assert reasoned_move(find_subject("review", waiting_review(status="withdrawn").id)) is None


def test_of_an_active_provider_a_moderator_warns_or_takes_the_warning_down(app: Flask) -> None:
    provider = make_provider()
    assert reasoned_moves(find_subject("provider", provider.id)) == ("suspend", "warn")
    provider.warned_at = NOON
    assert reasoned_moves(find_subject("provider", provider.id)) == ("suspend", "clear")
    provider.status = "suspended"
    assert reasoned_moves(find_subject("provider", provider.id)) == ("reinstate",)
