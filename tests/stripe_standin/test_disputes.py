from __future__ import annotations

import pytest

from stripe_standin.errors import ApiError
from tests.stripe_standin.shop import Shop, refusal


def test_a_dispute_takes_the_money_and_bars_a_refund(shop: Shop) -> None:
    intent = shop.passed()
    made = shop.standin.dispute(intent)
    found = shop.v1.disputes.retrieve(made["id"])
    assert (found.status, found.payment_intent, found.amount) == ("needs_response", intent, 4900)
    assert len(found.balance_transactions) == 1
    assert shop.v1.charges.retrieve(found.charge).disputed
    assert "charge.dispute.created" in shop.kinds()
    assert refusal(shop.v1.refunds.create, params={"payment_intent": intent}).code == "charge_disputed"
    with pytest.raises(ApiError):
        shop.standin.dispute(intent)


@pytest.mark.parametrize(("won", "status"), [(True, "won"), (False, "lost")])
def test_the_bank_decides_once(shop: Shop, won: bool, status: str) -> None:
    made = shop.standin.dispute(shop.passed())
    assert shop.standin.close_dispute(made["id"], won)["status"] == status
    assert shop.kinds()[-1] == "charge.dispute.closed"
    assert len(shop.v1.disputes.retrieve(made["id"]).balance_transactions) == (2 if won else 1)
    with pytest.raises(ApiError):
        shop.standin.close_dispute(made["id"], won)


def test_an_inquiry_takes_nothing_and_leaves_a_refund_possible(shop: Shop) -> None:
    intent = shop.passed()
    made = shop.standin.dispute(intent, inquiry=True)
    assert (made["status"], made["balance_transactions"]) == ("warning_needs_response", [])
    assert shop.v1.refunds.create(params={"payment_intent": intent}).status == "succeeded"
    assert shop.standin.close_dispute(made["id"], True)["status"] == "warning_closed"


def test_an_inquiry_may_become_a_dispute(shop: Shop) -> None:
    made = shop.standin.dispute(shop.passed(), inquiry=True)
    assert shop.standin.escalate_dispute(made["id"])["status"] == "needs_response"
    assert shop.kinds()[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    found = shop.v1.disputes.retrieve(made["id"])
    assert [one.amount for one in found.balance_transactions] == [-4900]
    with pytest.raises(ApiError):
        shop.standin.escalate_dispute(made["id"])


def test_disputes_are_listed_by_what_is_disputed(shop: Shop) -> None:
    intent = shop.passed()
    made = shop.standin.dispute(intent)
    for params in ({"payment_intent": intent}, {"charge": made["charge"]}, {}):
        assert [each.id for each in shop.v1.disputes.list(params=params).data] == [made["id"]]
    assert not shop.v1.disputes.list(params={"charge": "ch_none"}).data
