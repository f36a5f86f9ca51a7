from __future__ import annotations

import time

import pytest
import stripe

from stripe_standin.errors import ApiError
from stripe_standin.faults import Fault, Faults
from tests.standin import client_of
from tests.stripe_standin.shop import Shop


def test_a_fault_happens_to_the_calls_it_is_for_and_wears_off() -> None:
    faults = Faults()
    faults.add(Fault("rate429", "/refunds$", "POST", count=2))
    assert faults.take("GET", "/v1/refunds") is None
    assert faults.take("POST", "/v1/refunds/re_1") is None
    assert [faults.take("POST", "/v1/refunds") is None for _ in range(3)] == [False, False, True]


def test_stripe_stays_down_until_that_is_cleared() -> None:
    faults = Faults()
    faults.add(Fault("down"))
    assert all(faults.take("GET", "/v1/events") for _ in range(5))
    faults.clear()
    assert faults.take("GET", "/v1/events") is None


@pytest.mark.parametrize("fault", [Fault("flood"), Fault("slow", path="(")])
def test_a_fault_that_makes_no_sense_is_refused(fault: Fault) -> None:
    with pytest.raises(ApiError):
        Faults().add(fault)


def test_a_connection_dropped_after_the_work_gives_the_same_session_again(shop: Shop) -> None:
    shop.v1 = client_of(shop.standin).v1
    shop.standin.fault("drop_after_commit", "/checkout/sessions$", "POST")
    session = shop.session(key="k")
    assert session.last_response.headers["Idempotent-Replayed"] == "true"
    assert [each.id for each in shop.v1.checkout.sessions.list().data] == [session.id]


def test_a_dropped_connection_is_an_error_to_whoever_does_not_try_again(shop: Shop) -> None:
    shop.standin.fault("drop_after_commit", method="post")
    with pytest.raises(stripe.APIConnectionError):
        shop.session(key="k")
    (session,) = shop.v1.checkout.sessions.list().data
    assert shop.session(key="k").id == session.id


def test_a_connection_dropped_before_the_work_leaves_nothing(shop: Shop) -> None:
    shop.standin.fault("drop_before")
    with pytest.raises(stripe.APIConnectionError):
        shop.session(key="k")
    assert not shop.v1.checkout.sessions.list().data


def test_a_500_is_answered_again_to_its_key_though_nothing_was_done(shop: Shop) -> None:
    shop.standin.fault("error500")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            shop.session(key="k")
        assert caught.value.http_status == 500
    assert (caught.value.headers or {})["Idempotent-Replayed"] == "true"
    assert not shop.v1.checkout.sessions.list().data
    assert shop.session(key="k2").status == "open"


def test_a_500_after_the_work_hides_what_was_done(shop: Shop) -> None:
    shop.standin.fault("error500_after")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            shop.session(key="k", client_reference_id="placement-1")
    found = shop.v1.checkout.sessions.list(params={"customer": shop.customer}).data
    assert [each.client_reference_id for each in found] == ["placement-1"]


@pytest.mark.parametrize(
    ("kind", "error", "status"),
    [
        ("rate429", stripe.RateLimitError, 429),
        ("conflict409", stripe.APIError, 409),
        ("down", stripe.APIError, 503),
    ],
)
def test_calls_are_turned_away(shop: Shop, kind: str, error: type[stripe.StripeError], status: int) -> None:
    shop.standin.fault(kind)
    with pytest.raises(error) as caught:
        shop.session(key="k")
    assert caught.value.http_status == status
    shop.standin.clear_faults()
    assert shop.session(key="k").status == "open"


def test_the_library_tries_again_what_is_worth_it(shop: Shop) -> None:
    shop.standin.fault("conflict409", count=1)
    assert client_of(shop.standin).v1.customers.create(params={"name": "Ana"}).name == "Ana"


def test_a_slow_call_keeps_nobody_else_waiting(shop: Shop) -> None:
    shop.standin.fault("slow", "/customers$", seconds=0.2)
    begun = time.monotonic()
    shop.v1.customers.list()
    assert time.monotonic() - begun >= 0.2
    shop.standin.clear_faults()


def test_waiting_ends_when_all_is_well_again() -> None:
    faults = Faults()
    begun = time.monotonic()
    faults.wait(0.01)
    faults.clear()
    assert time.monotonic() - begun < 5
