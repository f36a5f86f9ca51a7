"""The stand-in of Stripe as tests use it: real HTTP, and every call and answer held against Stripe's description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import stripe

from stripe_standin.api import RequestRecord, ResponseRecord
from stripe_standin.server import StandIn
from tests.stripe_description import description


class Watch:
    """An observer that keeps the calls and answers, and what was wrong with them; `also` sees each call as well."""

    def __init__(self, also: Callable[[], None] = lambda: None) -> None:
        self.also = also
        self.calls: list[tuple[RequestRecord, ResponseRecord]] = []
        self.faults: list[str] = []

    def __call__(self, request: RequestRecord, response: ResponseRecord) -> None:
        """Check one call. What the stand-in refused may be wrong; what it took may not."""
        self.also()
        self.calls.append((request, response))
        try:
            if request.template == request.path and response.status in (401, 404) and not request.values:
                description().check_response("GET", "/v1/products", response.status, response.body)
                return
            if response.status == 200:
                description().check_request(request.method, request.template, request.params)
            description().check_response(request.method, request.template, response.status, response.body)
        except AssertionError as error:
            self.faults.append(str(error))


@contextmanager
def started(
    folder: Path, clock: Callable[[], datetime], *, also: Callable[[], None] = lambda: None, **options: Any
) -> Iterator[StandIn]:
    """A stand-in that runs; fails at the end when a call or an answer was not as Stripe describes it."""
    watch = Watch(also)
    with StandIn(folder, clock=clock, observer=watch, **options) as standin:
        yield standin
    assert not watch.faults, "\n".join(dict.fromkeys(watch.faults))


def client_of(standin: StandIn, *, retries: int = 2, key: str = "sk_test_standin") -> stripe.StripeClient:
    """Stripe's own library, talking to the stand-in."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": standin.url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=(3, 20)),
    )
