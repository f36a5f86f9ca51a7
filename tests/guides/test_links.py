"""Links to the public site become links within this one where the page exists, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.guides.hugo.guide_file import read_guide
from marketplace.guides.links import SitePaths, guide_path, origin_links, rewrite_links
from marketplace.guides.rendering import render_guide
from tests.hostile import guide

ORIGIN = "https://guides.example"
PATHS = {"/", "/guides/spain/nie/", "/es/guides/españa/número_ñ/", "/a b/", "/q?x/", "/a&b/"}

SITE = SitePaths([("en", "peru", "card"), ("es", "peru", "carné"), ("pt-BR", "brazil", "cpf")])


def link(href: str) -> str:
    return f'<p><a href="{href}" rel="nofollow noopener">text</a> more</p>'


def rewritten(href: str) -> str:
    return rewrite_links(link(href), ORIGIN, PATHS.__contains__)


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("https://guides.example/guides/spain/nie/", "/guides/spain/nie/"),
        ("http://guides.example/guides/spain/nie/", "/guides/spain/nie/"),
        ("https://www.guides.example/guides/spain/nie/", "/guides/spain/nie/"),
        ("HTTPS://GUIDES.example:443/guides/spain/nie/", "/guides/spain/nie/"),
        ("https://guides.example", "/"),
        ("https://guides.example/guides/spain/nie/?a=1&amp;b=2#part", "/guides/spain/nie/?a=1&amp;b=2#part"),
        ("https://guides.example#part", "/#part"),
        (
            "https://guides.example/es/guides/espa%C3%B1a/n%C3%BAmero_%c3%b1/",
            "/es/guides/espa%C3%B1a/n%C3%BAmero_%C3%B1/",
        ),
        (
            "https://guides.example/es/guides/españa/número_n\u0303/",
            "/es/guides/espa%C3%B1a/n%C3%BAmero_%C3%B1/",
        ),
        ("https://guides.example/a%20b/", "/a%20b/"),
        ("https://guides.example/q%3Fx/", "/q%3Fx/"),
        ("https://guides.example/a&amp;b/", "/a%26b/"),
    ],
)
def test_a_link_to_a_page_we_have_stays_on_this_site(href: str, path: str) -> None:
    assert rewritten(href) == f'<p><a href="{path}">text</a> more</p>'


@pytest.mark.parametrize(
    "href",
    [
        "https://guides.example/guides/spain/unknown/",
        "https://guides.example.evil.example/guides/spain/nie/",
        "https://other.example/guides/spain/nie/",
        "https://user@guides.example/guides/spain/nie/",
        "https://guides.example:8443/guides/spain/nie/",
        "https://guides.example:port/guides/spain/nie/",
        "https://guides.example/%FF/",
        "https://guides.example//guides/spain/nie/",
        "https://guides.example/%2F/guides/spain/nie/",
        "https://[/",
        "ftp://guides.example/guides/spain/nie/",
        "javascript:https://guides.example/",
        "//guides.example/guides/spain/nie/",
        "/guides/spain/nie/",
        "#part",
        "",
    ],
)
def test_any_other_link_is_left_as_it_is(href: str) -> None:
    assert rewritten(href) == link(href)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/%2Fevil.example/", "/%5Cevil.example/", "/a%00b/", "/%0A/"]
)
def test_a_path_that_could_be_another_host_is_never_looked_up(path: str) -> None:
    asked: list[str] = []

    def exists(decoded: str) -> bool:
        asked.append(decoded)
        return True

    href = f"https://guides.example{path}"
    assert rewrite_links(link(href), ORIGIN, exists) == link(href)
    assert not asked
    assert origin_links(link(href), ORIGIN) == set()


def test_links_without_an_address_and_text_are_left_alone() -> None:
    html = '<p><a>text</a> &lt;a href="https://guides.example/"&gt; https://guides.example/</p>'
    assert rewrite_links(html, ORIGIN, lambda path: True) == html


def test_the_origin_may_carry_www_or_a_port() -> None:
    assert origin_links(link("https://guides.example/a/"), "https://www.guides.example") == {"/a/"}
    assert origin_links(link("http://127.0.0.1:8000/a/"), "http://127.0.0.1:8000") == {"/a/"}


def test_all_paths_that_may_be_looked_up_are_listed() -> None:
    html = (
        link("https://guides.example/a%20b/?x")
        + link("http://www.guides.example/n%C3%A9/")
        + link("https://b.example/c/")
    )
    assert origin_links(html, ORIGIN) == {"/a b/", "/né/"}


def test_rendered_links_are_found_and_rewritten_once() -> None:
    data = guide(
        "[a](https://guides.example/guides/spain/nie/ 't') <https://guides.example/x/> ![i](https://guides.example/i.png)"
    )
    html = render_guide(data, read_guide(data)).html_before
    assert origin_links(html, ORIGIN) == {"/guides/spain/nie/", "/x/", "/i.png"}
    once = rewrite_links(html, ORIGIN, PATHS.__contains__)
    assert once.count('<a href="/guides/spain/nie/">a</a>') == 1
    assert rewrite_links(once, ORIGIN, PATHS.__contains__) == once


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("/\\.%25FAaéñ:@?#[]{}&;=\" '<>()\t~_-"), max_size=30))
def test_any_address_is_rewritten_to_this_site_or_unchanged(tail: str) -> None:
    data = guide(f"[a](<https://guides.example/{tail.replace('<', '').replace('>', '')}>)")
    html = render_guide(data, read_guide(data)).html_before
    result = rewrite_links(html, ORIGIN, lambda path: True)
    assert 'href="//' not in result
    assert result.count("<a ") == html.count("<a ")


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/guides/", "/guides/peru/", "/guides/peru/card/", "/guides/peru/card", "/guides"),
        *("/es", "/es/", "/es/guides/peru/carné/", "/pt-BR/guides/brazil/cpf"),
    ],
)
def test_pages_of_guides_their_countries_and_languages_exist(path: str) -> None:
    assert path in SITE


@pytest.mark.parametrize(
    "path",
    [
        *("/de/", "/guides/brazil/", "/es/guides/peru/card/", "/guides/peru/card/x/", "/categories/peru/"),
        *("/en/", "/guides/peru//card/", None, 5),
    ],
)
def test_other_paths_do_not(path: object) -> None:
    assert path not in SITE


def test_english_pages_have_no_prefix() -> None:
    assert guide_path("en", "peru", "card") == "/guides/peru/card/"
    assert guide_path("es", "peru", "carné") == "/es/guides/peru/carné/"
