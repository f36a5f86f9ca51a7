"""The stand-in's own state, arranged by the placement that each thing belongs to: by metadata and by links, as the product's
description has them, and by nothing of the program's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import stripe

Thing = dict[str, Any]
INQUIRY = ("warning_needs_response", "warning_under_review", "warning_closed")


@dataclass
class Money:
    """A charge that succeeded, with what went back of it."""

    charge: Thing
    refunds: list[Thing]
    disputes: list[Thing]

    @property
    def all_refunded(self) -> bool:
        """Whether all of it went back and stayed there."""
        kept = sum(one["amount"] for one in self.refunds if one["status"] == "succeeded")
        return bool(kept == self.charge["amount"])

    @property
    def some_refund_failed(self) -> bool:
        """Whether the bank sent some of it back to us."""
        return any(one["status"] == "failed" for one in self.refunds)

    @property
    def taken(self) -> bool:
        """Whether the bank took it, for now or for good."""
        return any(one["status"] not in (*INQUIRY, "won") for one in self.disputes)

    @property
    def ever_taken(self) -> bool:
        """Whether the bank ever took it."""
        return any(one["status"] not in INQUIRY for one in self.disputes)

    @property
    def won(self) -> list[tuple[int, int]]:
        """When the bank took it, and when it gave it back, for each dispute that was won."""
        return [
            (one["created"], one["balance_transactions"][-1]["created"])
            for one in self.disputes
            if one["status"] == "won"
        ]


@dataclass
class Belongings:
    """What Stripe holds of one placement, oldest first."""

    sessions: list[Thing] = field(default_factory=list)
    subscriptions: list[Thing] = field(default_factory=list)
    intents: list[Thing] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)


def belongings(state: dict[str, list[Thing]]) -> dict[int, Belongings]:
    """Everything by the number of its placement."""
    found: dict[int, Belongings] = {}

    def of(thing: Thing) -> Belongings | None:
        number = thing["metadata"].get("placement_id")
        return found.setdefault(int(number), Belongings()) if number else None

    for session in state.get("checkout.session", []):
        of(session).sessions.append(session)
    subscriptions = {one["id"]: one for one in state.get("subscription", [])}
    for subscription in subscriptions.values():
        of(subscription).subscriptions.append(subscription)
    invoices = {one["id"]: one for one in state.get("invoice", [])}
    paid_by = {
        one["payment"]["payment_intent"]: invoices[one["invoice"]] for one in state.get("invoice_payment", [])
    }
    owners: dict[str, Belongings] = {}
    for intent in state.get("payment_intent", []):
        owner = of(intent)
        if owner is None and intent["id"] in paid_by:
            parent = paid_by[intent["id"]]["parent"]["subscription_details"]
            owner = of(subscriptions[parent["subscription"]])
        if owner is None:  # a declined try at a subscription's session leaves one that nobody names
            continue
        owner.intents.append(intent)
        owners[intent["id"]] = owner
    for charge in state.get("charge", []):
        if charge["status"] == "succeeded":
            refunds = [one for one in state.get("refund", []) if one["charge"] == charge["id"]]
            disputes = [one for one in state.get("dispute", []) if one["charge"] == charge["id"]]
            owners[charge["payment_intent"]].money.append(Money(charge, refunds, disputes))
    return found


Line = tuple[str, str, str, int, str, int]


def book_lines(client: stripe.StripeClient) -> list[Line]:
    """What the ledger must hold by Stripe's own lists: (id, charge, kind, amount, currency, moment), sorted."""
    lines: list[Line] = []

    def line(suffix: str, thing: Thing, kind: str, amount: int) -> None:
        charge = thing.get("charge") or thing["id"]
        lines.append(
            (thing["id"] + suffix, charge, kind, amount, thing["currency"].upper(), thing["created"])
        )

    def every(service: Any) -> list[Thing]:
        return [one.to_dict() for one in service.list(params={"limit": 100}).auto_paging_iter()]

    for charge in every(client.v1.charges):
        if charge["status"] == "succeeded":
            line("", charge, "payment", charge["amount"])
    for refund in every(client.v1.refunds):
        line("", refund, "refund", -refund["amount"])
        if refund["status"] in ("failed", "canceled"):
            line(":failed", refund, "refund_failed", refund["amount"])
    for dispute in every(client.v1.disputes):
        if dispute["status"] in INQUIRY:
            continue
        line("", dispute, "dispute", -dispute["amount"])
        if dispute["status"] == "won":
            line(":won", dispute, "dispute_won", dispute["amount"])
    return sorted(lines)
