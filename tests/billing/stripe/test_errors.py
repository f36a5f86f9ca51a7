"""Troubles tell whether another try can help."""

from __future__ import annotations

import pytest

from marketplace.billing.stripe import client as troubles


@pytest.mark.parametrize(
    "kind", ["StripeRefused", "StripeMissing", "StripeBusy", "StripeUnknown", "StripeMisconfigured"]
)
def test_every_trouble_carries_the_code_of_stripe(kind: str) -> None:
    trouble = getattr(troubles, kind)("a_code")
    assert isinstance(trouble, troubles.GatewayError)
    assert (trouble.code, str(trouble)) == ("a_code", "a_code")


def test_what_is_missing_is_refused_for_certain_and_what_is_unknown_is_not() -> None:
    assert issubclass(troubles.StripeMissing, troubles.StripeRefused)
    assert not issubclass(troubles.StripeUnknown, troubles.StripeRefused)
