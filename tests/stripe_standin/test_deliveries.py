"""Deliveries of events: order, retries, signatures."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import stripe

from stripe_standin.deliveries import posting, signature
from stripe_standin.errors import ApiError
from stripe_standin.server import StandIn, utc_now
from tests.clock import FrozenClock
from tests.standin import client_of, started
from tests.stripe_standin.shop import Inbox, Shop, until

THING = {"id": "cs_other", "object": "checkout.session"}


def test_events_wait_until_they_are_flushed(shop: Shop, inbox: Inbox) -> None:
    shop.subscribed()
    assert not inbox.letters
    sent = shop.standin.flush()
    assert [status for _event, status in sent] == [200, 200, 200]
    assert [event["id"] for event in inbox.events] == [event for event, _status in sent]
    assert [event["type"] for event in inbox.events] == [
        "customer.subscription.created",
        "invoice.paid",
        "checkout.session.completed",
    ]
    assert not shop.standin.flush()


def test_stripes_library_takes_the_letters(shop: Shop, inbox: Inbox) -> None:
    shop.subscribed()
    shop.standin.flush()
    body, headers = inbox.letters[-1]
    # The clock of the test stands still in another year: how old the letter is, is another test's matter.
    event = stripe.Webhook.construct_event(
        body, headers["Stripe-Signature"], "whsec_standin", tolerance=10**9
    )
    assert (event.type, event.data.object["status"]) == ("checkout.session.completed", "complete")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", headers["Stripe-Signature"], "whsec_standin")


def three(shop: Shop) -> list[str]:
    """The ids of three events that wait, as they were made."""
    return [shop.standin.send("refund.updated", {"id": f"re_{n}", "object": "refund"}) for n in range(3)]


def test_events_arrive_in_any_order(shop: Shop) -> None:
    first = three(shop)
    assert [event for event, _status in shop.standin.flush(order="reverse")] == first[::-1]
    second = three(shop)
    shuffled = [event for event, _status in shop.standin.flush(order="shuffle", repeat=3, seed=5)]
    assert sorted(shuffled) == sorted(second * 3)
    assert shuffled not in (second * 3, sorted(second * 3, key=second.index))
    with pytest.raises(ApiError):
        shop.standin.flush(order="sideways")


def test_events_arrive_several_times(shop: Shop, inbox: Inbox) -> None:
    ids = three(shop)
    assert len(shop.standin.flush(repeat=3)) == 9
    assert [event["id"] for event in inbox.events] == [event for event in ids for _ in range(3)]


def test_lost_events_count_as_undelivered_and_come_only_when_asked_for(shop: Shop, inbox: Inbox) -> None:
    ids = three(shop)
    assert not shop.standin.flush(drop=1.0)
    assert not shop.standin.flush()
    assert not inbox.letters
    waiting = shop.v1.events.list(params={"delivery_success": False}).data
    assert [each.id for each in waiting] == ids[::-1]
    assert [event for event, _status in shop.standin.flush(again=True)] == ids
    assert not shop.v1.events.list(params={"delivery_success": False}).data


def test_a_share_of_the_events_is_lost_the_same_way_each_time(shop: Shop) -> None:
    ids = [event for _ in range(4) for event in three(shop)]
    arrived = [event for event, _status in shop.standin.flush(drop=0.4, seed=1)]
    assert 0 < len(arrived) < len(ids)
    states = {each["event"]: each["state"] for each in shop.standin.deliveries()}
    assert [event for event in ids if states[event] == "delivered"] == arrived


def test_a_test_may_choose_what_is_lost(shop: Shop, inbox: Inbox) -> None:
    shop.subscribed()
    shop.standin.flush(drop=lambda event: event["type"].startswith("checkout."))
    assert {event["type"] for event in inbox.events} == {"customer.subscription.created", "invoice.paid"}


def test_refused_and_broken_deliveries_are_tried_again(shop: Shop, inbox: Inbox) -> None:
    (event, *_) = three(shop)
    inbox.status = 500
    assert {status for _event, status in shop.standin.flush()} == {500}
    inbox.error = ConnectionError("gone")
    assert {status for _event, status in shop.standin.flush()} == {0}
    inbox.status, inbox.error = 204, None
    assert {status for _event, status in shop.standin.flush()} == {204}
    found = next(each for each in shop.standin.deliveries() if each["event"] == event)
    assert (found["state"], found["statuses"], found["type"]) == (
        "delivered",
        [500, 0, 204],
        "refund.updated",
    )


def test_an_event_once_taken_stays_taken(shop: Shop, inbox: Inbox) -> None:
    (event, *_) = three(shop)
    shop.standin.flush()
    inbox.status = 500
    shop.standin.redeliver(event)
    assert shop.v1.events.retrieve(event).pending_webhooks == 0
    assert len(inbox.letters) == 4


def test_an_event_can_be_made_by_hand(shop: Shop, inbox: Inbox) -> None:
    assert (
        shop.standin.send("checkout.session.completed", THING, livemode=True, event="evt_mine") == "evt_mine"
    )
    shop.standin.flush()
    (event,) = inbox.events
    assert (event["id"], event["livemode"], event["data"]["object"]) == ("evt_mine", True, THING)


def test_a_test_may_deliver_by_itself(shop: Shop) -> None:
    event = shop.standin.send("checkout.session.completed", THING)
    body, headers = shop.standin.envelope(event)
    assert json.loads(body)["id"] == event
    assert headers["Stripe-Signature"] == shop.standin.sign(body)


def test_without_an_endpoint_every_delivery_fails(tmp_path: Path) -> None:
    with started(tmp_path, FrozenClock()) as standin:
        standin.send("refund.updated", {"id": "re_1", "object": "refund"})
        assert [status for _event, status in standin.flush()] == [0]


@pytest.mark.parametrize("endpoint", ["", "localhost:8000/x", "ftp://localhost/x", "http://"])
def test_an_endpoint_is_a_web_address(endpoint: str) -> None:
    with pytest.raises(ValueError, match="must begin with"):
        posting(endpoint)


class Site:
    """A site that refuses the first letters, then takes them."""

    def __init__(self, statuses: list[int]) -> None:
        self.letters: list[tuple[str, bytes, str]] = []
        self.taken = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.letters.append((self.path, body, self.headers["Stripe-Signature"]))
                status = statuses.pop(0) if statuses else 200
                self.send_response(status)
                self.end_headers()
                if status == 200:
                    site.taken.set()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.mark.slow
def test_automatic_deliveries_go_on_until_they_are_taken(tmp_path: Path) -> None:
    site = Site([503, 302])
    try:
        with started(tmp_path, FrozenClock(), endpoint=f"{site.url}/hook?x=1", automatic=True) as standin:
            event = standin.send("refund.updated", {"id": "re_1", "object": "refund"})
            assert site.taken.wait(20)
            until(lambda: standin.deliveries()[0]["state"] == "delivered")
            assert standin.deliveries()[0]["statuses"] == [503, 302, 200]
    finally:
        site.stop()
    path, body, signature = site.letters[-1]
    assert (path, json.loads(body)["id"]) == ("/hook?x=1", event)
    assert stripe.WebhookSignature.verify_header(body.decode(), signature, "whsec_standin")


def test_what_was_not_delivered_is_delivered_after_a_restart(tmp_path: Path) -> None:
    with started(tmp_path, FrozenClock(), endpoint="http://127.0.0.1:9/") as standin:
        event = standin.send("refund.updated", {"id": "re_1", "object": "refund"})
        assert standin.flush() == [(event, 0)]
    taken = threading.Event()

    def deliver(_body: bytes, _headers: dict[str, str]) -> int:
        taken.set()
        return 200

    with started(tmp_path, FrozenClock(), deliver=deliver, automatic=True) as standin:
        assert taken.wait(20)


def test_only_the_kinds_subscribed_to_are_delivered(tmp_path: Path, inbox: Inbox) -> None:
    with StandIn(tmp_path, clock=FrozenClock(), deliver=inbox, types=["customer.created"]) as standin:
        stripe.StripeClient("sk_test_standin", base_addresses={"api": standin.url}).v1.customers.create()
        standin.flush()
    assert [event["type"] for event in inbox.events] == ["customer.created"]


def test_time_alone_makes_events_that_are_delivered_at_once(tmp_path: Path) -> None:
    clock = FrozenClock()
    taken = threading.Event()

    def deliver(body: bytes, _headers: dict[str, str]) -> int:
        if json.loads(body)["type"] == "checkout.session.expired":
            taken.set()
        return 200

    with started(tmp_path, clock, deliver=deliver, automatic=True) as standin:
        Shop(standin, client_of(standin)).session()
        clock.advance(timedelta(days=1))
        # Any change wakes the thread; nobody asks for the session.
        standin.send("refund.updated", {"id": "re_1", "object": "refund"})
        assert taken.wait(20)


def test_only_the_latest_statuses_are_kept(shop: Shop, inbox: Inbox) -> None:
    three(shop)
    inbox.status = 500
    for _ in range(25):
        shop.standin.flush()
    assert {len(each["statuses"]) for each in shop.standin.deliveries()} == {20}


BODY = b'{"id": "evt_1", "object": "event"}'


def verify(body: bytes, header: str, **options: int) -> bool:
    return bool(stripe.WebhookSignature.verify_header(body.decode(), header, "whsec_standin", **options))


def test_stripes_library_takes_the_signature() -> None:
    assert verify(BODY, signature(BODY, "whsec_standin", 1000))


@pytest.mark.parametrize(
    ("body", "secret"), [(BODY + b" ", "whsec_standin"), (BODY, "whsec_other")], ids=["body", "secret"]
)
def test_a_signature_of_something_else_is_refused(body: bytes, secret: str) -> None:
    with pytest.raises(stripe.SignatureVerificationError):
        verify(BODY, signature(body, secret, 1000))


def test_anything_can_be_signed_now_and_then(standin: StandIn) -> None:
    now = standin.now()
    assert standin.sign(BODY) == signature(BODY, "whsec_standin", now)
    standin.advance(3600)
    assert standin.sign(BODY) == signature(BODY, "whsec_standin", now)
    assert standin.sign(BODY.decode(), at=5) == signature(BODY, "whsec_standin", 5)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        verify(BODY, standin.sign(BODY, at=5), tolerance=300)


def test_letters_may_be_signed_by_another_clock(tmp_path: Path) -> None:
    with started(tmp_path, FrozenClock(), signing_clock=utc_now) as standin:
        body, headers = standin.envelope(standin.send("refund.updated", {"id": "re_1"}))
        assert verify(body, headers["Stripe-Signature"], tolerance=300)
