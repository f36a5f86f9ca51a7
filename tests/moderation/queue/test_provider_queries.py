from __future__ import annotations

import pytest
from flask import Flask

from marketplace.moderation.queue.queries import count_providers, find_providers
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.providers.profiles import search_text
from tests.conftest import CountQueries
from tests.factories import make_listing, make_provider, make_topic


def named(name: str, host: str = "", status: str = "active") -> Provider:
    website = f"https://{host}/" if host else ""
    return make_provider(
        name=name, host=host, website=website, status=status, search_text=search_text(name, host)
    )


def names(**asked: object) -> list[str]:
    return [row.name for row in find_providers(**asked)]  # type: ignore[arg-type]


def test_providers_of_every_standing_come_by_name(app: Flask) -> None:
    for name, status in zip(("Éa", "b", "C", "d", "Aa"), ProviderStatus, strict=True):
        named(name, f"{status}.example", status)
    assert names() == ["Aa", "b", "C", "d", "Éa"]
    assert count_providers() == 5


@pytest.mark.parametrize("status", list(ProviderStatus))
def test_one_standing_is_found_alone(app: Flask, status: str) -> None:
    for each in ProviderStatus:
        named(f"Casa {each}", f"{each}.example", each)
    assert names(status=status) == [f"Casa {status}"]
    assert count_providers(status=status) == 1


@pytest.mark.parametrize(
    "text",
    ["NOPAL", "norte nopal", "nopál", "nopal.example", "https://www.nopal.example/prices?x=1", "  nopal  "],
)
def test_words_of_name_and_website_are_found(app: Flask, text: str) -> None:
    named("Nopál y Norte", "nopal.example")
    named("Casa", "casa.example")
    assert names(text=text) == ["Nopál y Norte"]
    assert count_providers(text=text) == 1


@pytest.mark.parametrize("text", ["%", "_", "nopal casa", "https://", "\\", "x" * 200])
def test_what_nobody_is_called_finds_nobody(app: Flask, text: str) -> None:
    named("Nopál y Norte", "nopal.example")
    named("Casa", "casa.example")
    assert (names(text=text), count_providers(text=text)) == ([], 0)


def test_pages_follow_each_other_also_where_names_are_the_same(app: Flask) -> None:
    made = [named("Casa", f"casa{number}.example").id for number in range(3)] + [named("Alba").id]
    first = find_providers(limit=2)
    second = find_providers(limit=2, after=first[-1].id)
    assert sorted(row.id for row in (*first, *second)) == sorted(made)
    assert first[0].name == "Alba"
    assert names(after=second[-1].id) == names(after=10**6) == []


def test_live_listings_are_counted_in_the_same_query(app: Flask, count_queries: CountQueries) -> None:
    busy = named("Busy", "busy.example", "suspended")
    named("Idle", "idle.example")
    for status in ("published", "published", "paused"):
        make_listing(make_topic(), busy, status=status)
    with count_queries(app) as statements:
        rows = find_providers()
    assert [(row.name, row.listings) for row in rows] == [("Busy", 2), ("Idle", 0)]
    assert len(statements) == 1
