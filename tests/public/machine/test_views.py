"""Sitemaps, robots.txt, and metrics: complete from the start, true, and without personal data."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from prometheus_client.parser import text_string_to_metric_families

from marketplace.billing.alarms import raise_alarm
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import enqueue
from tests.billing.shop import Shop
from tests.clients import Client
from tests.public.site import Site

WHOLE = "http://127.0.0.1:8000"


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


def test_a_site_without_guides_has_an_empty_index(client: Client) -> None:
    assert locations(client, "/sitemap.xml") == []


def test_robots_txt_names_the_pages_not_to_crawl(client: Client) -> None:
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


# --- Metrics ---------------------------------------------------------------------------------------------------------


def scraped(client: Client) -> dict[tuple[str, ...], float]:
    """Every value by its name and labels."""
    text = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_kind_is_there_before_anything_happened(client: Client) -> None:
    found = scraped(client)
    assert found["marketplace_billing_alarms", "orphan"] == 0
    assert found["marketplace_placements", "active"] == 0
    assert found["marketplace_stripe_events", "new"] == 0
    assert found["marketplace_jobs", "failed"] == 0
    assert found[("marketplace_moderation_queue",)] == 0


def test_alarms_placements_and_jobs_are_counted(shop: Shop, client: Client) -> None:
    shop.buy()
    raise_alarm("orphan", "sub_1", now=now())
    raise_alarm("orphan", "sub_2", now=now())
    enqueue("mail.deliver", {}, run_at=shop.clock())
    db.session.commit()
    found = scraped(client)
    assert found["marketplace_billing_alarms", "orphan"] == 2
    assert found["marketplace_placements", "active"] == 1
    assert found["marketplace_stripe_events", "done"] >= 1
    assert found["marketplace_jobs", "waiting"] >= 1


def test_the_answer_is_text_that_prometheus_reads_and_no_page_keeps(client: Client) -> None:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type.startswith("text/plain")
    assert "Set-Cookie" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_nothing_personal_is_in_the_numbers(shop: Shop, client: Client) -> None:
    shop.buy()
    text = client.get("/metrics").get_data(as_text=True)
    assert shop.seller.provider.name not in text
    assert shop.seller.member.email not in text
