"""Scopes: what a featured slot stands on top of, a topic's table or a country's page; and what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles
from marketplace.guides.services import raise_topic_revision
from marketplace.i18n.names import country_name


def topic_scope(topic_id: int) -> str:
    """The scope of a topic's table."""
    return f"topic:{topic_id}"


def country_scope(country: str) -> str:
    """The scope of a country's page; `country` is the folder."""
    return f"country:{country}"


def topic_of(scope: str) -> int | None:
    """The topic's id, or None for a country."""
    kind, _, rest = scope.partition(":")
    return int(rest) if kind == "topic" else None


@dataclass(frozen=True, slots=True)
class Place:
    """What a scope is called: the guide's title, or the country's name, in `language`. `stem` is None for a country, and
    where every guide of the topic is gone."""

    name: str
    language: str
    country: str
    stem: str | None
    is_topic: bool


def place_of(scope: str, language: str) -> Place:
    """The name of one scope for a reader."""
    return places_of([scope], language)[scope]


def places_of(scopes: list[str], language: str) -> dict[str, Place]:
    """The names of scopes for a reader; two queries at most."""
    ids = [topic_id for scope in scopes if (topic_id := topic_of(scope)) is not None]
    titles = guide_titles(ids, language) if ids else {}
    found = {}
    for scope in scopes:
        topic_id = topic_of(scope)
        if topic_id is None:
            folder = scope.partition(":")[2]
            found[scope] = Place(country_name(folder, language), language, folder, None, False)
        elif (guide := titles.get(topic_id)) is not None:
            found[scope] = Place(guide.title, guide.language, guide.country, guide.stem, True)
        else:
            topic = db.session.get(Topic, topic_id)
            if topic is None:
                raise NotFound
            found[scope] = Place(topic.key, "en", topic.country, None, True)
    return found


def show_change(scope: str) -> None:
    """Tell readers' caches that other featured places stand on a scope; in the caller's transaction.

    Who also changes a placement does so after this: everyone takes these rows in one order.
    """
    topic_id = topic_of(scope)
    if topic_id is None:
        raise_site_revision()
    else:
        raise_topic_revision(topic_id)
