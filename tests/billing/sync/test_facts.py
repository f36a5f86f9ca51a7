"""The facts loaded from Stripe, and the ledger entries that follow."""

from __future__ import annotations

from marketplace.billing.sync.facts import entries, load_facts, moment
from tests.billing.making import known, payment
from tests.billing.shop import Shop
from tests.factories import NOON


def test_all_of_a_subscription_is_gathered(shop: Shop) -> None:
    placement = shop.buy()
    session, subscription = placement.session_id, placement.subscription_id
    for _ in range(4):
        shop.stripe.renew(subscription)
    first = shop.objects("payment_intent")[0]["id"]
    known_now = known("active", session_id=session, subscription_id=subscription)
    shop.read(placement)
    shop.work()
    facts = load_facts(known_now, shop.gateway)
    assert facts.session is not None
    assert facts.subscription is not None
    assert (facts.session["id"], facts.subscription["id"]) == (session, subscription)
    assert (len(facts.payments), facts.owed) == (3, None)
    assert first not in {one.intent_id for one in facts.payments}
    assert first in {one.intent_id for one in load_facts(known_now, shop.gateway, (first, first)).payments}


def test_what_is_owed_first_is_gathered_while_nothing_was_paid(shop: Shop) -> None:
    placement = shop.pay_delayed()
    session = placement.session_id
    shop.read(placement)
    shop.work()
    facts = load_facts(known(session_id=session), shop.gateway)
    assert facts.owed is not None
    assert (facts.owed["status"], facts.payments) == ("processing", ())


def test_a_pass_has_its_invoice(shop: Shop) -> None:
    session = shop.buy(kind="pass").session_id
    shop.work()
    facts = load_facts(known(kind="pass", session_id=session), shop.gateway)
    assert [one.invoice_id for one in facts.payments] == [shop.objects("invoice")[0]["id"]]


def test_without_a_session_nothing_is_asked(shop: Shop) -> None:
    facts = load_facts(known("pending", session_id=None), shop.gateway)
    assert (facts.session, facts.subscription, facts.payments) == (None, None, ())


def lines(**values: object) -> list[tuple[str, int]]:
    return [(line.kind, line.amount) for line in entries(payment(**values))]  # type: ignore[arg-type]


def test_the_books_say_what_came_and_what_went_back() -> None:
    assert lines() == [("payment", 4900)]
    assert lines(refunded=900) == [("payment", 4900), ("refund", -900)]
    assert lines(dispute="needs_response")[1:] == [("dispute", -4900)]
    assert lines(dispute="lost")[1:] == [("dispute", -4900)]
    assert lines(dispute="won")[1:] == [("dispute", -4900), ("dispute_won", 4900)]
    for question in ("warning_needs_response", "warning_under_review", "warning_closed", "prevented"):
        assert lines(dispute=question)[1:] == []


def test_a_refund_that_failed_comes_back_in_the_books() -> None:
    made = payment(refunded=900)
    made.refunds[0]["status"] = "failed"
    assert [(line.kind, line.amount) for line in entries(made)][1:] == [
        ("refund", -900),
        ("refund_failed", 900),
    ]
    assert len({line.stripe_id for line in entries(made)}) == 3


def test_a_dispute_takes_the_money_and_an_inquiry_does_not() -> None:
    assert payment(dispute="needs_response").disputed
    assert payment(dispute="lost").disputed
    assert not payment(dispute="won").disputed
    asking = payment(dispute="warning_needs_response")
    assert (asking.disputed, len(asking.inquiries)) == (False, 1)
    assert (payment(refunded=4900).refunded, payment(refunded=4899).refunded) == (True, False)


def test_moments_of_stripe_are_utc() -> None:
    assert moment(int(NOON.timestamp())) == NOON
