"""Moves on listings, providers, their edits and claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marketplace.errors import Invalid
from marketplace.listings import approvals
from marketplace.moderation.models import Decision
from marketplace.moderation.move import Choice, Move, is_waiting, nothing_more
from marketplace.moderation.subjects import Subject


def _check_provider(subject: Subject, choice: Choice) -> None:
    provider = subject.provider
    if provider.status == "pending":
        raise Invalid("provider_pending", provider_id=provider.id, name=provider.name)
    if provider.status != "active":
        raise Invalid("provider_not_active", name=provider.name)


def _publishing(service: Callable[..., Any]) -> Callable[[Subject, Decision, Choice], None]:
    return lambda subject, decision, choice: service(subject.row, now=choice.now)


def _refusing(service: Callable[..., Any]) -> Callable[[Subject, Decision, Choice], None]:
    return lambda subject, decision, choice: service(subject.row, note=decision.statement, now=choice.now)


def _waiting_moves(
    publish: Callable[[Subject, Decision, Choice], None],
    reject: Callable[..., Any],
    *,
    check: Callable[[Subject, Choice], None] = nothing_more,
) -> dict[str, Move]:
    return {
        "publish": Move(is_waiting, publish, check=check, asked_by="provider"),
        "reject": Move(is_waiting, _refusing(reject), needs_reasons=True, asked_by="provider"),
    }


LISTING_MOVES: dict[str, dict[str, Move]] = {
    "listing": _waiting_moves(
        _publishing(approvals.publish_listing), approvals.reject_listing, check=_check_provider
    ),
    "listing_edit": _waiting_moves(
        _publishing(approvals.apply_listing_edit), approvals.reject_listing_edit, check=_check_provider
    ),
    "provider": {
        **_waiting_moves(_publishing(approvals.activate_provider), approvals.reject_provider),
        "suspend": Move(
            lambda subject: bool(subject.row.status == "active"),
            _refusing(approvals.suspend_provider),
            needs_reasons=True,
        ),
        "reinstate": Move(
            lambda subject: bool(subject.row.status == "suspended"),
            _publishing(approvals.reinstate_provider),
            needs_reasons=True,
        ),
    },
    "provider_edit": _waiting_moves(
        _publishing(approvals.apply_provider_edit), approvals.reject_provider_edit
    ),
    "claim": _waiting_moves(_publishing(approvals.approve_claim), approvals.reject_claim),
}
