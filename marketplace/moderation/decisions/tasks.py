"""What the worker does for decisions: lets them take effect once they can no longer be undone, and seals the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import task
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.effects import apply_decision, lapse_abandoned_decisions
from marketplace.moderation.decisions.services import EFFECT_TASK
from marketplace.moderation.ledger.services import BATCH, seal_log
from marketplace.moderation.models import Decision


@task(EFFECT_TASK)
def take_effect(payload: dict[str, Any]) -> None:
    """Let a decision take effect, or lapse."""
    decision = db.session.get(Decision, payload["decision_id"])
    if decision is not None:
        apply_decision(decision.id, choice_of(payload, decision))


@task("moderation.tend_decisions", every=timedelta(hours=1))
def tend_decisions(payload: dict[str, Any]) -> None:
    """Let what was decided lapse where its job failed for good."""
    lapse_abandoned_decisions(now=now())


@task("moderation.seal_log", every=timedelta(minutes=10))
def seal_new_lines(payload: dict[str, Any]) -> None:
    """Seal the lines of the log that were written since."""
    while seal_log(now=now()) == BATCH:
        pass


def choice_of(payload: dict[str, Any], decision: Decision) -> Choice:
    """What the moderator chose, as the job carries it."""
    return Choice(
        now=now(),
        actor_id=decision.actor_id,
        read=payload.get("read"),
        level=payload["level"],
        covered=tuple(payload["covered"]),
        leaves_rest=payload["leaves_rest"],
    )
