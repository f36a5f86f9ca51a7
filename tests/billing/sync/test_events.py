"""Which placement an event is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.models import StripeEvent
from marketplace.billing.stripe.messages import EVENT_TYPES, SignedEvent
from marketplace.billing.sync.events import event_counts, placement_of, process_event, receive_event
from marketplace.core.database import writing
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.factories import NOON


def an_event(number: int = 1, kind: str = "invoice.paid", *, livemode: bool = False) -> SignedEvent:
    return SignedEvent(f"evt_{number}", kind, "in_none", NOON, livemode)


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_kind_of_event_leads_to_its_placement(shop: Shop, kind: str) -> None:
    placement = shop.buy()
    charge = shop.objects("charge")[0]
    refund = shop.stripe.refund(charge["id"], 100)
    dispute = shop.stripe.dispute(charge["id"], inquiry=True)
    objects = {
        "checkout": placement.session_id,
        "customer": placement.subscription_id,
        "invoice": shop.objects("invoice")[0]["id"],
        "refund": refund["id"],
        "charge": dispute["id"] if "dispute" in kind else charge["id"],
    }
    number = placement.id
    db.session.rollback()
    found = placement_of(kind, str(objects[kind.partition(".")[0]]), shop.gateway)
    assert found is not None
    assert found[0] == number
    assert found[1] == ((charge["payment_intent"],) if kind.startswith(("charge", "refund")) else ())
    assert placement_of(kind, "none", shop.gateway) is None


def test_a_pass_is_found_by_its_payment(shop: Shop) -> None:
    placement = shop.buy(kind="pass")
    number, intent = placement.id, placement.payment_intent_id
    placement.payment_intent_id = None  # known by its metadata only
    db.session.commit()
    assert placement_of("charge.refunded", shop.objects("charge")[0]["id"], shop.gateway) == (
        number,
        (intent,),
    )


def test_an_event_is_stored_once(shop: Shop) -> None:
    assert [receive_event(an_event(), livemode=False, now=NOON) for _ in range(2)] == [True, False]
    assert receive_event(an_event(2, "customer.created"), livemode=False, now=NOON)
    assert receive_event(an_event(3, livemode=True), livemode=False, now=NOON)
    assert event_counts() == {"new": 1, "ignored": 2}
    db.session.commit()


def test_what_is_done_is_not_processed_again(shop: Shop) -> None:
    receive_event(an_event(), livemode=False, now=NOON)
    db.session.commit()
    with writing():
        for _ in range(3):
            process_event("evt_1", gateway=shop.gateway, now=NOON)
            db.session.commit()
        process_event("evt_unknown", gateway=shop.gateway, now=NOON)
        db.session.commit()
    stored = db.session.get(StripeEvent, "evt_1")
    assert stored is not None
    assert (stored.state, stored.tries) == ("orphan", 1)


def test_an_older_invoice_of_ours_is_found(shop: Shop) -> None:
    placement = shop.buy()
    for _ in range(4):
        shop.stripe.renew(placement.subscription_id)
    oldest = shop.objects("invoice")[0]["id"]
    number = placement.id
    shop.clock.advance(timedelta(days=1))
    db.session.rollback()
    assert placement_of("invoice.paid", oldest, shop.gateway) == (number, ())
