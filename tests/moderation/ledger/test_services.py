"""The chain of the log: sealed by the worker, verified by anybody who has the database."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.moderation.decisions.log import log_action
from marketplace.moderation.ledger.chain import START, canonical
from marketplace.moderation.ledger.queries import heads
from marketplace.moderation.ledger.services import LATEST_SEAL, Fault, seal_log, verify_log
from marketplace.moderation.models import Decision, LogEntry, LogSeal
from tests.clock import FrozenClock
from tests.factories import NOON
from tests.moderation.deciding import move
from tests.moderation.decisions.test_services import in_parallel
from tests.moderation.waiting import waiting_review

LINE = (
    '{"action":"see_proof","actor_id":7,"at":"2026-11-23T12:00:00.000000Z","decision_id":null,"format":1,'
    '"ground":null,"id":%s,"position":1,"previous":"%s","sealed_at":"2026-11-23T12:00:30.000000Z",'
    '"subject":"proof","subject_id":3,"version":null}'
)
SOON = NOON + timedelta(seconds=30)


def lines(count: int, at: Any = NOON) -> list[LogEntry]:
    made = [log_action("see_proof", "proof", number, actor_id=7, at=at) for number in range(3, 3 + count)]
    db.session.commit()
    return made


def tamper(change: str, *guards: str) -> None:
    """Change what triggers refuse, as somebody could who owns the database."""
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for guard in guards if not on_postgresql else ():
        names = db.session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": guard},
        ).all()
        for name in names:
            db.session.execute(text(f"DROP TRIGGER {name}"))
    db.session.execute(text(change))
    db.session.commit()


def test_the_format_of_a_link_is_the_one_that_is_told(app: Flask) -> None:
    (entry,) = lines(1)
    assert seal_log(now=SOON) == 1
    link = db.session.scalars(select(LogSeal)).one()
    said = (LINE % (entry.id, START)).encode()
    assert canonical(entry, 1, START, SOON) == said
    assert (link.position, link.entry_id, link.previous) == (1, entry.id, START)
    assert link.digest == hashlib.sha256(said).hexdigest()


def test_each_link_holds_the_one_before_however_often_it_is_sealed(app: Flask) -> None:
    for _ in range(3):
        lines(2)
        assert (seal_log(now=SOON), seal_log(now=SOON)) == (2, 0)
        db.session.commit()
    links = db.session.scalars(select(LogSeal).order_by(LogSeal.position)).all()
    assert [link.position for link in links] == [1, 2, 3, 4, 5, 6]
    assert [link.previous for link in links] == [START, *(link.digest for link in links[:-1])]
    report = verify_log(now=SOON)
    assert (report.entries, report.head, report.waiting, report.fault) == (6, links[-1].digest, 0, None)


def test_the_worker_seals_what_moderators_did(app: Flask, clock: FrozenClock) -> None:
    move("review", waiting_review(), "reject", "same_text")
    assert verify_log(now=clock()).waiting == 1
    clock.advance(timedelta(minutes=10))
    run_due()
    report = verify_log(now=clock())
    assert (report.entries, report.waiting, report.fault) == (1, 0, None)


def test_a_long_log_is_sealed_in_pieces(app: Flask) -> None:
    lines(5)
    assert [seal_log(now=SOON, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    db.session.commit()
    assert verify_log(now=SOON).entries == 5


def test_a_line_that_was_committed_late_is_sealed_after_later_ones(app: Flask) -> None:
    first, second = lines(2)
    first_id = first.id
    db.session.add(LogSeal(position=1, entry_id=second.id, previous=START, digest="d" * 64, sealed_at=SOON))
    db.session.commit()
    assert seal_log(now=SOON) == 1
    assert db.session.scalars(select(LogSeal.entry_id).where(LogSeal.position == 2)).one() == first_id


def test_two_workers_do_not_fork_the_chain(app: Flask) -> None:
    lines(3)

    def seal() -> None:
        try:
            seal_log(now=SOON)
        except IntegrityError:  # the worker would try again
            db.session.rollback()

    in_parallel(app, seal, seal)
    db.session.rollback()
    report = verify_log(now=SOON)
    assert (report.entries, report.waiting, report.fault) == (3, 0, None)


@pytest.mark.parametrize(
    ("change", "guard", "reason"),
    [
        ("UPDATE action_log SET ground = 'spam' WHERE subject_id = 4", "action_log", "changed"),
        ("UPDATE action_log SET at = '2026-11-22 12:00:00.000000' WHERE subject_id = 4", "action_log", "changed"),
        ("DELETE FROM action_log WHERE subject_id = 4", "action_log", "missing"),
        ("UPDATE action_log_seal SET sealed_at = '2026-11-22 12:00:00' WHERE position = 2", "action_log_seal", "changed"),
        ("DELETE FROM action_log_seal WHERE position = 2", "action_log_seal", "gap"),
        ("UPDATE action_log_seal SET digest = '" + "a" * 64 + "' WHERE position = 2", "action_log_seal", "changed"),
        ("UPDATE action_log_seal SET previous = '" + "a" * 64 + "' WHERE position = 2", "action_log_seal", "gap"),
    ],
)  # fmt: skip
def test_the_first_broken_entry_is_named(app: Flask, change: str, guard: str, reason: str) -> None:
    entry = lines(3)[1].id
    seal_log(now=SOON)
    db.session.commit()
    tamper(change, guard)
    report = verify_log(now=SOON)
    position, broken = (3, entry + 1) if change.startswith("DELETE FROM action_log_seal") else (2, entry)
    assert report.fault == Fault(reason, broken, position)
    assert report.entries == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decision SET ground = 'spam'",
        "UPDATE decision SET action = 'publish'",
        "UPDATE decision SET subject_id = 99",
        "DELETE FROM decision",
    ],
)
def test_a_decision_that_was_rewritten_does_not_fit_its_entry(app: Flask, change: str) -> None:
    move("review", waiting_review(), "reject", "same_text")
    seal_log(now=SOON)
    db.session.commit()
    tamper(change, "decision")
    fault = verify_log(now=SOON).fault
    assert fault is not None
    assert fault.reason == "decision"


def test_a_decision_without_an_entry_and_an_entry_that_nobody_sealed_are_faults(app: Flask) -> None:
    entry = lines(1)[0].id
    assert verify_log(now=NOON + LATEST_SEAL - timedelta(seconds=1)).fault is None
    assert verify_log(now=NOON + LATEST_SEAL).fault == Fault("unsealed", entry)
    seal_log(now=SOON)
    decision = Decision(subject="review", subject_id=1, version=1, action="publish", decided_at=NOON)
    db.session.add(decision)
    db.session.commit()
    assert verify_log(now=SOON).fault == Fault("unlogged", decision.id)


def test_a_moderator_who_closed_the_account_breaks_nothing(app: Flask) -> None:
    decision = move("review", waiting_review(), "reject", "same_text")
    seal_log(now=SOON)
    db.session.delete(decision.actor)
    db.session.commit()
    assert verify_log(now=SOON).fault is None


def test_a_rewrite_of_the_whole_chain_shows_in_a_head_that_somebody_kept(app: Flask) -> None:
    lines(2)
    seal_log(now=SOON)
    db.session.commit()
    kept = verify_log(now=SOON).head
    assert verify_log(now=SOON, published_head=kept).fault is None
    tamper("DELETE FROM action_log_seal", "action_log_seal")
    tamper("DELETE FROM action_log WHERE subject_id = 4", "action_log")
    seal_log(now=SOON)
    db.session.commit()
    assert verify_log(now=SOON).fault is None, "it is whole in itself"
    assert verify_log(now=SOON, published_head=kept).fault == Fault("head")


def test_the_heads_are_those_at_the_end_of_each_day_that_is_over(app: Flask) -> None:
    digests = []
    for days in (3, 3, 1, 0):
        lines(1)
        seal_log(now=NOON - timedelta(days=days))
        db.session.commit()
        digests.append(verify_log(now=SOON).head)
    told = [(row.day, row.entries, row.head) for row in heads(NOON.date())]
    one, three = NOON.date() - timedelta(days=1), NOON.date() - timedelta(days=3)
    assert told == [(one, 3, digests[2]), (three, 2, digests[1])]
