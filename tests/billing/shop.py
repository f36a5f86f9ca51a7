"""What tests of placements share: sellers, buyers, and what happens at Stripe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from marketplace.accounts.models import User
from marketplace.billing.models import BillingAlarm, PaymentEntry, Placement, PlacementPrice, StripeEvent
from marketplace.billing.placements.scopes import PlacementOrder, country_order, listing_order
from marketplace.billing.placements.services import claim_placement, set_price
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync import checkout
from marketplace.billing.sync.checkout import ReturnAddresses
from marketplace.billing.sync.reconcile import ReconcileReport, reconcile_fully, reconcile_quickly
from marketplace.billing.sync.refunds import refund_payment
from marketplace.billing.sync.sessions import read_placement
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.core.revisions import country_revision, revision_of
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from stripe_standin.server import StandIn
from tests.billing.permissions import DOCUMENTED_KEY, documented_permissions
from tests.clients import Client, settle
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.pages import Page
from tests.postbox import letters_in
from tests.standin import started

PRICE: dict[str, Any] = {
    "country": "mexico",
    "currency": "EUR",
    "month_amount": 4900,
    "pass_amount": 6000,
    "topic_slots": 3,
    "country_slots": 3,
}
ADDRESSES = ReturnAddresses("https://site.example/back?paid", "https://site.example/back?closed", "en")


@dataclass(frozen=True)
class Seller:
    """A provider with a member and a published listing."""

    member: User
    provider: Provider
    listing: Listing

    @property
    def on_topic(self) -> PlacementOrder:
        """Its listing on top of the topic."""
        return listing_order(self.provider, self.listing)

    @property
    def on_country(self) -> PlacementOrder:
        """The provider on top of its country's page."""
        return country_order(self.provider, self.listing.topic.country)


def token_in(page: Page) -> str:
    """The token of a page's first form."""
    return page.html.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def send(client: Client, path: str, *, on: str = "", **fields: str) -> TestResponse:
    """Post these fields with the token of a page, by default of `path`: what its form would not send."""
    return client.post(path, data={"csrf_token": token_in(client.page(on or path)), **fields})


def open_delayed(placement_id: int, member: User, gateway: Gateway, now: datetime) -> None:
    """Open Checkout with every way to pay that the account has, as before those that take days were left out."""
    placement = read_placement(placement_id)
    if placement.state == "pending" and placement.create_params is None:
        params = checkout._stored_params(placement, member, ADDRESSES, gateway, now)
        assert params is not None
        del params["allowed_payment_method_types"]
        placement = read_placement(placement_id)
        placement.create_params = params
        db.session.commit()
    checkout.open_checkout(placement_id, actor=member, addresses=ADDRESSES, gateway=gateway, now=now)


class Shop:
    """The site, the stand-in behind it, and a topic to sell places on."""

    def __init__(self, app: Flask, clock: FrozenClock, stripe: StandIn) -> None:
        self.app = app
        self.clock = clock
        self.stripe = stripe
        self.folder: Path = app.extensions["settings"].instance_path
        # While several threads work, one may ask Stripe and another write.
        self.crowded = False
        self.held_open = 0
        self.gateway: Gateway = app.extensions["stripe"]
        self.topic: Topic = make_topic()
        self.admin = make_user(role="admin")
        db.session.add(PlacementPrice(**PRICE, version=1, updated_at=NOON))
        self.seller = self.new_seller()
        db.session.commit()

    @classmethod
    @contextmanager
    def opened(cls, app: Flask, clock: FrozenClock, folder: Path) -> Iterator[Shop]:
        """A shop on the test's database; the stand-in ends with it."""
        client = app.test_client()

        def deliver(body: bytes, headers: dict[str, str]) -> int:
            # Events are delivered by the test's own thread, from `flush`.
            return int(client.post("/webhooks/stripe", data=body, headers=headers).status_code)

        engine = db.engine
        made: list[Shop] = []

        def look() -> None:
            # No transaction may be open during a call to Stripe: a slow answer would hold the write lock.
            if made and not made[0].crowded:
                made[0].held_open += engine.pool.checkedout()  # type: ignore[attr-defined]

        with started(folder, clock, deliver=deliver, also=look) as stripe:
            stripe.restrict(DOCUMENTED_KEY, documented_permissions())
            app.extensions["stripe"] = Gateway(DOCUMENTED_KEY, "whsec_standin", base=stripe.url)
            try:
                made.append(cls(app, clock, stripe))
                yield made[0]
                assert not made[0].held_open, "Stripe was asked with a transaction open"
            finally:
                app.extensions["stripe"] = None

    def new_seller(self, topic: Topic | None = None) -> Seller:
        """One more provider with a published listing for the topic."""
        member = make_user()
        provider = make_provider(member)
        return Seller(member, provider, make_listing(topic or self.topic, provider))

    def new_seller_now(self) -> Seller:
        """One more, committed."""
        seller = self.new_seller()
        db.session.commit()
        return seller

    def set_slots(self, count: int) -> None:
        """How many slots each topic and country page has."""
        price = db.session.get(PlacementPrice, "mexico")
        assert price is not None
        price.topic_slots = price.country_slots = count
        db.session.commit()

    def set_price(self, **terms: Any) -> PlacementPrice:
        """Set the price in Mexico as an admin: these terms, the others as they were first. Committed."""
        price = set_price(actor=self.admin, now=self.clock(), **{**PRICE, **terms})
        db.session.commit()
        return price

    def claim(self, seller: Seller | None = None, *, kind: str = "month", country: bool = False) -> Placement:
        """Take a slot."""
        seller = seller or self.seller
        order = seller.on_country if country else seller.on_topic
        placement = claim_placement(actor=seller.member, order=order, kind=kind, now=self.clock())
        db.session.commit()
        return placement

    def checkout(self, placement: Placement, seller: Seller | None = None) -> str:
        """Open Checkout; its address."""
        seller = seller or self.seller
        return checkout.open_checkout(
            placement.id,
            actor=seller.member,
            addresses=ADDRESSES,
            gateway=self.gateway,
            now=self.clock(),
        )

    def start_checkout(
        self, seller: Seller | None = None, *, kind: str = "month", country: bool = False
    ) -> Placement:
        """Take a slot and open Checkout."""
        placement = self.claim(seller, kind=kind, country=country)
        self.checkout(placement, seller)
        return self.read(placement)

    def buy(self, seller: Seller | None = None, *, kind: str = "month", country: bool = False) -> Placement:
        """Buy a placement: paid, delivered, processed."""
        placement = self.pay_unheard(seller, kind=kind, country=country)
        self.deliver()
        return self.read(placement)

    def pay_unheard(
        self, seller: Seller | None = None, *, kind: str = "month", country: bool = False
    ) -> Placement:
        """Open Checkout and pay; Stripe has not told us yet."""
        placement = self.start_checkout(seller, kind=kind, country=country)
        self.stripe.pay(placement.session_id)
        return placement

    def pay_delayed(self, *, kind: str = "month") -> Placement:
        """Open Checkout and pay in a way that takes days: complete, not paid; Stripe has not told us yet."""
        placement = self.claim(kind=kind)
        open_delayed(placement.id, self.seller.member, self.gateway, self.clock())
        placement = self.read(placement)
        self.stripe.pay_later(placement.session_id)
        return placement

    def pay(self, placement: Placement) -> None:
        """Pay at an open Checkout: delivered, processed."""
        self.stripe.pay(placement.session_id)
        self.deliver()

    def flush(self, **options: Any) -> None:
        """Let Stripe deliver its events; nothing is processed."""
        settle(self.app)
        self.stripe.flush(**options)

    def unpaid_to_the_end(self) -> Placement:
        """A place whose renewal failed, a second before its grace is over."""
        placement = self.buy()
        self.stripe.set_card(self.objects("customer")[0]["id"], ok=False)
        self.pass_time(timedelta(days=31))
        self.deliver()
        placement = self.read(placement)
        assert placement.grace_until is not None
        self.pass_time(placement.grace_until - self.clock() - timedelta(seconds=1))
        return placement

    def deliver(self, **options: Any) -> None:
        """Let Stripe deliver its events, and the worker do what is due."""
        self.flush(**options)
        self.work()

    def work(self) -> None:
        """Let the worker do what is due."""
        settle(self.app)
        run_due()
        db.session.rollback()

    def read(self, placement: Placement) -> Placement:
        """The placement as it is now in the database."""
        db.session.rollback()
        found = db.session.get(Placement, placement.id, populate_existing=True)
        assert found is not None
        return found

    def pass_time(self, step: timedelta) -> None:
        """Let time pass, for us and for Stripe."""
        self.clock.advance(step)
        self.stripe.tick()

    def entries(self) -> list[tuple[str, int]]:
        """The ledger: (kind, amount), oldest first."""
        rows = db.session.execute(select(PaymentEntry.kind, PaymentEntry.amount).order_by(PaymentEntry.id))
        return [(kind, amount) for kind, amount in rows]

    def mails(self, reader: User | None = None) -> list[str]:
        """The subjects of the mails to somebody (the seller) that have left, oldest first."""
        self.work()
        address = (reader or self.seller.member).email
        mine = [letter for letter in letters_in(self.folder) if letter["To"] == address]
        return [str(letter["Subject"]).strip() for letter in mine]

    def mails_with(self, words: str) -> list[str]:
        """The subjects of the seller's mails that contain these words."""
        return [subject for subject in self.mails() if words in subject]

    def refund_by_admin(self, amount: int, seen: int = 4900) -> None:
        """Refund a part of the newest payment, of which the admin saw this much left."""
        payment = db.session.scalars(
            select(PaymentEntry).where(PaymentEntry.kind == "payment").order_by(PaymentEntry.id.desc())
        ).first()
        assert payment is not None
        arguments = {"amount": amount, "seen": seen, "gateway": self.gateway, "now": self.clock()}
        refund_payment(actor=self.admin, entry_id=payment.id, **arguments)

    def revisions(self) -> tuple[int, int]:
        """The revisions of the topic and of its country."""
        settle(self.app)
        return (
            db.session.scalars(select(Topic.revision).where(Topic.id == self.topic.id)).one(),
            revision_of(country_revision(self.topic.country)),
        )

    def reconcile(self, *, whole: bool = True) -> ReconcileReport:
        """Reconcile with Stripe, everything or the quick part."""
        settle(self.app)
        with writing():
            compare = reconcile_fully if whole else reconcile_quickly
            report = compare(gateway=self.gateway, now=self.clock())
            self.work()
        return report

    def outcome(self, placement: Placement) -> tuple[str, str]:
        """The placement's state and reason now."""
        found = self.read(placement)
        return (found.state, found.reason)

    def state_of(self, placement: Placement) -> str:
        """The placement's state now."""
        return self.read(placement).state

    def alarms(self) -> list[str]:
        """The kinds of the alarms that were raised, oldest first."""
        return list(db.session.scalars(select(BillingAlarm.kind).order_by(BillingAlarm.id)))

    def event_states(self) -> set[str]:
        """The states of the events that Stripe delivered."""
        settle(self.app)
        return set(db.session.scalars(select(StripeEvent.state)))

    def alarm_subjects(self) -> list[str]:
        """What the open alarms are about, oldest first."""
        query = select(BillingAlarm.subject).where(BillingAlarm.resolved_at.is_(None))
        return list(db.session.scalars(query.order_by(BillingAlarm.id)))

    def statuses(self, kind: str) -> list[str]:
        """The statuses of Stripe's objects of a kind, oldest first."""
        return [one["status"] for one in self.objects(kind)]

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """Stripe's objects of a kind, oldest first."""
        return self.stripe.state().get(kind, [])

    def lose(self) -> None:
        """Let Stripe deliver its events, and lose them on our side: Stripe counts them as delivered."""
        self.flush()
        db.session.execute(delete(Job).where(Job.task == "billing.event", Job.state == "waiting"))
        db.session.execute(delete(StripeEvent).where(StripeEvent.state == "new"))
        db.session.commit()

    def use_key(self, key: str, **options: Any) -> None:
        """Continue with another Stripe key, or other settings."""
        self.gateway = Gateway(key, "whsec_standin", base=self.stripe.url, **options)
        self.app.extensions["stripe"] = self.gateway
