from __future__ import annotations

import pytest
from markupsafe import Markup

from stripe_standin.frame import guarded, page, see, stylesheet
from stripe_standin.server import StandIn
from tests.pages import Page, lint
from tests.stripe_standin.browsing import visit


def test_a_page_is_whole_and_says_that_no_money_moves() -> None:
    found = page("A <title>", Markup("<p>{}</p>").format("<script>"))
    html = found.get_data(as_text=True)
    assert not lint(html)
    assert Page(html).texts("p") == ["Stand-in of Stripe: no money moves", "<script>"]


def test_forms_may_lead_only_to_the_sites_named() -> None:
    policy = page("A", Markup(""), targets=("https://a.example/x?y=1", None, "https://a.example/z")).headers[
        "Content-Security-Policy"
    ]
    assert "form-action 'self' https://a.example;" in policy
    assert "default-src 'none'; style-src 'self'" in policy


@pytest.mark.parametrize("target", ["http://a.example; script-src *", "http://a.example, */x"])
def test_a_target_cannot_widen_the_policy(target: str) -> None:
    policy = page("A", Markup(""), targets=(target,)).headers["Content-Security-Policy"]
    assert policy.count(";") == 4
    assert "," not in policy


def test_going_on_is_a_fresh_get() -> None:
    answer = see("http://a.example/x")
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://a.example/x")


def test_no_answer_is_kept_sniffed_or_named_to_others() -> None:
    headers = guarded(stylesheet()).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_style_is_served_to_the_pages(standin: StandIn) -> None:
    found = visit(f"{standin.url}/standin.css")
    assert found.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme" in found.text
