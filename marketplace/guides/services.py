"""Writes topics and guides, in the caller's transaction: what an import found, links that follow guides which come and go,
and revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import and_, case, not_, or_, select, update

from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, country_revision, raise_revisions, raise_site_revision
from marketplace.guides.hugo.guide_file import TableRow, read_guide
from marketplace.guides.links import SitePaths, origin_links, rewrite_links
from marketplace.guides.models import Guide, GuideFile, Topic
from marketplace.guides.reading import RESERVED_IDS, ReadFile, StoredGuide
from marketplace.guides.rendering import RenderedGuide, render_guide
from marketplace.i18n.collation import sort_key
from marketplace.i18n.locales import fold_text
from marketplace.i18n.names import country_name


def raise_topic_revisions(topic_ids: Collection[int]) -> None:
    """Invalidate the pages of topics. In the caller's transaction."""
    if topic_ids:
        db.session.execute(update(Topic).where(Topic.id.in_(topic_ids)).values(revision=Topic.revision + 1))


def raise_all_topic_revisions() -> None:
    """Invalidate the pages of all topics, for a change such as new exchange rates."""
    db.session.execute(update(Topic).values(revision=Topic.revision + 1))
    raise_site_revision()


def countries_of(topic_ids: Collection[int]) -> list[str]:
    """The countries of topics, each once."""
    query = select(Topic.country).where(Topic.id.in_(topic_ids)).distinct().order_by(Topic.country)
    return list(db.session.scalars(query)) if topic_ids else []


def _invalidate_guides(topic_ids: Collection[int]) -> None:
    """Guides came, went or changed: besides their topics' pages, lists name them."""
    if topic_ids:
        raise_topic_revisions(topic_ids)
        raise_revisions(SITE, *map(country_revision, countries_of(topic_ids)))


@dataclass(frozen=True, slots=True)
class FoundRows:
    """The provider rows of a newly read file."""

    guide_id: int
    topic_id: int
    country: str
    language: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class LinkTargets:
    """Where the links of guides may lead: `origin` is the public site, `paths` are its pages that exist here."""

    origin: str
    paths: SitePaths

    def have_changed_for(self, guide: StoredGuide) -> bool:
        """Whether a page that the guide links to was added or removed since the guide was linked."""
        return any((path in self.paths) != linked for path, linked in guide.links.items())


def store_guides(
    found: Iterable[ReadFile], targets: LinkTargets, now: datetime
) -> tuple[list[FoundRows], set[int]]:
    """Write new and changed guides. Returns the new provider rows and the ids of the topics touched."""
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
        new_rows = read.new_rows
        if guide.topic_id is not None and guide.topic_id != topic.id:
            touched.add(guide.topic_id)
            new_rows = read.own_rows()
        guide.topic = topic
        _fill(guide, read, targets, now)
        guide.file.digest, guide.file.content = read.digest, read.data
        guide.file.original_rows, guide.file.imported_at = read.original_rows, now
        db.session.flush()
        touched.add(topic.id)
        if new_rows is not None:
            rows.append(FoundRows(guide.id, topic.id, country, language, new_rows))
    _invalidate_guides(touched)
    return rows, touched


def retire_guides(guide_ids: Collection[int], now: datetime) -> set[int]:
    """Retire guides whose files are gone. Their topics and listings stay. Returns the ids of the topics touched."""
    guides = [db.session.get_one(Guide, guide_id) for guide_id in guide_ids]
    for guide in guides:
        guide.retired_at, guide.shown = now, False
    touched = {guide.topic_id for guide in guides}
    _invalidate_guides(touched)
    return touched


def follow_calendar(now: datetime) -> set[int]:
    """Show the guides whose day has come and hide those that have expired. Returns the ids of the topics touched."""
    started = or_(Guide.publish_at.is_(None), Guide.publish_at <= now)
    current = or_(Guide.expires_at.is_(None), Guide.expires_at > now)
    due = and_(Guide.retired_at.is_(None), not_(Guide.held), started, current)
    changing = select(Guide).where(case((due, True), else_=False) != Guide.shown)
    guides = db.session.scalars(changing.order_by(Guide.id)).all()
    for guide in guides:
        guide.shown = not guide.shown
    touched = {guide.topic_id for guide in guides}
    _invalidate_guides(touched)
    return touched


def relink_guides(guide_ids: Collection[int], targets: LinkTargets) -> None:
    """Render guides again from their stored files, with links to the pages that exist now."""
    guides = [db.session.get_one(Guide, guide_id) for guide_id in guide_ids]
    for guide in guides:
        content = guide.file.content
        _link(guide, render_guide(content, read_guide(content), reserved=RESERVED_IDS), targets)
    raise_topic_revisions({guide.topic_id for guide in guides})


def _topic(read: ReadFile) -> Topic:
    topic = db.session.scalar(select(Topic).where(Topic.key == read.key))
    if topic is None:
        topic = Topic(key=read.key, country=read.file.country, revision=0)
        db.session.add(topic)
        db.session.flush()
    return topic


def _fill(guide: Guide, read: ReadFile, targets: LinkTargets, now: datetime) -> None:
    front, table = read.guide.front, read.guide.table
    guide.title = front.title or read.file.stem.replace("_", " ")
    guide.sort_title = sort_key(guide.title, guide.language)
    guide.meta_title, guide.description = front.meta_title, front.description
    guide.author, guide.date_text = front.author, front.date_text
    guide.search_text = search_text(guide)
    guide.table_heading = table.heading if table else ""
    guide.header = list(table.header) if table else None
    guide.toc = [asdict(entry) for entry in read.html.toc]
    guide.retired_at = None
    publication = front.publication
    guide.held, guide.listed = publication.held, publication.listed
    guide.publish_at, guide.expires_at = publication.publish_at, publication.expires_at
    guide.shown = publication.is_shown(now)
    _link(guide, read.html, targets)


def search_text(guide: Guide) -> str:
    """What search compares of a guide: titles, country and stem, folded."""
    country = f"{guide.country.replace('-', ' ')} {country_name(guide.country, guide.language)}"
    return fold_text(f"{guide.title} {guide.meta_title} {country} {guide.stem.replace('_', ' ')}")


def _link(guide: Guide, html: RenderedGuide, targets: LinkTargets) -> None:
    links = origin_links(html.html_before, targets.origin) | origin_links(html.html_after, targets.origin)
    guide.file.links = {path: path in targets.paths for path in sorted(links)}
    guide.html_before = rewrite_links(html.html_before, targets.origin, targets.paths.__contains__)
    guide.html_after = rewrite_links(html.html_after, targets.origin, targets.paths.__contains__)
