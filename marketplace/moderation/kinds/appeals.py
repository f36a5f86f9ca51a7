"""Moves on appeals: upheld, which reverses what was decided; or dismissed, which confirms it. Another moderator decides.

Neither can be undone: the reversal has effects of its own, and there is no third instance here.
"""

from __future__ import annotations

from typing import Any

from marketplace.core.errors import NotAllowed
from marketplace.core.extensions import db
from marketplace.listings import approvals as listings
from marketplace.moderation.appeals.services import still_stands, thing_of
from marketplace.moderation.decisions.actions import Choice, Move, is_waiting
from marketplace.moderation.decisions.linked import decide_beside, give_receipt
from marketplace.moderation.decisions.mails import queue_letters
from marketplace.moderation.decisions.subjects import Subject, find_subject
from marketplace.moderation.kinds.flags import not_undone
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.moderation.reports.reversals import reverse_upheld_flags
from marketplace.moderation.reports.services import count_report
from marketplace.providers import approvals as providers
from marketplace.providers.models import ProviderStatus
from marketplace.reviews.replies.services import publish_reply, restore_reply
from marketplace.reviews.writing.services import publish_review, restore_review


def _check_other(subject: Subject, choice: Choice) -> None:
    if subject.row.decision.actor_id is not None and subject.row.decision.actor_id == choice.actor_id:
        raise NotAllowed("own_decision")


def _dismiss(subject: Subject, decision: Decision, choice: Choice) -> None:
    _settle(subject.row, decision, "dismissed")


def _uphold(subject: Subject, decision: Decision, choice: Choice) -> None:
    appeal: Appeal = subject.row
    _settle(appeal, decision, "upheld")
    former = appeal.decision
    thing = thing_of(former)
    if thing is None:
        return
    if former.subject != "review_edit":
        find_subject(former.subject, thing.id, lock=True)
    if still_stands(former, thing):
        _reverse(former, thing, decision, choice, appeal.asked_by)


def _settle(appeal: Appeal, decision: Decision, status: str) -> None:
    appeal.status, appeal.note = status, decision.statement
    appeal.version += 1
    db.session.flush()


def _reverse(former: Decision, thing: Any, decision: Decision, choice: Choice, asked_by: str) -> None:
    if former.subject == "review_edit":  # its words are read anew
        thing.edit.status, thing.edit.note = "pending", ""
        thing.edit.version += 1
    elif former.subject == "flag":
        _reopen(thing)
    elif former.subject == "listing" and thing.provider.status != ProviderStatus.ACTIVE:
        _wait_again(thing)  # it goes live with its provider
    else:
        action = {"reject": "publish", "hide": "restore", "suspend": "reinstate", "warn": "clear"}[
            former.action
        ]
        beside = decide_beside(decision, former.subject, thing, action, asked_by)
        queue_letters(Subject(former.subject, thing.id, thing), beside, choice)
        _carry_out(former.subject, action, thing, choice)
        reverse_upheld_flags(former, decision)
        if former.subject == "review":
            give_receipt(beside, thing.id)
    db.session.flush()


def _carry_out(kind: str, action: str, thing: Any, choice: Choice) -> None:
    if action == "publish":
        _wait_again(thing)
        if kind == "review":
            publish_review(thing, level=thing.level, now=choice.now)
        elif kind == "reply":
            publish_reply(thing, now=choice.now)
        else:
            listings.publish_listing(thing, now=choice.now)
    elif action == "restore":
        (restore_review if kind == "review" else restore_reply)(thing, now=choice.now)
    elif action == "reinstate":
        providers.reinstate_provider(thing, now=choice.now)
    else:
        providers.clear_warning(thing, now=choice.now)


def _wait_again(thing: Any) -> None:
    thing.status, thing.note = "pending", ""
    thing.version += 1
    db.session.flush()


def _reopen(flag: Flag) -> None:
    """The report waits again; the provider's public record takes its dismissal back."""
    flag.status, flag.note, flag.decided_at = "pending", "", None
    flag.version += 1
    db.session.flush()
    if flag.by_provider_id is not None:
        count_report(flag.by_provider_id, dismissed=-1)


APPEAL_MOVES: dict[str, dict[str, Move]] = {
    "appeal": {
        "uphold": Move(is_waiting, _uphold, needs_reasons=True, check=_check_other, touches=not_undone),
        "dismiss": Move(is_waiting, _dismiss, needs_reasons=True, check=_check_other, touches=not_undone),
    },
}
