"""What may go wrong when Stripe is asked for something: what was done, and whether another try can help."""

from __future__ import annotations

import stripe


class StripeTrouble(Exception):
    """Stripe did not do what it was asked. `code` is Stripe's, for the log and the staff page."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class StripeRefused(StripeTrouble):
    """Stripe read the request and says no: repeating it as it is cannot help, and nothing was done."""


class StripeMissing(StripeRefused):
    """There is no such object at Stripe."""


class StripeBusy(StripeTrouble):
    """Too many requests: nothing was done, later it may be."""


class StripeUnknown(StripeTrouble):
    """Nobody knows whether it was done: the connection was lost, or Stripe answered with an error of its own."""


class StripeMisconfigured(StripeTrouble):
    """The key is wrong or may not do this: an admin must act."""


def trouble_of(error: stripe.StripeError) -> StripeTrouble:
    """Which of ours an error of Stripe's library is."""
    code = str(error.code or "")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return StripeMisconfigured(code)
    if isinstance(error, stripe.RateLimitError):
        return StripeBusy(code)
    status = error.http_status or 500
    if isinstance(error, stripe.APIConnectionError) or status >= 500 or status == 409:
        return StripeUnknown(code)  # 409: the same call is being answered elsewhere
    if status == 404:
        return StripeMissing(code)
    return StripeRefused(code)
