from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_standin.keys import fingerprint_of
from stripe_standin.server import StandIn
from tests.clock import FrozenClock
from tests.standin import client_of, started
from tests.stripe_standin.shop import DAY, NOW, Shop


def test_a_second_call_with_a_key_is_answered_as_the_first(shop: Shop) -> None:
    first = shop.session(key="checkout:1:1")
    second = shop.session(key="checkout:1:1")
    assert second.to_dict() == first.to_dict()
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(shop.v1.checkout.sessions.list().data) == 1


def test_a_key_is_for_one_call(shop: Shop) -> None:
    session = shop.session(key="k")
    with pytest.raises(stripe.IdempotencyError) as caught:
        shop.session(key="k", client_reference_id="other")
    assert caught.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        shop.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "k"})


def test_what_was_refused_before_it_was_tried_is_not_kept(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.session(key="k", expires_at=NOW)
    assert shop.session(key="k").status == "open"


def test_what_was_refused_when_it_was_tried_is_kept(shop: Shop) -> None:
    intent = shop.passed()
    refund = {"payment_intent": intent, "amount": 5000}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as caught:
            shop.v1.refunds.create(params=refund, options={"idempotency_key": "k"})
    assert (caught.value.headers or {})["Idempotent-Replayed"] == "true"


def test_a_key_is_forgotten_after_a_day(shop: Shop) -> None:
    first = shop.session(key="k")
    shop.standin.advance(DAY)
    assert shop.session(key="k").id != first.id


def test_a_key_that_is_too_long_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        shop.session(key="k" * 256)


def test_a_key_in_use_is_a_conflict(shop: Shop) -> None:
    intent = shop.passed()
    shop.standin.fault("slow", "/refunds", seconds=60)

    def refund() -> stripe.Refund | stripe.APIError:
        try:
            return shop.v1.refunds.create(
                params={"payment_intent": intent}, options={"idempotency_key": "refund:1"}
            )
        except stripe.APIError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(refund) for _ in range(2)]
        done, others = wait(both, return_when=FIRST_COMPLETED)
        shop.standin.clear_faults()
    (conflict,), (other,) = [each.result() for each in done], [each.result() for each in others]
    assert isinstance(conflict, stripe.APIError)
    assert conflict.http_status == 409
    body: Any = conflict.json_body
    assert body["error"]["code"] == "idempotency_key_in_use"
    assert isinstance(other, stripe.Refund)
    assert other.amount == 4900


def test_keys_outlive_a_restart(tmp_path: Path) -> None:
    clock = FrozenClock()
    with started(tmp_path, clock) as standin:
        first = client_of(standin).v1.customers.create(options={"idempotency_key": "k"})
    with started(tmp_path, clock) as standin:
        assert client_of(standin).v1.customers.create(options={"idempotency_key": "k"}).id == first.id
        assert len(standin.state()["customer"]) == 1


def test_keys_without_names_are_all_different(standin: StandIn) -> None:
    client = client_of(standin)
    assert client.v1.customers.create().id != client.v1.customers.create().id


def test_a_call_is_known_by_all_that_was_sent() -> None:
    assert fingerprint_of("POST", "/a", {"x": "1", "y": "2"}) == fingerprint_of(
        "POST", "/a", {"y": "2", "x": "1"}
    )
    assert fingerprint_of("POST", "/a", {"x": "1"}) != fingerprint_of("POST", "/b", {"x": "1"})
    assert fingerprint_of("POST", "/a", {"x": "1"}) != fingerprint_of("POST", "/a", {"x": "2"})
