"""Writes what an import found: topics, guides, what is kept of their files, and links that follow guides that come and go.

All in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.hugo.guide_file import TableRow, read_guide
from marketplace.guides.links import origin_links, rewrite_links
from marketplace.guides.models import Guide, GuideFile, Topic
from marketplace.guides.reading import RESERVED_IDS, KnownGuide, ReadFile
from marketplace.guides.rendering import RenderedGuide, render_guide
from marketplace.guides.services import raise_topic_revisions
from marketplace.guides.sites import SitePaths
from marketplace.i18n.languages import fold
from marketplace.i18n.names import country_name


@dataclass(frozen=True, slots=True)
class FoundRows:
    """The provider rows that a newly read file brought along."""

    guide_id: int
    topic_id: int
    country: str
    language: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """Where links of guides lead: `origin` is the public site, `paths` what of it exists here."""

    origin: str
    paths: SitePaths

    def misses(self, guide: KnownGuide) -> bool:
        """Whether a page that the guide links to has come or gone since it was linked."""
        return any((path in self.paths) != linked for path, linked in guide.links.items())


def store_guides(found: Iterable[ReadFile], site: Site, now: datetime) -> tuple[list[FoundRows], set[int]]:
    """Write new and changed guides; returns the provider rows that are news, and the topics touched."""
    rows: list[FoundRows] = []
    touched: set[int] = set()
    for read in found:
        topic = _topic(read)
        language, country, stem = read.file.identity
        guide = db.session.scalar(
            select(Guide).where(Guide.language == language, Guide.country == country, Guide.stem == stem)
        )
        if guide is None:
            guide = Guide(language=language, country=country, stem=stem, file=GuideFile())
            db.session.add(guide)
        news = read.new_rows
        if guide.topic_id is not None and guide.topic_id != topic.id:
            touched.add(guide.topic_id)
            news = read.own_rows()
        guide.topic = topic
        _fill(guide, read, site)
        guide.file.digest, guide.file.content = read.digest, read.data
        guide.file.original_rows, guide.file.imported_at = read.original_rows, now
        db.session.flush()
        touched.add(topic.id)
        if news is not None:
            rows.append(FoundRows(guide.id, topic.id, country, language, news))
    raise_topic_revisions(touched)
    return rows, touched


def retire_guides(guide_ids: Collection[int], now: datetime) -> set[int]:
    """Retire guides whose files are gone; topics and listings stay. Returns the topics touched."""
    guides = [db.session.get_one(Guide, guide_id) for guide_id in guide_ids]
    for guide in guides:
        guide.retired_at = now
    touched = {guide.topic_id for guide in guides}
    if touched:
        raise_topic_revisions(touched)
    return touched


def relink_guides(guide_ids: Collection[int], site: Site) -> None:
    """Render guides anew from their kept files, with links to what exists now."""
    guides = [db.session.get_one(Guide, guide_id) for guide_id in guide_ids]
    for guide in guides:
        content = guide.file.content
        _link(guide, render_guide(content, read_guide(content), reserved=RESERVED_IDS), site)
    if guides:
        raise_topic_revisions({guide.topic_id for guide in guides})


def _topic(read: ReadFile) -> Topic:
    topic = db.session.scalar(select(Topic).where(Topic.key == read.key))
    if topic is None:
        topic = Topic(key=read.key, country=read.file.country, revision=0)
        db.session.add(topic)
        db.session.flush()
    return topic


def _fill(guide: Guide, read: ReadFile, site: Site) -> None:
    front, table = read.guide.front, read.guide.table
    guide.title = front.title or read.file.stem.replace("_", " ")
    guide.meta_title, guide.description = front.meta_title, front.description
    guide.author, guide.date_text = front.author, front.date_text
    guide.search_text = _search_text(guide)
    guide.table_heading = table.heading if table else ""
    guide.header = list(table.header) if table else None
    guide.toc = [asdict(entry) for entry in read.html.toc]
    guide.retired_at = None
    _link(guide, read.html, site)


def _search_text(guide: Guide) -> str:
    country = f"{guide.country.replace('-', ' ')} {country_name(guide.country, guide.language)}"
    return fold(f"{guide.title} {guide.meta_title} {country} {guide.stem.replace('_', ' ')}")


def _link(guide: Guide, html: RenderedGuide, site: Site) -> None:
    links = origin_links(html.html_before, site.origin) | origin_links(html.html_after, site.origin)
    guide.file.links = {path: path in site.paths for path in sorted(links)}
    guide.html_before = rewrite_links(html.html_before, site.origin, site.paths.__contains__)
    guide.html_after = rewrite_links(html.html_after, site.origin, site.paths.__contains__)
