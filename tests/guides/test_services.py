"""Counting changes that show on topics' pages."""

from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.revisions import site_revision
from marketplace.guides.models import Topic
from marketplace.guides.services import raise_all_topic_revisions, raise_topic_revision, raise_topic_revisions
from tests.factories import make_topic


def revisions(*topics: Topic) -> list[int]:
    db.session.expire_all()
    return [topic.revision for topic in topics]


def test_a_change_of_a_topic_shows_on_its_pages_and_on_lists(app: Flask) -> None:
    one, other = make_topic(), make_topic()
    before = site_revision()
    raise_topic_revision(one.id)
    assert revisions(one, other) == [2, 1]
    assert site_revision() == before + 1


def test_several_topics_change_together(app: Flask) -> None:
    one, other, third = make_topic(), make_topic(), make_topic()
    raise_topic_revisions({one.id, other.id})
    assert revisions(one, other, third) == [2, 2, 1]
    raise_all_topic_revisions()
    assert revisions(one, other, third) == [3, 3, 2]


def test_a_change_of_no_topic_still_shows_on_lists(app: Flask) -> None:
    topic = make_topic()
    before = site_revision()
    raise_topic_revisions([])
    assert revisions(topic) == [1]
    assert site_revision() == before + 1
