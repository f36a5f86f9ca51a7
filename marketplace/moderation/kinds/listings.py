"""Moves on listings, providers, their edits and claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
from marketplace.listings import approvals as listings
from marketplace.listings.models import Listing, ListingEdit, ListingRow
from marketplace.moderation.decisions.actions import Choice, Move, is_waiting, nothing_more, own_row
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.touched import Touch, rows_of, this_row
from marketplace.moderation.models import Decision
from marketplace.providers import approvals as providers
from marketplace.providers import claims
from marketplace.providers.desk.pages import effects_of_suspension
from marketplace.providers.models import Provider, ProviderEdit, ProviderMember, ProviderStatus


def _check_provider(subject: Subject, choice: Choice) -> None:
    provider = subject.provider
    if provider.status == ProviderStatus.PENDING:
        raise Invalid("provider_pending", provider_id=provider.id, name=provider.name)
    if provider.status != ProviderStatus.ACTIVE:
        raise Invalid("provider_not_active", name=provider.name)


def _publishing(service: Callable[..., Any]) -> Callable[[Subject, Decision, Choice], None]:
    return lambda subject, decision, choice: service(subject.row, now=choice.now)


def _refusing(service: Callable[..., Any]) -> Callable[[Subject, Decision, Choice], None]:
    return lambda subject, decision, choice: service(subject.row, note=decision.statement, now=choice.now)


def _unless_paid(subject: Subject) -> Sequence[Touch]:
    """The subject's row; nothing where the provider has a paid place, which the move hides or shows: people are told of that
    at once, and money follows (decision note 15)."""
    return [] if effects_of_suspension(subject.provider) else [this_row(subject.row)]


def _listing_and_edit(subject: Subject) -> Sequence[Touch]:
    return [
        rows_of(Listing, id=subject.id),
        rows_of(ListingEdit, listing_id=subject.id),
        rows_of(ListingRow, listing_id=subject.id),
    ]


def _provider_and_edit(subject: Subject) -> Sequence[Touch]:
    return [rows_of(Provider, id=subject.id), rows_of(ProviderEdit, provider_id=subject.id)]


def _claimed(subject: Subject) -> Sequence[Touch]:
    """A claim with its provider, the provider's members, and the listings that came from rows of files."""
    provider_id = subject.row.provider_id
    if effects_of_suspension(subject.provider):
        return []
    listings = list(db.session.scalars(select(Listing.id).where(Listing.provider_id == provider_id)))
    return [
        rows_of(Provider, id=provider_id),
        this_row(subject.row),
        rows_of(ProviderMember, provider_id=provider_id),
        rows_of(Listing, provider_id=provider_id),
        rows_of(ListingRow, listing_id=listings),
    ]


def _waiting_moves(
    publish: Callable[[Subject, Decision, Choice], None],
    reject: Callable[..., Any],
    *,
    check: Callable[[Subject, Choice], None] = nothing_more,
    touches: Callable[[Subject], Sequence[Touch]] = own_row,
    reject_touches: Callable[[Subject], Sequence[Touch]] = own_row,
) -> dict[str, Move]:
    return {
        "publish": Move(is_waiting, publish, check=check, asked_by="provider", touches=touches),
        "reject": Move(
            is_waiting, _refusing(reject), needs_reasons=True, asked_by="provider", touches=reject_touches
        ),
    }


LISTING_MOVES: dict[str, dict[str, Move]] = {
    "listing": _waiting_moves(
        _publishing(listings.publish_listing),
        listings.reject_listing,
        check=_check_provider,
        touches=_unless_paid,
    ),
    "listing_edit": _waiting_moves(
        _publishing(listings.apply_listing_edit),
        listings.reject_listing_edit,
        check=_check_provider,
        touches=_listing_and_edit,
    ),
    "provider": {
        **_waiting_moves(
            _publishing(providers.activate_provider),
            providers.reject_provider,
            touches=_unless_paid,
            reject_touches=_unless_paid,
        ),
        "suspend": Move(
            lambda subject: bool(subject.row.status == "active"),
            _refusing(providers.suspend_provider),
            needs_reasons=True,
            touches=_unless_paid,
        ),
        "reinstate": Move(
            lambda subject: bool(subject.row.status == "suspended"),
            _publishing(providers.reinstate_provider),
            needs_reasons=True,
            touches=_unless_paid,
        ),
        "warn": Move(
            lambda subject: bool(subject.row.status == "active" and subject.row.warned_at is None),
            _publishing(providers.add_warning),
            needs_reasons=True,
        ),
        "clear": Move(
            lambda subject: bool(subject.row.status == "active" and subject.row.warned_at is not None),
            _publishing(providers.clear_warning),
            needs_reasons=True,
        ),
    },
    "provider_edit": _waiting_moves(
        _publishing(providers.apply_provider_edit),
        providers.reject_provider_edit,
        touches=_provider_and_edit,
    ),
    "claim": _waiting_moves(_publishing(claims.approve_claim), claims.reject_claim, touches=_claimed),
}
