"""What the public lists ask: counts, what is new, who matches. Only what stands in a table counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.public.pages import queries
from tests.clock import START
from tests.factories import make_guide, make_listing, make_provider, make_topic
from tests.public.offering import TODAY


def test_a_country_counts_each_provider_once(app: Flask) -> None:
    provider = make_provider()
    for _ in range(2):
        make_listing(make_topic("peru"), provider)
    make_listing(make_topic("peru"))
    make_listing(make_topic("chile"), provider)
    make_listing(make_topic("spain"), status="withdrawn")
    assert queries.providers_by_country(TODAY) == {"peru": 2, "chile": 1}


def test_newly_served_guides_come_newest_first(app: Flask) -> None:
    topics = [make_topic("peru") for _ in range(3)]
    for days, topic in enumerate(topics):
        make_listing(topic, published_at=START - timedelta(days=days))
    make_listing(topics[2], published_at=START + timedelta(hours=1))
    rows = queries.newly_served("es", TODAY)
    assert [(row.stem, row.listings) for row in rows] == [
        (next(guide.stem for guide in topics[index].guides if guide.language == "es"), count)
        for index, count in ((2, 2), (0, 1), (1, 1))
    ]
    assert len(queries.newly_served("es", TODAY, limit=2)) == 2
    assert queries.newly_served("de", TODAY) == []


def test_search_folds_case_and_accents_and_keeps_few_words() -> None:
    assert queries.search_words("  Cédula  DE  Ciudadanía ") == ["cedula", "de", "ciudadania"]
    assert queries.search_words("straße") == ["strasse"]
    assert queries.search_words("") == []
    assert len(queries.search_words("w " * 50)) == queries.WORD_LIMIT


def test_titles_that_begin_with_the_words_come_first(app: Flask) -> None:
    topic = make_topic("peru", languages=())
    for stem, title in (("a", "A new card"), ("b", "Card renewal"), ("c", "Card"), ("d", "Tax")):
        make_guide(topic, "en", stem, title=title, search_text=title.lower())
    rows, total = queries.find_guides("en", "CARD", None, 1)
    assert ([row.stem for row in rows], total) == (["c", "b", "a"], 3)


def test_matches_come_in_pages(app: Flask) -> None:
    topic = make_topic("peru", languages=())
    for number in range(queries.PAGE_SIZE + 1):
        make_guide(topic, "en", f"card{number:02}", title=f"Card {number:02}")
    rows, total = queries.find_guides("en", "procedure", None, 2)
    assert ([row.stem for row in rows], total) == (["card30"], 31)
    assert queries.find_guides("en", "procedure", None, 100_000) == ([], 31)
    assert queries.find_guides("en", "procedure", "chile", 1) == ([], 0)


def test_providers_are_found_by_name_and_host(app: Flask) -> None:
    make_provider(name="Zeta", search_text="zeta papeles.example")
    make_provider(name="Alfa", search_text="alfa papeles.example")
    make_provider(name="Gone", search_text="papeles", status="suspended")
    rows, total = queries.find_providers("Papeles", None, 1)
    assert ([row.name for row in rows], total) == (["Alfa", "Zeta"], 2)
    assert queries.find_providers("papeles zeta", None, 1)[1] == 1
    assert queries.find_providers("%", None, 1)[1] == 0
    rows, total = queries.find_providers("papeles", None, 2, limit=1)
    assert ([row.name for row in rows], total) == (["Zeta"], 2)


def test_providers_of_a_country_have_a_listing_there(app: Flask) -> None:
    listing = make_listing(make_topic("peru"))
    make_listing(make_topic("peru"), status="draft")
    make_listing(make_topic("chile"))
    rows, total = queries.find_providers("", "peru", 1)
    assert ([row.id for row in rows], total) == ([listing.provider_id], 1)


def test_a_provider_in_view_is_found_by_its_name_in_addresses(app: Flask) -> None:
    provider = make_provider(slug="papeles", status="unclaimed")
    assert queries.shown_provider("papeles").id == provider.id
    for slug in ("nobody", make_provider(status="pending").slug, make_provider(status="removed").slug):
        with pytest.raises(NotFound):
            queries.shown_provider(slug)
