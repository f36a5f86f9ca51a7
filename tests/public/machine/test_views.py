"""For crawlers: sitemaps and robots.txt."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.clients import Client
from tests.public.site import Site, build_site

WHOLE = "http://127.0.0.1:8000"


@pytest.fixture
def site(app: Flask) -> Site:
    return build_site()


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "application/xml"
    assert "Set-Cookie" not in response.headers
    return [
        element.text or ""
        for element in ElementTree.fromstring(response.text).iter()
        if element.tag.endswith("loc")
    ]


def test_the_index_names_a_sitemap_of_each_language(client: Client, site: Site) -> None:
    assert locations(client, "/sitemap.xml") == [
        f"{WHOLE}/sitemap.xml?language={tag}" for tag in ("de", "en", "es")
    ]


def test_a_sitemap_lists_pages_that_answer(client: Client, site: Site) -> None:
    found = locations(client, "/sitemap.xml?language=es")
    assert found == [
        f"{WHOLE}/es{path}"
        for path in (
            *("/", "/guides/", "/guides/peru/"),
            *("/guides/peru/carn%C3%A9/", "/guides/peru/carn%C3%A9_nuevo/"),
        )
    ]
    for address in [*found, *locations(client, "/sitemap.xml?language=en")]:
        assert client.get(address.removeprefix(WHOLE)).status_code == 200


@pytest.mark.parametrize("language", ["xx", "", "fr", "es%0A", "%00"])
def test_a_language_without_guides_has_no_sitemap(client: Client, site: Site, language: str) -> None:
    assert client.get(f"/sitemap.xml?language={language}").status_code in (400, 404)


def test_a_site_without_guides_has_an_empty_index(client: Client, app: Flask) -> None:
    assert locations(client, "/sitemap.xml") == []


def test_robots_are_told_what_they_need_not_read(client: Client, app: Flask) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    lines = response.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /go/", "Disallow: /compare/", "Disallow: /*/compare/"} <= set(lines)
    assert f"Sitemap: {WHOLE}/sitemap.xml" in lines


def test_both_are_never_prefixed(client: Client, site: Site) -> None:
    for path in ("/es/sitemap.xml", "/es/robots.txt"):
        assert client.get(path).status_code == 404
    assert client.get("/en/sitemap.xml").headers["Location"] == "/sitemap.xml"
