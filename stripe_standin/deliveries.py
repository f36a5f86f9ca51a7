"""Delivers events: on demand, in any order, with losses and repeats; or automatically with retries until they are
accepted."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from stripe_standin.errors import invalid
from stripe_standin.renewals import pass_time
from stripe_standin.store import StripeObject
from stripe_standin.world import World


def signature(body: bytes, secret: str, at: int) -> str:
    """The value of the header `Stripe-Signature` for a body sent at this time, in seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Signer:
    """Signs with one secret. Advancing the stand-in's clock does not change signatures; Stripe's test clock does not
    either."""

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._secret = secret
        self._clock = clock

    def sign(self, body: bytes, at: int | None = None) -> str:
        """The header's value for a body sent now, or at another time."""
        return signature(body, self._secret, int(self._clock().timestamp()) if at is None else at)


log = logging.getLogger(__name__)
Deliver = Callable[[bytes, dict[str, str]], int]
Drop = float | Callable[[StripeObject], bool]
ORDERS = ("as_made", "reverse", "shuffle")
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
TIMEOUT = 20
KEPT_STATUSES = 20


class Deliveries:
    """The queue of one webhook endpoint. An event waits until it is accepted (a status below 300) or dropped."""

    def __init__(self, world: World, signer: Signer, deliver: Deliver) -> None:
        self._world = world
        self._signer = signer
        self._deliver = deliver
        self._tries: dict[str, tuple[int, float]] = {}
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def waiting(self, *, again: bool = False) -> list[str]:
        """The ids of events that wait, oldest first; `again` adds those that were dropped."""
        states = ("waiting", "dropped") if again else ("waiting",)
        with self._world.change():
            return [kept["id"] for kept in self._world.store.each("_delivery") if kept["state"] in states]

    def flush(
        self,
        order: str = "as_made",
        drop: Drop = 0.0,
        repeat: int = 1,
        seed: int | None = None,
        *,
        again: bool = False,
    ) -> list[tuple[str, int]]:
        """Deliver what waits; returns event ids and statuses in the order of sending, 0 for a delivery that raised.

        `drop` is the share that is lost on the way, or says so of each event. Lost ones wait no more, but count as not
        delivered, until a flush with `again` takes them up. One that the endpoint refused waits for the next flush.
        """
        if order not in ORDERS:
            raise invalid(f"Invalid order: must be one of {', '.join(ORDERS)}", "order")
        chance = random.Random(seed)  # noqa: S311 - a test's luck, not a secret
        sending = []
        for wanted in self.waiting(again=again):
            lost = drop(self._event(wanted)) if callable(drop) else chance.random() < drop
            if lost:
                self._note(wanted, "dropped", None)
            else:
                sending += [wanted] * repeat
        if order == "reverse":
            sending.reverse()
        elif order == "shuffle":
            chance.shuffle(sending)
        return [(wanted, self.send(wanted)) for wanted in sending]

    def envelope(self, wanted: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an event's delivery, signed now."""
        body = json.dumps(self._event(wanted), indent=2).encode()
        return body, self.headers(body)

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a delivery with this body."""
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (stand-in)",
            "Stripe-Signature": self._signer.sign(body),
        }

    def send(self, wanted: str) -> int:
        """Deliver one event; returns the endpoint's status, 0 when the delivery raised."""
        body, headers = self.envelope(wanted)
        try:
            status = self._deliver(body, headers)
        except Exception:  # whatever goes wrong at the other end is a failed delivery
            status = 0
        self._note(wanted, "delivered" if 200 <= status < 300 else "waiting", status)
        return status

    def start(self) -> None:
        """Deliver automatically from now on."""
        self._stopped.clear()
        self._world.after_commit = self._wake.set
        self._thread = threading.Thread(target=self._run, name="stripe-standin-deliveries", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread that delivers."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(TIMEOUT)
            self._thread = None

    def _run(self) -> None:
        """Loop until stopped. There may be no API call for a long time, so time passes here too."""
        while not self._stopped.is_set():
            self._wake.clear()
            wait = LONGEST_WAIT
            try:
                with self._world.change() as world:
                    pass_time(world)
                wait = self._round()
            except Exception:
                # A thread that ended here would lose every later event without a word.
                log.exception("the stand-in of Stripe could not deliver")
            self._wake.wait(wait)

    def _round(self) -> float:
        """Send what is due; returns the seconds until the next delivery."""
        wait = LONGEST_WAIT
        for wanted in self.waiting():
            if self._stopped.is_set():
                break
            tries, due = self._tries.get(wanted, (0, 0.0))
            if due <= time.monotonic():
                if 200 <= self.send(wanted) < 300:
                    self._tries.pop(wanted, None)
                    continue
                due = time.monotonic() + min(FIRST_WAIT * 2**tries, LONGEST_WAIT)
                self._tries[wanted] = (tries + 1, due)
            wait = min(wait, max(0.0, due - time.monotonic()))
        return wait

    def _event(self, wanted: str) -> StripeObject:
        with self._world.change():
            return self._world.find("event", wanted)

    def _note(self, wanted: str, state: str, status: int | None) -> None:
        with self._world.change() as world:
            kept = world.find("_delivery", wanted)
            if status is not None:
                kept["statuses"] = [*kept["statuses"], status][-KEPT_STATUSES:]
            if kept["state"] != "delivered":
                kept["state"] = state
            if kept["state"] == "delivered":
                world.save({**world.find("event", wanted), "pending_webhooks": 0})
            world.store.put("_delivery", kept)


def posting(endpoint: str) -> Deliver:
    """Delivers by HTTP to an address; a redirect is a failure, as it is for Stripe. Raises ValueError for no address."""
    parts = urlsplit(endpoint)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or host is None:
        raise ValueError(f"the webhook's address must begin with http:// or https://, not {endpoint!r}")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def deliver(body: bytes, headers: dict[str, str]) -> int:
        connection = kind(host, parts.port, timeout=TIMEOUT)
        try:
            connection.request("POST", target, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    return deliver


def nowhere(_body: bytes, _headers: dict[str, str]) -> int:
    """No endpoint is set: every delivery fails."""
    raise RuntimeError("the stand-in was given neither an endpoint nor a way to deliver")
