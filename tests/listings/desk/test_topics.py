"""Topics to choose from."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.guides.queries import topic_by_key, topic_countries
from marketplace.listings.desk.topics import topic_choices
from marketplace.listings.freshness import GONE_AFTER
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
    found = topic_choices(provider, language="es", text="", country=None, now=NOON)
    assert [(c.title, c.language, c.offers, c.own_listing_id) for c in found] == [
        ("Ábaco", "es", 0, None),
        ("Visado", "es", 1, own.id),
    ]
    assert [
        c.title for c in topic_choices(provider, language="en", text="VISADO", country=None, now=NOON)
    ] == ["Visa"]
    assert topic_choices(provider, language="en", text="", country="chile", now=NOON) == []
