"""Topics to choose from."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.guides.queries import topic_by_key, topic_countries
from marketplace.listings.desk.topics import topic_choices
from marketplace.listings.freshness import GONE_AFTER
from tests.conftest import CountQueries
from tests.factories import NOON, make_guide, make_listing, make_provider, make_topic


def test_a_topic_is_found_by_its_key_while_it_has_a_guide(app: Flask) -> None:
    topic = make_topic(key="mexico-visa")
    assert topic_by_key("mexico-visa") is topic
    make_topic(key="mexico-empty", languages=())
    for key in ("mexico-empty", "mexico-none"):
        with pytest.raises(NotFound):
            topic_by_key(key)


def test_countries_are_those_with_guides(app: Flask) -> None:
    make_topic("spain")
    make_topic("mexico")
    make_guide(make_topic("chile", languages=()), "en", "gone", retired_at=NOON, shown=False)
    assert topic_countries() == ["mexico", "spain"]


def test_choices_say_who_offers_them_and_which_are_ours(app: Flask) -> None:
    provider = make_provider()
    visa, card = make_topic("mexico", languages=()), make_topic("spain", languages=())
    make_guide(visa, "en", "visa", title="Visa", search_text="visa")
    make_guide(visa, "es", "visado", title="Visado", search_text="visado")
    make_guide(card, "es", "tarjeta", title="Ábaco", search_text="abaco")
    own = make_listing(visa, provider, status="draft")
    make_listing(visa)
    make_listing(visa, make_provider(status="suspended"))
    make_listing(visa, confirmed_at=NOON - GONE_AFTER)
    found, total = topic_choices(provider, language="es", text="", country=None, now=NOON)
    assert total == 2
    assert [(c.title, c.language, c.offers, c.own_listing_id) for c in found] == [
        ("Visado", "es", 1, own.id),
        ("Ábaco", "es", 0, None),
    ], "the provider serves Mexico"
    assert [
        c.title for c in topic_choices(provider, language="en", text="VISADO", country=None, now=NOON)[0]
    ] == ["Visa"]
    assert topic_choices(provider, language="en", text="", country="chile", now=NOON) == ([], 0)


def test_every_topic_is_on_one_page_in_the_readers_order(app: Flask, count_queries: CountQueries) -> None:
    provider = make_provider(countries=["spain"])
    for number in range(7):
        for country in ("peru", "spain"):
            topic = make_topic(country, f"{country}-{number}", languages=())
            make_guide(topic, "en", f"{country}{number}", title=f"{'ÄBCDEFG'[number]} {country}")
    db.session.commit()
    ordered = {"language": "de", "text": "", "country": None, "now": NOON, "limit": 5}
    pages = [topic_choices(provider, page=number, **ordered) for number in (1, 2, 3, 4)]
    keys = [choice.key for choices, _ in pages for choice in choices]
    assert keys == [f"{country}-{number}" for country in ("spain", "peru") for number in range(7)]
    assert {total for _, total in pages} == {14}
    with count_queries(app) as counted:
        topic_choices(provider, page=1, **ordered)
    assert len(counted) <= 5
