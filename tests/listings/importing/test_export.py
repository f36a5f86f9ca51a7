"""Every listing as cells."""

from __future__ import annotations

from flask import Flask

from marketplace.listings.importing.csv_file import COLUMNS
from marketplace.listings.importing.services import export_rows
from tests.factories import make_listing, make_provider, make_topic


def test_listings_come_by_topic_then_provider_whatever_their_ids(app: Flask) -> None:
    second, first = make_topic(key="mexico-b"), make_topic(key="mexico-a")
    late, early = make_provider(name="b"), make_provider(name="Z")
    for topic in (second, first):
        for provider in (late, early):
            make_listing(topic, provider)
    found = [(row[0], row[1]) for row in export_rows()]
    assert found == [("mexico-a", "Z"), ("mexico-a", "b"), ("mexico-b", "Z"), ("mexico-b", "b")]


def test_a_row_says_what_the_listing_says_with_the_providers_languages_by_default(app: Flask) -> None:
    provider = make_provider(name="Casa", website="https://casa.example/", languages=["es", "en"])
    make_listing(
        make_topic(key="mexico-a"),
        provider,
        official_fee_kind="extra",
        official_fee=50050,
        service="We do it.",
    )
    [row] = export_rows()
    stated = {column: cell for column, cell in zip(COLUMNS, row, strict=True) if cell}
    assert stated == {
        "topic": "mexico-a",
        "provider": "Casa",
        "website": "https://casa.example/",
        "service": "We do it.",
        "cost_basis": "fixed",
        "fee_min": "4200",
        "currency": "MXN",
        "official_fee": "500.50",
        "time_min": "12",
        "time_max": "18",
        "time_unit": "business_days",
        "time_from": "documents_complete",
        "languages": "es en",
        "status": "published",
    }
