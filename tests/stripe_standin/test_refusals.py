from __future__ import annotations

from stripe_standin.refusals import Refusal, invalid, no_such


def test_a_refusal_has_the_shape_of_stripe_errors() -> None:
    refusal = Refusal("No.", code="some_code", param="a[b]")
    assert refusal.body() == {
        "error": {"type": "invalid_request_error", "code": "some_code", "message": "No.", "param": "a[b]"}
    }
    assert Refusal("No.").body() == {"error": {"type": "invalid_request_error", "message": "No."}}


def test_a_missing_object_is_named_and_a_wrong_value_is_not_kept() -> None:
    missing = no_such("payment_intent", "pi_1", param="charge")
    assert missing.message == "No such payment intent: 'pi_1'"
    assert (missing.status, missing.param, missing.stored) == (400, "charge", True)
    assert not invalid("Wrong.", "a").stored
