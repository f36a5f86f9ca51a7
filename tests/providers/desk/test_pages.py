"""What every page of a desk carries."""

from __future__ import annotations

from flask import Flask, g

from marketplace.providers.desk.pages import TopicName, topic_name
from tests.factories import make_guide, make_topic


def test_a_topic_is_named_in_the_readers_language_else_in_english_else_by_its_key(app: Flask) -> None:
    topic = make_topic(languages=())
    make_guide(topic, "en", "visa", title="Visa")
    make_guide(topic, "es", "visado", title="Visado")
    bare = make_topic(key="mexico-bare", languages=())
    with app.test_request_context():
        g.language = "es"
        assert topic_name(topic) == TopicName("Visado", "es", "mexico", "visado")
        g.language = "fr"
        assert topic_name(topic) == TopicName("Visa", "en", "mexico", "visa")
        assert topic_name(bare) == TopicName("mexico-bare", "en", "mexico", None)
