"""Stripe's signatures of webhooks."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime


def signature(body: bytes, secret: str, at: int) -> str:
    """The value of the header `Stripe-Signature` for a body sent at this time, in seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Signer:
    """Signs with one secret. Moving the stand-in's clock on does not move the signatures: nor does Stripe's test clock."""

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._secret = secret
        self._clock = clock

    def sign(self, body: bytes, at: int | None = None) -> str:
        """The header's value for a body sent now, or at another time."""
        return signature(body, self._secret, int(self._clock().timestamp()) if at is None else at)
