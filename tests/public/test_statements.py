"""Each public page takes a fixed number of database statements, however much it shows."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.extensions import db
from tests.clients import Client
from tests.conftest import CountQueries
from tests.factories import make_listing, make_provider, make_review, make_topic
from tests.public.site import Site

STATEMENTS = {
    "/": 5,
    "/guides/": 4,
    "/guides/peru/": 6,
    "/guides/peru/card/": 4,
    "/guides/peru/card/?sort=cost&max=900&language=es": 4,
    "/guides/peru/card/papeles/": 6,
    "/guides/peru/card/papeles/?order=helpful&rating=4": 6,
    "/providers/": 5,
    "/providers/?q=o&country=peru": 5,
    "/providers/papeles/": 6,
    "/search/": 6,
    "/search/?q=card": 8,
    "{compare}": 5,
    "/about/ranking/": 2,
    "/about/reviews/": 4,
    "/about/advertising/": 3,
    "/about/privacy/": 2,
    "/about/terms/": 3,
    "/about/terms/1/": 3,
    "/about/contact/": 2,
    "/about/decisions/": 5,
    "/about/decisions.csv": 2,
    "/about/receipts/": 3,
    "/about/receipts/keys.json": 2,
    "/about/receipts/verify/": 2,
    "/sitemap.xml": 1,
    "/sitemap.xml?language=en": 1,
    "/robots.txt": 0,
    "/go/{listing}": 1,
}


@pytest.fixture
def full(site: Site) -> Site:
    """The site with many more topics, providers, listings and reviews."""
    for _ in range(8):
        topic = make_topic("peru")
        make_listing(topic, site.papeles.provider)
        make_listing(topic)
        make_listing(site.served, make_provider())
        make_review(site.papeles, rating=4)
    db.session.commit()
    return site


@pytest.mark.parametrize("size", ["site", "full"])
@pytest.mark.parametrize("path", STATEMENTS)
def test_a_page_takes_its_number_of_statements(
    app: Flask,
    client: Client,
    count_queries: CountQueries,
    request: pytest.FixtureRequest,
    path: str,
    size: str,
) -> None:
    site: Site = request.getfixturevalue(size)
    address = path.format(compare=site.compared, listing=site.papeles.id)
    with count_queries(app) as statements:
        assert client.get(address).status_code in (200, 302)
    assert len(statements) == STATEMENTS[path], statements
