"""Calls of Stripe's official client: errors become ours, lists are read to their end, answers become plain dicts.

The errors say what Stripe did, and whether a retry can help.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import stripe

log = logging.getLogger(__name__)
Answer = dict[str, Any]
# Seconds to connect and to wait for an answer; the client's own default is 80.
RETRIES, TIMEOUTS = 2, (3, 20)


class GatewayError(Exception):
    """Stripe did not do what we asked. `code` is Stripe's, for the log and the admins' page."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class StripeRefused(GatewayError):
    """Stripe rejected the request: nothing was done, and a retry of the same request cannot help."""


class StripeMissing(StripeRefused):
    """Stripe has no such object."""


class StripeBusy(GatewayError):
    """Too many requests: nothing was done, and a later retry may work."""


class StripeUnknown(GatewayError):
    """The outcome is unknown: the connection was lost, or Stripe had an internal error."""


class StripeMisconfigured(GatewayError):
    """The key is wrong or lacks a permission: an admin must act."""


def api_client(key: str, base: str = "") -> stripe.StripeClient:
    """The official client for a key. `base` is the address of the stand-in, empty for Stripe itself."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUTS),  # keeps a connection for each thread
    )


def call(request: Callable[[], Any]) -> Any:
    """What Stripe answers. Raises `GatewayError`; the log gets the error's class and code, never its text."""
    try:
        return request()
    except stripe.StripeError as error:
        ours = classify_error(error)
        # The caller may expect a rejection; one that does not raises an alarm.
        level = logging.INFO if isinstance(ours, StripeRefused) else logging.WARNING
        log.log(level, "stripe: %s %s (%s)", type(error).__name__, error.http_status or "", ours.code)
        raise ours from error


def call_plain(request: Callable[[], Any]) -> Answer:
    """What Stripe answers, as a plain dict."""
    return as_dict(call(request))


def call_all(request: Callable[[], Any]) -> Iterator[Answer]:
    """Every object of a list, page after page. The first page is requested at once."""
    return _pages(call(request).auto_paging_iter())


def _pages(found: Iterator[Any]) -> Iterator[Answer]:
    while (one := call(lambda: next(found, None))) is not None:
        yield as_dict(one)


def as_dict(found: Any) -> Answer:
    """An object of the client as a plain dict."""
    return dict(found.to_dict())


def classify_error(error: stripe.StripeError) -> GatewayError:
    """Our class for an error of Stripe's library."""
    code = str(error.code or "")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return StripeMisconfigured(code)
    if isinstance(error, stripe.RateLimitError):
        return StripeBusy(code)
    status = error.http_status or 500
    if isinstance(error, stripe.APIConnectionError) or status >= 500 or status == 409:
        return StripeUnknown(code)  # 409: the same request is in progress elsewhere
    if status == 404:
        return StripeMissing(code)
    return StripeRefused(code)
