"""One round from its beginning to its end, and what it came to."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextvars import Context
from datetime import timedelta

from sqlalchemy import text

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from tests.billing.rounds.stage import Stage
from tests.billing.rounds.story import Story
from tests.billing.rounds.truth import differences

OPERATIONS = (5, 15)
LEASES_OVER = timedelta(minutes=61)
BOOKS_REACH = timedelta(days=35)
SETTLINGS = 12


def play(stage: Stage, seed: int, operations: tuple[int, int] = OPERATIONS) -> Counter[str]:
    """Play the round of a seed. Raises AssertionError naming the seed and each difference."""
    chance = random.Random(seed)
    with stage.round():
        story = Story(stage, chance)
        begun = stage.clock()
        stage.workers.killed = 0
        stage.workers.start(random.Random(seed + 1), by_clock=chance.random() < 0.4)
        try:
            story.tell(chance.randint(*operations))
        finally:
            stage.workers.stop()
        stage.stripe.clear_faults()
        stage.clock.advance(LEASES_OVER)
        whole = stage.clock() - begun > BOOKS_REACH
        problems = _settle(stage, whole=whole)
        problems += differences(stage, most_slots=story.most_slots, lost=story.lost)
        found = story.done
        found["rounds"] += 1
        found["killed"] += stage.workers.killed
        found["placements"] += _count("placement")
        found["lines"] += _count("payment_entry")
        found["mails"] += _count("job WHERE task = 'mail.deliver'")
        for state, count in db.session.execute(text("SELECT state, count(*) FROM placement GROUP BY state")):
            found[f"is {state}"] += count
        deliveries = stage.stripe.deliveries()
        found["events"] += len(deliveries)
        found["dropped"] += sum(one["state"] == "dropped" for one in deliveries)
        found["swallowed"] += len(stage.lost_for_good)
    assert not problems, f"round with seed {seed} ({dict(story.done)}):\n" + "\n".join(problems)
    return found


def _settle(stage: Stage, *, whole: bool) -> list[str]:
    """Compare by the operator's command and do what is due, until nothing is; then comparing finds nothing."""
    _reconcile(stage, whole=whole)
    for _ in range(SETTLINGS):
        if not _due(stage):
            break
        run_due()
        stage.clock.advance(timedelta(minutes=1))
    db.session.rollback()
    _reconcile(stage, whole=whole)
    run_due()
    last = _reconcile(stage, whole=whole)
    run_due()
    db.session.rollback()
    wrong = {
        name: last[name] for name in ("repaired", "released", "events", "orphans", "refused") if last[name]
    }
    return [f"the last comparison found {wrong}"] if wrong else []


def _reconcile(stage: Stage, *, whole: bool) -> dict[str, object]:
    db.session.rollback()
    arguments = ["billing", "reconcile", "--json", *(["--all"] if whole else [])]
    result = Context().run(stage.app.test_cli_runner().invoke, args=arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def _due(stage: Stage) -> bool:
    query = "SELECT count(*) FROM job WHERE state = 'working' OR (state = 'waiting' AND run_at <= :now)"
    now = stage.clock()
    bound = now.replace(tzinfo=None).isoformat(sep=" ") if db.engine.dialect.name == "sqlite" else now
    count = db.session.execute(text(query), {"now": bound}).scalar_one()
    db.session.rollback()
    return bool(count)


def _count(rows: str) -> int:
    return int(db.session.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one())
