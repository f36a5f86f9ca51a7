from __future__ import annotations

import pytest

from stripe_standin.routes import ROUTES, match
from tests.stripe_description import description


def test_a_path_is_matched_with_the_values_in_it() -> None:
    assert match("POST", "/v1/checkout/sessions/cs_1/expire") == (
        "/v1/checkout/sessions/{session}/expire",
        {"session": "cs_1"},
    )
    assert match("GET", "/v1/refunds") == ("/v1/refunds", {})


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/refunds"), ("GET", "/v1/refunds/"), ("GET", "/v1/nothing"), ("GET", "/")],
)
def test_other_paths_have_no_answer(method: str, path: str) -> None:
    assert match(method, path) is None


@pytest.mark.parametrize(("method", "template"), sorted(ROUTES))
def test_every_call_is_one_that_stripe_describes(method: str, template: str) -> None:
    assert description().template(template) == template
    description().check_response(method, template, 400, {"error": {"type": "api_error"}})
