"""Calls of Stripe's official client: errors become ours, lists are read to their end, answers become plain dicts.

The errors say what Stripe did, and whether a retry can help. Each call of the gateway declares which permission a restricted
key needs for it (`needs`): a refusal names it, and `docs/operators.md` lists them all.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import stripe

log = logging.getLogger(__name__)
Answer = dict[str, Any]
P = ParamSpec("P")
R = TypeVar("R")
# The one part of a refusal's text that is kept.
PERMISSION_NAMES = re.compile(r"rak_[a-z0-9_]+")
# Seconds to connect and to wait for an answer; the client's own default is 80.
RETRIES, TIMEOUTS = 2, (3, 20)
# How many keys are tried where Stripe stored an internal error for each.
ATTEMPTS = 5


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
    """The outcome is unknown: the connection was lost, or Stripe had an internal error. `stored` says that Stripe answered
    with such an error, and so answers the same idempotency key with it again."""

    def __init__(self, code: str = "", *, stored: bool = False) -> None:
        super().__init__(code)
        self.stored = stored


class StripeMisconfigured(GatewayError):
    """Stripe rejects the key: an admin must act."""


class StripeForbidden(StripeMisconfigured):
    """The key lacks a permission: nothing was done. `code` has Stripe's own names for it."""

    declared = ""

    @property
    def missing(self) -> str:
        """The permission that the key needs, by the name in Stripe's dashboard and by Stripe's own."""
        return f"{self.declared} ({self.code})" if self.declared and self.code else self.declared or self.code


class Access(StrEnum):
    """What a restricted key may do with a kind of object. Writing includes reading."""

    READ = "read"
    WRITE = "write"


def needs(resource: str, access: Access) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the permission that a restricted key needs for a method of the gateway. `resource` is named as in Stripe's
    dashboard. A refusal of the method carries the declaration."""

    def declare(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def allowed(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except StripeForbidden as refusal:
                refusal.declared = refusal.declared or f"{resource}: {access}"
                raise

        allowed.permission = (resource, access)  # type: ignore[attr-defined]
        return allowed

    return declare


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


def create_once(create: Callable[[str], R], find: Callable[[], R | None], key: str) -> R:
    """What `create` makes with an idempotency key. Stripe answers a key with what it stored, even an internal error: then
    `find` looks for what was made all the same, and only if there is nothing is the call made with another key."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return create(key if attempt == 1 else f"{key}:{attempt}")
        except StripeUnknown as unknown:
            if not unknown.stored or attempt == ATTEMPTS:
                raise
            try:
                found = find()
            except GatewayError:
                raise unknown from None  # a later call asks again
            if found is not None:
                return found
    raise AssertionError


def as_dict(found: Any) -> Answer:
    """An object of the client as a plain dict."""
    return dict(found.to_dict())


def classify_error(error: stripe.StripeError) -> GatewayError:
    """Our class for an error of Stripe's library."""
    code = str(error.code or "")
    if isinstance(error, stripe.PermissionError):
        return StripeForbidden(", ".join(PERMISSION_NAMES.findall(error.user_message or "")))
    if isinstance(error, stripe.AuthenticationError):
        return StripeMisconfigured(code)
    if isinstance(error, stripe.RateLimitError):
        return StripeBusy(code)
    status = error.http_status or 500
    if isinstance(error, stripe.APIConnectionError) or status >= 500 or status == 409:
        # 409: the same request is in progress elsewhere.
        return StripeUnknown(code, stored=(error.http_status or 0) >= 500)
    if status == 404:
        return StripeMissing(code)
    return StripeRefused(code)
