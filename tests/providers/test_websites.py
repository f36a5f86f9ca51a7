"""Websites: what is accepted, and the host that identifies a provider."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import Invalid
from marketplace.guides.hugo.guide_file import link_cell
from marketplace.providers.websites import carries_referral, read_website


@pytest.mark.parametrize(
    ("typed", "url", "host"),
    [
        ("https://casa.example/", "https://casa.example/", "casa.example"),
        ("  HTTPS://WWW.Casa.Example/Path?x=1#y ", "https://WWW.Casa.Example/Path?x=1#y", "casa.example"),
        ("http://casa.example:8080/", "http://casa.example:8080/", "casa.example"),
        ("https://casa.example./", "https://casa.example./", "casa.example"),
        ("https://müller.example/", "https://müller.example/", "müller.example"),
        ("https://xn--mller-kva.example/", "https://xn--mller-kva.example/", "müller.example"),
        ("https://例え.テスト/", "https://例え.テスト/", "例え.テスト"),
        ("https://i❤.ws/", "https://i❤.ws/", "i❤.ws"),
        ("https://www.com/", "https://www.com/", "www.com"),
        ("casa.example", "https://casa.example", "casa.example"),
        ("  www.casa.example/es?x=1 ", "https://www.casa.example/es?x=1", "casa.example"),
        ("casa.example:8443/x", "https://casa.example:8443/x", "casa.example"),
        ("münchen.example", "https://münchen.example", "münchen.example"),
    ],
)
def test_a_website_is_kept_as_typed_with_one_spelling_of_its_host(typed: str, url: str, host: str) -> None:
    website = read_website(typed)
    assert (website.url, website.host) == (url, host)


@pytest.mark.parametrize(
    "typed",
    [
        "casa",
        "casa.",
        "hello@casa.example",
        "casa.example/a b",
        "localhost:8000",
        "127.0.0.1",
        "casa.example:0",
        "//casa.example",
        "ftp://casa.example",
        "javascript:alert(1)",
        "mailto:x@casa.example",
        "https://",
        "https:///path",
        "https://user:secret@casa.example",
        "https://casa.example@evil.example",
        "https://casa example",
        "https://casa.example/a b",
        "https://casa.example/\nx",
        "https://casa..example",
        "https://-casa.example",
        "https://localhost",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://casa.example:0",
        "https://casa.example:99999",
        "https://casa.example\\@evil.example",
        "https://" + "a" * 64 + ".example",
    ],
)
def test_what_is_no_public_http_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_website(typed)
    assert (refusal.value.code, refusal.value.field) == ("website_address", "website")


def test_nothing_and_too_much_are_refused_by_name() -> None:
    with pytest.raises(Invalid, match="website_missing"):
        read_website("  ")
    with pytest.raises(Invalid, match="website_long"):
        read_website("https://casa.example/" + "a" * 500)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_accepted_can_stand_in_a_guide(host: str, path: str) -> None:
    try:
        website = read_website(f"https://{host}/{path}")
    except Invalid:
        return
    assert link_cell("x", website.url)
    assert website.host == website.host.lower()
    assert "/" not in website.host


@pytest.mark.parametrize(
    ("url", "carries"),
    [
        ("https://a.example/?ref=26", True),
        ("https://a.example/?x=1&utm_source=tramitit", True),
        ("https://a.example/?AFFILIATE_ID=7", True),
        ("https://a.example/?partner=t", True),
        ("https://a.example/?via", True),
        ("https://a.example/?lang=es", False),
        ("https://a.example/ref=26", False),
        ("https://a.example/?reference=1", False),
    ],
)
def test_a_referral_link_is_known_by_its_query(url: str, carries: bool) -> None:
    assert carries_referral(url) is carries
