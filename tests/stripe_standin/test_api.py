from __future__ import annotations

import base64
import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_standin.api import RequestRecord, ResponseRecord
from stripe_standin.server import StandIn
from tests.clock import FrozenClock
from tests.standin import client_of
from tests.stripe_standin.shop import Shop


def call(
    standin: StandIn, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, Any, dict[str, str]]:
    """A call without the library."""
    connection = http.client.HTTPConnection(standin.url.removeprefix("http://"), timeout=20)
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read()), dict(answer.getheaders())
    connection.close()
    return found


def test_another_key_is_refused(standin: StandIn) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        client_of(standin, retries=0, key="sk_test_other").v1.customers.list()
    assert caught.value.http_status == 401


def test_a_call_without_a_key_is_refused(standin: StandIn) -> None:
    status, body, _headers = call(standin, "GET", "/v1/customers")
    assert status == 401
    assert "did not provide" in body["error"]["message"]


def test_the_key_may_come_as_a_users_name(standin: StandIn) -> None:
    plain = base64.b64encode(b"sk_test_standin:").decode()
    assert call(standin, "GET", "/v1/customers", Authorization=f"Basic {plain}")[0] == 200


def test_an_address_that_is_none_is_not_found(standin: StandIn) -> None:
    status, body, headers = call(standin, "GET", "/v1/flights", Authorization="Bearer sk_test_standin")
    assert (status, body["error"]["type"]) == (404, "invalid_request_error")
    assert headers["Request-Id"].startswith("req_")


def test_every_answer_names_its_request(api: stripe.StripeClient, standin: StandIn) -> None:
    ids = {api.v1.customers.list().last_response.request_id for _ in range(3)}
    assert len(ids) == 3


def test_the_version_of_the_library_is_taken(api: stripe.StripeClient, standin: StandIn) -> None:
    answer = api.v1.customers.create().last_response
    assert answer.headers["Stripe-Version"] == "2026-10-28.endive"


def test_a_body_that_is_no_form_is_refused(standin: StandIn) -> None:
    status, body, _headers = call(
        standin, "POST", "/v1/customers", "name[=x", Authorization="Bearer sk_test_standin"
    )
    assert (status, body["error"]["code"]) == (400, "parameter_unknown")


def test_parts_without_numbers_are_read_too(shop: Shop) -> None:
    form = (
        f"mode=payment&success_url=http://example.com/&line_items[][price]={shop.once}&line_items[][quantity]=2"
        "&expand[]=line_items"
    )
    status, body, _headers = call(
        shop.standin, "POST", "/v1/checkout/sessions", form, Authorization="Bearer sk_test_standin"
    )
    assert (status, body["amount_total"], len(body["line_items"]["data"])) == (200, 9800, 1)


def test_observers_are_told_calls_and_answers(tmp_path: Path) -> None:
    told: list[tuple[RequestRecord, ResponseRecord]] = []
    with StandIn(tmp_path, clock=FrozenClock(), observer=lambda *both: told.append(both)) as standin:
        client = client_of(standin)
        made = client.v1.customers.create(params={"metadata": {"a": "b"}}, options={"idempotency_key": "k"})
        client.v1.customers.retrieve(made.id)
    (creation, answer), (retrieval, _answer) = told
    assert (creation.method, creation.template, creation.key) == ("POST", "/v1/customers", "k")
    assert creation.params == {"metadata": {"a": "b"}}
    assert (answer.status, answer.body["id"]) == (200, made.id)
    assert retrieval.template == "/v1/customers/{customer}"
    assert retrieval.values == {"customer": made.id}


def test_forty_at_once_lose_nothing(shop: Shop) -> None:
    def one(number: int) -> str:
        # While the other call with the key runs, Stripe answers 409 and asks to try again; a caller does.
        while True:
            try:
                return shop.session(key=f"k{number % 20}", client_reference_id=str(number % 20)).id
            except stripe.APIError as error:
                if error.http_status != 409:  # Stripe's library keeps no code of it
                    raise

    with ThreadPoolExecutor(40) as pool:
        made = list(pool.map(one, range(40), timeout=60))
    assert len(set(made)) == 20
    assert len(shop.v1.checkout.sessions.list(params={"limit": 100}).data) == 20


def test_paying_and_expiring_at_once_end_in_one_of_the_two(shop: Shop) -> None:
    sessions = [shop.session("payment").id for _ in range(10)]

    def pay(session: str) -> bool:
        try:
            return bool(shop.standin.pay(session))
        except Exception:
            return False

    def expire(session: str) -> bool:
        try:
            return bool(shop.v1.checkout.sessions.expire(session))
        except stripe.InvalidRequestError:
            return False

    with ThreadPoolExecutor(20) as pool:
        paid, expired = pool.map(pay, sessions), pool.map(expire, sessions)
        results = list(zip(paid, expired, strict=True))
    assert all(sum(pair) == 1 for pair in results)
    by_id = {each.id: each.status for each in shop.v1.checkout.sessions.list().data}
    assert [by_id[session] for session in sessions] == [
        "complete" if won else "expired" for won, _ in results
    ]
