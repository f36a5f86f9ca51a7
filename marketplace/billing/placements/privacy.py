"""What a member's export says about placements: those of the providers they manage, what was paid, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.billing.models import BillingCustomer, PaymentEntry, Placement, PlacementWait
from marketplace.billing.placements.labels import ENTRY_LABELS, KIND_LABELS, state_label
from marketplace.billing.placements.scopes import scope_labels
from marketplace.billing.statuses import WaitState
from marketplace.core.extensions import db
from marketplace.i18n.languages import address_language
from marketplace.providers.membership import providers_of
from marketplace.providers.models import Provider
from marketplace.values.amounts import from_minor
from marketplace.values.money import format_money

WAIT_LABELS = {
    WaitState.WAITING: _l("On the waiting list"),
    WaitState.OFFERED: _l("A slot is kept"),
    WaitState.TAKEN: _l("Bought"),
    WaitState.LAPSED: _l("Not taken in time"),
    WaitState.LEFT: _l("Left the waiting list"),
}


def own_placements(sender: object, *, user: User) -> list[Section]:
    """Placements, waiting entries, payments and Stripe's customers of the member's providers."""
    names = {provider.id: provider.name for provider in providers_of(user)}
    placements = db.session.scalars(
        select(Placement).where(Placement.provider_id.in_(names)).order_by(Placement.id)
    ).all()
    waits = db.session.scalars(
        select(PlacementWait).where(PlacementWait.provider_id.in_(names)).order_by(PlacementWait.id)
    ).all()
    entries = db.session.scalars(
        select(PaymentEntry)
        .where(PaymentEntry.placement_id.in_([one.id for one in placements]))
        .order_by(PaymentEntry.id)
    ).all()
    customers = db.session.execute(
        select(BillingCustomer, Provider.merged_into_id)
        .join(Provider, Provider.id == BillingCustomer.provider_id)
        .where(or_(Provider.id.in_(names), Provider.merged_into_id.in_(names)))
        .order_by(BillingCustomer.provider_id)
    )
    scopes = [*(one.scope for one in placements), *(one.scope for one in waits)]
    places = scope_labels(scopes, address_language())
    where = {scope: place.name for scope, place in places.items()}
    return [
        Section(
            "placements",
            _l("Featured placements"),
            [_placement(one, names[one.provider_id], where[one.scope]) for one in placements],
        ),
        Section(
            "placement_waits",
            _l("Waiting lists for featured placements"),
            [_wait(one, names[one.provider_id], where[one.scope]) for one in waits],
        ),
        Section(
            "placement_payments", _l("Payments for featured placements"), [_entry(one) for one in entries]
        ),
        Section(
            "stripe_customers",
            _l("Customers in Stripe, who processes the payments"),
            [
                [
                    Field("provider", _l("Provider"), names[into or one.provider_id]),
                    Field("customer", _l("Customer in Stripe"), one.stripe_customer_id),
                ]
                for one, into in customers
            ],
        ),
    ]


def _placement(one: Placement, provider: str, place: str) -> Sequence[Field]:
    return [
        Field("id", _l("Number"), one.id),
        Field("provider", _l("Provider"), provider),
        Field("place", _l("Place"), one.scope, place),
        Field("kind", _l("Kind"), one.kind, KIND_LABELS[one.kind]),
        Field("status", _l("Status"), one.state, state_label(one)),
        *_money(one.amount, one.currency),
        Field("created_at", _l("Bought"), one.created_at),
        Field("started_at", _l("Shown since"), one.started_at),
        Field("paid_until", _l("Paid until"), one.period_end),
        Field("ended_at", _l("Ended"), one.ended_at),
        Field("subscription", _l("Subscription in Stripe"), one.subscription_id),
    ]


def _wait(one: PlacementWait, provider: str, place: str) -> Sequence[Field]:
    return [
        Field("provider", _l("Provider"), provider),
        Field("place", _l("Place"), one.scope, place),
        Field("kind", _l("Kind"), one.kind, KIND_LABELS[one.kind]),
        Field("status", _l("Status"), one.state, WAIT_LABELS[WaitState(one.state)]),
        Field("joined_at", _l("Since"), one.created_at),
    ]


def _entry(one: PaymentEntry) -> Sequence[Field]:
    return [
        Field("placement", _l("Number of the placement"), one.placement_id),
        Field("kind", _l("Kind"), one.kind, ENTRY_LABELS[one.kind]),
        *_money(one.amount, one.currency),
        Field("occurred_at", _l("Date"), one.occurred_at),
        Field("payment", _l("Payment in Stripe"), one.charge_id),
        Field("invoice", _l("Invoice in Stripe"), one.invoice_id),
    ]


def _money(amount: int, currency: str) -> Sequence[Field]:
    shown = format_money(amount, currency, address_language())
    return [
        Field("amount", _l("Amount"), from_minor(amount, currency), shown),
        Field("currency", _l("Currency"), currency, ""),
    ]
