"""Queries of topics and guides. An address is (language, country, stem)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, select, true

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.guides.hugo.publication import Listed
from marketplace.guides.models import Guide, Topic
from marketplace.i18n.locales import fold_text


@dataclass(frozen=True, slots=True)
class GuideAddress:
    """The guide at an address, with its topic's revision."""

    guide_id: int
    topic_id: int
    topic_key: str
    revision: int


# Built once: this query decides a 304, and building it costs more than running it.
_GUIDE_AT = (
    select(Guide.id, Topic.id, Topic.key, Topic.revision)
    .join(Topic, Topic.id == Guide.topic_id)
    .where(
        Guide.language == bindparam("language"),
        Guide.country == bindparam("country"),
        Guide.stem == bindparam("stem"),
        Guide.shown,
    )
)


# What lists beyond a country's own page may name.
LISTED = (Guide.shown, Guide.listed == Listed.ALWAYS)


def has_guide() -> ColumnElement[bool]:
    """The condition that a topic has a guide that is shown."""
    return select(Guide.id).where(Guide.topic_id == Topic.id, Guide.shown).exists()


def topic_by_key(key: str) -> Topic:
    """The topic with this key, if it has a guide. Raises `NotFound`."""
    topic = db.session.scalar(select(Topic).where(Topic.key == key, has_guide()))
    if topic is None:
        raise NotFound("no_such_topic", "topic")
    return topic


def topic_countries() -> list[str]:
    """The countries (folder names) that have guides, in alphabetical order."""
    return list(
        db.session.scalars(select(Topic.country).where(has_guide()).distinct().order_by(Topic.country))
    )


def language_has_guides(language: str) -> bool:
    """Whether any guide that is shown is in this language."""
    query = select(Guide.id).where(Guide.language == language, Guide.shown).limit(1)
    return db.session.scalar(query) is not None


def guide_languages(country: str | None = None) -> list[str]:
    """The languages that have guides, or guides to one country, in alphabetical order."""
    here = Guide.country == country if country else true()
    # `DISTINCT` would read every guide: this leaps through the index from one language to the next.
    found = select(func.min(Guide.language).label("language")).where(here).cte("found", recursive=True)
    following = select(func.min(Guide.language)).where(here, Guide.language > found.c.language)
    found = found.union_all(select(following.scalar_subquery()).where(found.c.language.is_not(None)))
    shown = select(Guide.id).where(Guide.language == found.c.language, here, Guide.shown)
    shown = shown.order_by(Guide.country, Guide.stem).limit(
        1
    )  # the order of the index: else a planner may scan
    query = select(found.c.language).where(
        found.c.language.is_not(None), shown.scalar_subquery().is_not(None)
    )
    return list(db.session.scalars(query.order_by(found.c.language)))


def guide_at(language: str, country: str, stem: str) -> GuideAddress:
    """The guide at an address. Raises `NotFound`."""
    row = db.session.execute(_GUIDE_AT, {"language": language, "country": country, "stem": stem}).first()
    if row is None:
        raise NotFound
    return GuideAddress(*row)


def topic_guides(topic_id: int, guide_id: int | None = None) -> Sequence[Any]:
    """The guides of a topic by language and stem, with the text of `guide_id` only. One query."""
    text = [
        case((Guide.id == guide_id, column), else_=literal("")).label(name)
        for name, column in (("html_before", Guide.html_before), ("html_after", Guide.html_after))
    ]
    return db.session.execute(
        select(
            *(Guide.id, Guide.language, Guide.country, Guide.stem, Guide.title, Guide.meta_title),
            *(Guide.description, Guide.author, Guide.date_text, Guide.table_heading, Guide.header, Guide.toc),
            *text,
        )
        .where(Guide.topic_id == topic_id, Guide.shown)
        .order_by(Guide.language, Guide.stem)
    ).all()


def countries(language: str) -> Sequence[Any]:
    """(country, guides) for each country with guides in a language."""
    return db.session.execute(
        select(Guide.country, func.count(Guide.id).label("guides"))
        .where(Guide.language == language, Guide.shown, Guide.listed != Listed.NEVER)
        .group_by(Guide.country)
        .order_by(Guide.country)
    ).all()


def country_guides(language: str, country: str) -> Sequence[Any]:
    """(topic_id, stem, title, description) of a country's guides in a language, by title."""
    return db.session.execute(
        select(Guide.topic_id, Guide.stem, Guide.title, Guide.description)
        .where(Guide.language == language, Guide.country == country)
        .where(Guide.shown, Guide.listed != Listed.NEVER)
        .order_by(Guide.sort_title, Guide.id)
    ).all()


def _naming_first(language: str) -> ColumnElement[int]:
    return case((Guide.language == language, 0), (Guide.language == "en", 1), else_=2)


def naming_title(language: str) -> ColumnElement[str]:
    """What sorts a topic by the title of the guide that names it: see `guide_titles`."""
    titles = select(Guide.sort_title).where(Guide.topic_id == Topic.id, Guide.shown)
    ordered = titles.order_by(_naming_first(language), Guide.language, Guide.stem)
    return ordered.limit(1).correlate(Topic).scalar_subquery()


def guide_titles(topic_ids: Sequence[int], language: str) -> dict[int, Any]:
    """For each topic the guide that names it: in the given language, else in English, else the first one. Rows have
    topic_id, language, country, stem, title."""
    preference = _naming_first(language)
    rows = db.session.execute(
        select(Guide.topic_id, Guide.language, Guide.country, Guide.stem, Guide.title)
        .where(Guide.topic_id.in_(topic_ids), Guide.shown)
        .order_by(Guide.topic_id, preference, Guide.language, Guide.stem)
    )
    found: dict[int, Any] = {}
    for row in rows:
        found.setdefault(row.topic_id, row)
    return found


def titles_by_key(keys: Sequence[str], language: str) -> dict[str, Any]:
    """The guide that names each topic, by the topic's key: in the language, else in English, else the first. Two queries."""
    ids = {
        row.id: row.key for row in db.session.execute(select(Topic.id, Topic.key).where(Topic.key.in_(keys)))
    }
    return {ids[topic_id]: guide for topic_id, guide in guide_titles(list(ids), language).items()}


WORD_LIMIT = 8


def topics_with_words(text: str) -> Select[int] | None:
    """Select the ids of the topics whose guide in any language holds all words of a text; None where there are no words."""
    words = fold_text(text).split()[:WORD_LIMIT]
    query = select(Guide.topic_id).where(Guide.shown)
    for word in words:
        query = query.where(Guide.search_text.contains(word, autoescape=True))
    return query if words else None


def matching_guides(language: str, words: Sequence[str], country: str | None = None) -> Select[Any]:
    """Select the guides in a language whose folded title, country or stem contains all words."""
    columns: tuple[Any, ...] = (
        *(Guide.id, Guide.topic_id, Guide.country, Guide.stem, Guide.title, Guide.description),
        *(Guide.search_text, Guide.sort_title),
    )
    query = select(*columns).where(Guide.language == language, *LISTED)
    if country:
        query = query.where(Guide.country == country)
    for word in words:
        query = query.where(Guide.search_text.contains(word, autoescape=True))
    return query


def sitemap_guides(language: str) -> Sequence[Any]:
    """(country, stem) of every guide in a language."""
    return db.session.execute(
        select(Guide.country, Guide.stem)
        .where(Guide.language == language, *LISTED)
        .order_by(Guide.country, Guide.stem)
    ).all()
