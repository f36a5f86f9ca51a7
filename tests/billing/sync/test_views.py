"""The address that Stripe tells its events: what it takes, and what it refuses without a trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.billing.models import StripeEvent
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from stripe_standin.deliveries import signature
from tests.billing.shop import Shop
from tests.clients import settle

ADDRESS = "/webhooks/stripe"
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "api_version": "2026-10-28.endive",
    "created": 1795435200,
    "livemode": False,
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
}
THIN = {
    "id": "evt_2",
    "object": "v2.core.event",
    "type": "v1.billing.meter.error_report_triggered",
    "created": "2026-11-23T12:00:00Z",
    "livemode": False,
    "related_object": {"id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1"},
}
BRIDGE = {
    "version": "0",
    "source": "aws.partner/stripe.com/x",
    "detail-type": "invoice.paid",
    "detail": EVENT,
}
GRID = [{"id": "1", "eventType": "invoice.paid", "data": EVENT}]


def body_of(value: Any = EVENT) -> bytes:
    return json.dumps(value).encode()


def post(shop: Shop, body: bytes, header: str | None) -> int:
    headers = {} if header is None else {"Stripe-Signature": header}
    settle(shop.app)
    return shop.app.test_client().post(ADDRESS, data=body, headers=headers).status_code


def stored(shop: Shop) -> int:
    settle(shop.app)
    return db.session.scalar(select(func.count()).select_from(StripeEvent)) or 0


def test_a_signed_event_is_stored_once_with_its_job(shop: Shop) -> None:
    # 18
    header = shop.stripe.sign(body_of())
    assert [post(shop, body_of(), header) for _ in range(3)] == [200] * 3
    assert stored(shop) == 1
    assert db.session.scalars(select(Job.payload).where(Job.task == "billing.event")).all() == [
        {"event": "evt_1"}
    ]


Header = Callable[[Shop, bytes], str | None]


def now_of(shop: Shop) -> int:
    return int(shop.clock().timestamp())


REFUSED: dict[str, Header] = {
    "missing": lambda shop, body: None,
    "empty": lambda shop, body: "",
    "garbage": lambda shop, body: "v1",
    "no moment": lambda shop, body: shop.stripe.sign(body).partition(",")[2],
    "no signature": lambda shop, body: shop.stripe.sign(body).partition(",")[0],
    "wrong": lambda shop, body: f"t={now_of(shop)},v1={'0' * 64}",
    "only v0": lambda shop, body: shop.stripe.sign(body).replace("v1=", "v0="),
    "not ascii": lambda shop, body: f"t={now_of(shop)},v1=\xe9\xe9",
    "huge moment": lambda shop, body: signature(body, "whsec_standin", 10**30),
    "old": lambda shop, body: shop.stripe.sign(body, at=now_of(shop) - 301),
    "future": lambda shop, body: shop.stripe.sign(body, at=now_of(shop) + 301),
    "other secret": lambda shop, body: signature(body, "whsec_other", now_of(shop)),
    "no secret": lambda shop, body: signature(body, "", now_of(shop)),
    "other body": lambda shop, body: shop.stripe.sign(body.replace(b"evt_1", b"evt_3")),
}


@pytest.mark.parametrize("header", REFUSED)
def test_what_stripe_did_not_sign_lately_is_refused_without_a_trace(shop: Shop, header: str) -> None:
    # 18
    assert post(shop, body_of(), REFUSED[header](shop, body_of())) == 400
    assert stored(shop) == 0


@pytest.mark.parametrize("step", [-299, 299])
def test_clocks_may_differ_by_some_minutes(shop: Shop, step: int) -> None:
    assert post(shop, body_of(), shop.stripe.sign(body_of(), at=now_of(shop) + step)) == 200


def test_one_of_several_signatures_is_enough(shop: Shop) -> None:
    moment, _, good = shop.stripe.sign(body_of()).partition(",")
    assert post(shop, body_of(), f"{moment},v1={'0' * 64},{good},v0=abc") == 200


@pytest.mark.parametrize(
    "value",
    [
        THIN,
        BRIDGE,
        GRID,
        {},
        [],
        None,
        1,
        "text",
        {**EVENT, "data": None},
        {**EVENT, "data": {"object": {"object": "balance"}}},
        {**EVENT, "id": ""},
        {**EVENT, "id": 5},
        {**EVENT, "id": "evt_\x00"},
        {**EVENT, "id": "e" * 300},
        {**EVENT, "created": "soon"},
        {**EVENT, "created": 10**20},
        {**EVENT, "object": "charge"},
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_signed_but_no_snapshot_event_is_refused(shop: Shop, value: Any) -> None:
    # 19
    assert post(shop, body_of(value), shop.stripe.sign(body_of(value))) == 400
    assert stored(shop) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"a": NaN}'])
def test_what_is_signed_but_no_json_is_refused(shop: Shop, body: bytes) -> None:
    moment = now_of(shop)
    assert post(shop, body, f"t={moment},v1=00") == 400
    if body != b"\xff\xfe":
        assert post(shop, body, shop.stripe.sign(body)) == 400
    assert stored(shop) == 0


def test_a_body_of_ten_megabytes_is_refused_unread(shop: Shop) -> None:
    body = body_of({**EVENT, "padding": "x" * 10_000_000})
    assert post(shop, body, shop.stripe.sign(body)) == 413
    assert stored(shop) == 0


def test_the_same_message_played_again_later_is_refused(shop: Shop) -> None:
    header = shop.stripe.sign(body_of())
    assert post(shop, body_of(), header) == 200
    shop.clock.advance(timedelta(minutes=6))
    assert post(shop, body_of(), header) == 400
    assert stored(shop) == 1


def test_only_posts_are_taken(shop: Shop) -> None:
    settle(shop.app)
    assert shop.app.test_client().get(ADDRESS).status_code == 405


def test_without_a_key_of_stripe_there_is_no_such_address(shop: Shop) -> None:
    header = shop.stripe.sign(body_of())
    shop.app.extensions["stripe"] = None
    assert post(shop, body_of(), header) == 404
