"""Listings in bulk, as the operator: import, and export as CSV lines that import takes back without loss.

Values and status of imported lines take effect at once, without the queue. A provider is identified by the line's name and
website host, and made active if new. A line for a provider and topic that exist updates that listing. What is imported in
one call is one unit: `import_records` flushes, the caller commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from marketplace.core.errors import InvalidFields
from marketplace.core.extensions import db
from marketplace.core.revisions import raise_offers_revision
from marketplace.core.waiting_edits import drop_edit
from marketplace.guides.models import Topic
from marketplace.guides.services import countries_of, raise_topic_revisions
from marketplace.listings.importing.csv_file import COLUMNS, Record
from marketplace.listings.importing.csv_terms import read_status, read_terms, write_cells
from marketplace.listings.importing.lines import BulkLine, Identity, read_line, reason_of, topic_ids
from marketplace.listings.models import Listing, ListingRow, ListingStatus
from marketplace.listings.revisions import shown_topics
from marketplace.listings.signals import listing_visibility_changed
from marketplace.listings.terms import OfferTerms, terms_of, write_terms
from marketplace.listings.terms_history import keep_several
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.providers.profiles import new_provider
from marketplace.providers.slugs import Slugs
from marketplace.providers.websites import carries_referral
from marketplace.values.csv import BrokenRow


@dataclass(slots=True)
class BulkReport:
    """What came of an import so far: numbers of lines, and `{line, reason}` of each that was refused."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    refused: list[dict[str, int | str]] = field(default_factory=list)
    repeats: list[tuple[int, int]] = field(default_factory=list)
    """Lines that updated the listing of an earlier line, with that line's number."""

    def add(self, other: BulkReport) -> None:
        """Count another unit's lines too."""
        self.rows += other.rows
        self.created += other.created
        self.updated += other.updated
        self.refused += other.refused
        self.repeats += other.repeats

    def refuse(self, line: int, reason: str) -> None:
        """Note a line that was not taken."""
        self.refused.append({"line": line, "reason": reason})


def import_records(
    records: Sequence[Record | BrokenRow],
    *,
    now: datetime,
    seen: dict[tuple[Identity, int], int] | None = None,
) -> BulkReport:
    """Take the lines of one unit; a bad line is named with its reason, the rest goes in. `seen` has the lines of earlier
    units by provider and topic, and gets those of this one."""
    report = BulkReport(rows=len(records))
    topics = topic_ids({record.cells["topic"].strip() for record in records if isinstance(record, Record)})
    lines = []
    for record in records:
        if isinstance(record, BrokenRow):
            report.refuse(record.line, record.reason)
            continue
        try:
            lines.append(read_line(record, topics))
        except InvalidFields as refusal:
            report.refuse(record.line, reason_of(refusal))
    unit, seen = _Unit(lines, now), {} if seen is None else seen
    for line in lines:
        try:
            created = unit.take(line)
        except InvalidFields as refusal:
            report.refuse(line.number, reason_of(refusal))
        else:
            report.created += created
            report.updated += not created
            first = seen.setdefault((line.identity, line.topic_id), line.number)
            if first != line.number:
                report.repeats.append((line.number, first))
    report.refused.sort(key=lambda entry: entry["line"])
    unit.finish()
    return report


class _Unit:
    """The providers and listings that a unit's lines name, read at once, changed line by line."""

    def __init__(self, lines: Sequence[BulkLine], now: datetime) -> None:
        self._now = now
        self._providers = _providers({line.identity for line in lines})
        self._listings = _listings(
            [p.id for p in self._providers.values()], {line.topic_id for line in lines}
        )
        self._with_rows = _ids_with_rows([listing.id for listing in self._listings.values()])
        self._slugs: Slugs | None = None
        self._changed: dict[Listing, OfferTerms] = {}
        self._shown_topics: set[int] = set()
        self._shown_providers: dict[int, Provider] = {}
        self._was_shown: dict[Listing, bool] = {}

    def take(self, line: BulkLine) -> bool:
        """Create or update one listing; whether it is new. Raises `InvalidFields`, and changes nothing then."""
        key = (*line.identity, line.topic_id)
        listing = self._listings.get(key)
        terms = read_terms(line.cells, OfferTerms() if listing is None else terms_of(listing))
        status = read_status(line.cells, ListingStatus.PUBLISHED if listing is None else listing.status)
        provider = self._provider(line)
        if listing is None:
            self._listings[key] = self._create(provider, line, terms, status)
        else:
            self._update(listing, terms, status)
        return listing is None

    def finish(self) -> None:
        """Write everything, and tell readers' caches and who listens."""
        db.session.flush()
        if self._shown_providers:
            raise_topic_revisions(self._shown_topics)
            raise_offers_revision(countries_of(self._shown_topics))
            shown = Provider.id.in_([provider.id for provider in self._shown_providers.values()])
            raised = update(Provider).where(shown).values(revision=Provider.revision + 1)
            db.session.execute(raised.execution_options(synchronize_session=False))
        for listing, was_shown in self._was_shown.items():
            if was_shown != (listing.status == ListingStatus.PUBLISHED):
                listing_visibility_changed.send(Listing, listing=listing)
        live = {row: before for row, before in self._changed.items() if row.status == ListingStatus.PUBLISHED}
        keep_several(live, now=self._now)
        keep_several({row: before for row, before in self._changed.items() if row not in live}, now=None)

    def _provider(self, line: BulkLine) -> Provider:
        provider = self._providers.get(line.identity)
        if provider is None:
            provider = self._add_provider(line)
        elif provider.website != line.website.url:
            provider.website = line.website.url
            provider.version += 1
            if provider.id is not None:
                self._shown_topics.update(shown_topics(provider))
            self._shown_providers[id(provider)] = provider
        return provider

    def _add_provider(self, line: BulkLine) -> Provider:
        if self._slugs is None:
            self._slugs = Slugs(db.session.scalars(select(Provider.slug)))
        provider = new_provider(
            line.name,
            line.website,
            slug=self._slugs.take(line.name),
            status=ProviderStatus.ACTIVE,
            now=self._now,
        )
        db.session.add(provider)
        self._providers[line.identity] = provider
        return provider

    def _create(self, provider: Provider, line: BulkLine, terms: OfferTerms, status: str) -> Listing:
        listing = Listing(
            provider=provider,
            topic_id=line.topic_id,
            version=1,
            referral=carries_referral(line.website.url),
            created_at=self._now,
        )
        write_terms(listing, terms)
        self._move(listing, status)
        db.session.add(listing)
        if status == ListingStatus.PUBLISHED:
            self._show(listing, provider)
        return listing

    def _update(self, listing: Listing, terms: OfferTerms, status: str) -> None:
        was_shown = listing.status == ListingStatus.PUBLISHED
        if terms != (before := terms_of(listing)):
            write_terms(listing, terms)
            self._changed.setdefault(listing, before)
            self._forget_rows(listing)
            listing.version += 1
        if status != listing.status:
            self._move(listing, status)
            listing.version += 1
        elif status == ListingStatus.PUBLISHED and listing.provider.status != ProviderStatus.UNCLAIMED:
            listing.confirmed_at = self._now  # the operator says it anew
        if was_shown or status == ListingStatus.PUBLISHED:
            self._show(listing, listing.provider)

    def _move(self, listing: Listing, status: str) -> None:
        # A line may be there twice: what counts is how the unit found the listing and how it leaves it.
        self._was_shown.setdefault(listing, listing.status == ListingStatus.PUBLISHED)
        listing.status, listing.note = status, ""
        if status == ListingStatus.PUBLISHED:
            listing.published_at = listing.confirmed_at = self._now
        elif status == ListingStatus.PENDING:
            listing.submitted_at = self._now
        elif status == ListingStatus.WITHDRAWN and listing.id is not None:
            drop_edit(listing)
            self._forget_rows(listing)

    def _forget_rows(self, listing: Listing) -> None:
        if listing.id in self._with_rows:
            listing.rows.clear()

    def _show(self, listing: Listing, provider: Provider) -> None:
        self._shown_topics.add(listing.topic_id)
        self._shown_providers[id(provider)] = provider


def _providers(identities: set[Identity]) -> dict[Identity, Provider]:
    query = select(Provider).where(Provider.host.in_({host for _, host in identities}))
    query = query.where(Provider.name_key.in_({name for name, _ in identities}))
    return {(provider.name_key, provider.host): provider for provider in db.session.scalars(query)}


def _listings(provider_ids: Sequence[int], topic_ids: set[int]) -> dict[tuple[str, str, int], Listing]:
    query = select(Listing).where(Listing.provider_id.in_(provider_ids), Listing.topic_id.in_(topic_ids))
    found = db.session.scalars(query.order_by(Listing.id).with_for_update(key_share=True))
    return {(row.provider.name_key, row.provider.host, row.topic_id): row for row in found}


def _ids_with_rows(listing_ids: Sequence[int]) -> set[int]:
    query = select(ListingRow.listing_id).where(ListingRow.listing_id.in_(listing_ids)).distinct()
    return set(db.session.scalars(query))


def export_rows() -> Iterator[list[str]]:
    """The cells of every listing, by topic, provider's name and host: the same whatever the database."""
    query = (
        select(Listing, Topic.key, Provider.name, Provider.host, Provider.website, Provider.languages)
        .join(Topic, Topic.id == Listing.topic_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Listing.merged_into_id.is_(None))
    )
    rows = sorted(db.session.execute(query), key=lambda row: (row.key, row.name, row.host))
    for row in rows:
        terms = terms_of(row.Listing)
        cells = write_cells(terms)
        if terms.languages is None:
            cells["languages"] = " ".join(row.languages)
        cells |= {
            "topic": row.key,
            "provider": row.name,
            "website": row.website,
            "status": row.Listing.status,
        }
        yield [cells[name] for name in COLUMNS]
