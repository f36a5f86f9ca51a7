"""Troubles tell whether another try can help."""

from __future__ import annotations

import pytest

from marketplace.billing.stripe import client as errors


@pytest.mark.parametrize(
    "kind", ["StripeRefused", "StripeMissing", "StripeBusy", "StripeUnknown", "StripeMisconfigured"]
)
def test_every_trouble_carries_the_code_of_stripe(kind: str) -> None:
    error = getattr(errors, kind)("a_code")
    assert isinstance(error, errors.GatewayError)
    assert (error.code, str(error)) == ("a_code", "a_code")


def test_what_is_missing_is_refused_for_certain_and_what_is_unknown_is_not() -> None:
    assert issubclass(errors.StripeMissing, errors.StripeRefused)
    assert not issubclass(errors.StripeUnknown, errors.StripeRefused)
