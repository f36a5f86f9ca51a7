from __future__ import annotations

from pathlib import Path

import pytest
import stripe

from stripe_standin.server import StandIn, utc_now
from stripe_standin.signing import signature
from tests.clock import FrozenClock
from tests.standin import started

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
