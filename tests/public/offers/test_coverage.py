"""Which topics are served."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from marketplace.core.extensions import db
from marketplace.public.offers.coverage import coverage
from tests.clock import START
from tests.conftest import CountQueries
from tests.factories import make_guide, make_listing, make_topic
from tests.public.offering import TODAY


def test_topics_are_counted_by_country_and_language(app: Flask) -> None:
    served = make_topic("peru", "peru-card", languages=("es", "en"))
    make_guide(served, "es", "second")
    make_topic("peru", "peru-tax", languages=("es",))
    make_topic("chile", "chile-tax", languages=("en",))
    for status in ("published", "published", "draft"):
        make_listing(served, status=status)
    make_listing(served, confirmed_at=START - timedelta(days=270))
    found = coverage(TODAY)
    assert found.topics == [
        {"key": "chile-tax", "country": "chile", "languages": ["en"], "listings": 0},
        {"key": "peru-card", "country": "peru", "languages": ["en", "es"], "listings": 2},
        {"key": "peru-tax", "country": "peru", "languages": ["es"], "listings": 0},
    ]
    assert (found.served, found.unserved) == (1, 2)
    assert [(row.name, row.topics, row.served) for row in found.by_country()] == [
        ("chile", 1, 0),
        ("peru", 2, 1),
    ]
    assert [(row.name, row.topics, row.served) for row in found.by_language()] == [("en", 2, 1), ("es", 2, 1)]


def test_a_topic_whose_guides_are_retired_is_not_counted(app: Flask) -> None:
    topic = make_topic("peru", languages=())
    make_guide(topic, "en", "card", retired_at=START, shown=False)
    make_listing(topic)
    assert coverage(TODAY).topics == []


def test_any_number_of_topics_takes_two_queries(app: Flask, count_queries: CountQueries) -> None:
    for _ in range(5):
        make_listing(make_topic())
    db.session.commit()
    with count_queries(app) as statements:
        assert coverage(TODAY).served == 5
    assert len(statements) == 2
