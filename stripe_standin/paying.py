"""What a payer does with an open Checkout Session, and what becomes of it."""

from __future__ import annotations

from stripe_standin.blanks import tax_on
from stripe_standin.customers import make_customer
from stripe_standin.errors import ApiError
from stripe_standin.invoices import make_invoice, payment_of, settle_invoice
from stripe_standin.payments import charge_intent, make_intent, start_processing
from stripe_standin.renewals import activate, bill
from stripe_standin.store import StripeObject
from stripe_standin.subscriptions import make_subscription
from stripe_standin.world import World

PAYER = {"email": "payer@example.com", "name": "Pat Payer"}
ADDRESS = {
    "city": "Springfield",
    "country": "US",
    "line1": "1 Main Street",
    "line2": None,
    "postal_code": "62701",
    "state": "IL",
}


def open_session(world: World, wanted: str) -> StripeObject:
    """A copy of a session that can be paid. Raises ApiError when it cannot."""
    session = world.find("checkout.session", wanted)
    if session["status"] != "open":
        raise ApiError(f"The Checkout Session {wanted} is not open; it is {session['status']}.")
    return session


def pay(world: World, wanted: str) -> StripeObject:
    """The payer's card works: the session is complete and paid."""
    session = _complete(world, wanted, paid=True)
    world.emit("checkout.session.completed", session)
    return session


def pay_later(world: World, wanted: str) -> StripeObject:
    """The payer chose a way to pay that takes days: complete, not paid, and nobody knows yet. Raises ApiError where the
    session offers none."""
    if "sepa_debit" not in open_session(world, wanted)["payment_method_types"]:
        raise ApiError(f"The Checkout Session {wanted} takes only payments that settle at once.")
    session = _complete(world, wanted, paid=False)
    world.emit("checkout.session.completed", session)
    return session


def decline(world: World, wanted: str) -> StripeObject:
    """The payer's card is refused: the session stays open."""
    session = open_session(world, wanted)
    offer = world.find("_offer", wanted)
    _add_tax(session)
    charge_intent(world, _intent(world, session, offer), good=False)
    return session


def settle(world: World, wanted: str, *, ok: bool) -> StripeObject:
    """The money of `pay_later` came, or did not."""
    session = world.find("checkout.session", wanted)
    offer = world.find("_offer", wanted)
    if session["status"] != "complete" or session["payment_status"] != "unpaid" or offer.get("settled"):
        raise ApiError(f"The Checkout Session {wanted} does not wait for money.")
    if session["invoice"] and world.find("invoice", session["invoice"])["status"] != "open":
        raise ApiError(f"The invoice of {wanted} does not wait for money any more.")
    world.store.put("_offer", {**offer, "settled": True})
    if session["mode"] == "payment":
        charge_intent(world, session["payment_intent"], good=ok)
        if session["invoice"]:
            settle_invoice(world, session["invoice"], good=ok, charged=True)
    else:
        settle_invoice(world, session["invoice"], good=ok)
        if ok:
            activate(world, session["subscription"])
    if ok:
        session["payment_status"] = "paid"
    world.save(session)
    result = "succeeded" if ok else "failed"
    world.emit(f"checkout.session.async_payment_{result}", session)
    return session


def _complete(world: World, wanted: str, *, paid: bool) -> StripeObject:
    session = open_session(world, wanted)
    offer = world.find("_offer", wanted)
    _meet_payer(world, session)
    _add_tax(session)
    if session["mode"] == "payment":
        _sell_once(world, session, offer, paid=paid)
    else:
        _subscribe(world, session, offer, paid=paid)
    session.update(status="complete", url=None, payment_status="paid" if paid else "unpaid")
    return world.save(session)


def _add_tax(session: StripeObject) -> None:
    """The payer's address is known, and with it the tax."""
    if session["automatic_tax"]["enabled"]:
        session["automatic_tax"]["status"] = "complete"
        tax = tax_on(session["amount_subtotal"])
        session["total_details"]["amount_tax"] = tax
        session["amount_total"] = session["amount_subtotal"] + tax


def _sell_once(world: World, session: StripeObject, offer: StripeObject, *, paid: bool) -> None:
    intent = _intent(world, session, offer)
    session["payment_intent"] = intent
    if paid:
        charge_intent(world, intent, good=True)
    else:
        start_processing(world, intent)
    if offer["invoice"] is None:
        return
    now = world.now()
    items = [
        {
            "price": item["price"],
            "quantity": item["quantity"],
            "start": now,
            "end": now,
            "description": item["description"],
        }
        for item in offer["items"]
    ]
    invoice = make_invoice(
        world,
        items=items,
        customer=session["customer"],
        reason="manual",
        metadata=offer["invoice"]["metadata"],
        intent=intent,
        taxed=session["automatic_tax"]["enabled"],
    )
    session["invoice"] = invoice["id"]
    if paid:
        settle_invoice(world, invoice["id"], good=True, charged=True)


def _subscribe(world: World, session: StripeObject, offer: StripeObject, *, paid: bool) -> None:
    subscription = make_subscription(
        world,
        customer=session["customer"],
        lines=offer["items"],
        metadata=offer["subscription"]["metadata"],
        description=offer["subscription"]["description"],
        taxed=session["automatic_tax"]["enabled"],
    )
    invoice = bill(world, subscription, "subscription_create")
    session.update(subscription=subscription["id"], invoice=invoice["id"])
    if paid:
        # Checkout makes the subscription when the money is there, so it is active from its first event on.
        world.save({**subscription, "status": "active"})
    else:
        start_processing(world, payment_of(world, invoice["id"])["payment"]["payment_intent"])
    made = world.find("subscription", subscription["id"])
    world.emit("customer.subscription.created", made)
    if paid:
        settle_invoice(world, invoice["id"], good=True)


def _meet_payer(world: World, session: StripeObject) -> None:
    """The payer fills in who they are; a customer is made of that when one is needed."""
    known = world.store.get("customer", session["customer"] or "")
    needed = session["mode"] == "subscription" or session["customer_creation"] == "always"
    if known is None and needed:
        known = make_customer(world, name=PAYER["name"], email=session["customer_email"] or PAYER["email"])
        world.emit("customer.created", known)
        session["customer"] = known["id"]
    details: StripeObject = {
        "address": ADDRESS,
        "business_name": None,
        "email": (known or {}).get("email") or session["customer_email"] or PAYER["email"],
        "individual_name": None,
        "name": (known or {}).get("name") or PAYER["name"],
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    session["customer_details"] = details


def _intent(world: World, session: StripeObject, offer: StripeObject) -> str:
    """The session's payment intent; a declined try leaves one behind, which the next try uses."""
    if offer["intent_id"] is None:
        intent = make_intent(
            world,
            amount=session["amount_total"],
            currency=session["currency"],
            customer=session["customer"],
            description=offer["intent"]["description"],
            metadata=offer["intent"]["metadata"],
        )
        offer["intent_id"] = intent["id"]
        world.store.put("_offer", offer)
    return str(offer["intent_id"])
