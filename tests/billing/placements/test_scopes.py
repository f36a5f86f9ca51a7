"""Scopes and their labels."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.billing.placements.scopes import (
    country_scope,
    invalidate_scope,
    scope_label,
    scope_labels,
    topic_of,
    topic_scope,
)
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, revision_of
from tests.conftest import CountQueries
from tests.factories import make_topic


def test_a_scope_is_a_topic_or_a_country() -> None:
    assert (topic_scope(7), country_scope("mexico")) == ("topic:7", "country:mexico")
    assert (topic_of("topic:7"), topic_of("country:mexico")) == (7, None)


def test_places_are_named_in_the_readers_language(app: Flask, count_queries: CountQueries) -> None:
    topics = [make_topic() for _ in range(3)]
    scopes = [topic_scope(one.id) for one in topics]
    with count_queries(app) as statements:
        places = scope_labels([*scopes, "country:mexico"], "es")
    assert len(statements) <= 2
    assert places["country:mexico"].name == "México"
    assert not places["country:mexico"].is_topic
    assert {places[scope].language for scope in scopes} == {"es"}
    assert places[scopes[0]].stem == f"es_{topics[0].key.partition('-')[2]}"


def test_a_topic_whose_guides_are_gone_has_its_key(app: Flask) -> None:
    topic = make_topic(languages=())
    place = scope_label(topic_scope(topic.id), "en")
    assert (place.name, place.stem, place.is_topic) == (topic.key, None, True)
    with pytest.raises(NotFound):
        scope_label("topic:999999", "en")


def test_a_change_raises_the_revision_of_what_shows_it(app: Flask) -> None:
    topic, other = make_topic(), make_topic()
    invalidate_scope(topic_scope(topic.id))
    invalidate_scope("country:mexico")
    db.session.refresh(topic)
    db.session.refresh(other)
    assert (topic.revision, other.revision) == (2, 1)
    assert (revision_of("country:mexico"), revision_of(SITE)) == (1, 0)
