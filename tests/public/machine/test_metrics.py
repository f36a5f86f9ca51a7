"""Numbers for monitoring: complete from the start, true, and nothing personal in them."""

from __future__ import annotations

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from marketplace.billing.alarms import raise_alarm
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import enqueue
from tests.billing.shop import Shop
from tests.clients import Client


def scraped(client: Client) -> dict[tuple[str, ...], float]:
    """Every value by its name and labels."""
    text = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_kind_is_there_before_anything_happened(app: Flask, client: Client) -> None:
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


def test_the_answer_is_text_that_prometheus_reads_and_no_page_keeps(app: Flask, client: Client) -> None:
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
