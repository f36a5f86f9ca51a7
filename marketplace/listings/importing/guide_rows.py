"""Unclaimed listings made of the provider rows found in guides' files.

One provider a website host, one listing a provider and topic. What can be read with certainty becomes typed; the rest is
`on_request` and a timeframe not stated. Each guide's row is kept byte for byte until its listing is claimed, edited or
withdrawn: a listing without kept rows is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.core import extensions
from marketplace.core.errors import Invalid
from marketplace.core.extensions import current_settings, db
from marketplace.core.jobs.queue import task
from marketplace.core.revisions import raise_offers_revision
from marketplace.guides.hugo.guide_file import plain_text, read_link
from marketplace.guides.importing import follow_days
from marketplace.guides.services import FoundRows
from marketplace.i18n.currencies import country_currency
from marketplace.i18n.folding import name_key
from marketplace.listings.models import Listing, ListingRow, ListingStatus
from marketplace.listings.revisions import (
    bump_listing_version,
    invalidate_listing_pages,
    invalidate_provider_pages,
)
from marketplace.listings.rules import find_problems
from marketplace.listings.services import listing_for, withdraw
from marketplace.listings.signals import listing_visibility_changed
from marketplace.listings.terms import OfferTerms, terms_of, write_terms
from marketplace.listings.terms_history import keep_terms
from marketplace.providers.models import NAME_LENGTH, Provider, ProviderStatus
from marketplace.providers.profiles import new_provider
from marketplace.providers.registration import free_slug, provider_with_host
from marketplace.providers.websites import Website, carries_referral, read_website
from marketplace.text.clean import one_line
from marketplace.text.names import name_problem
from marketplace.values.cost_reading import ReadCost, parse_cost
from marketplace.values.timeframe_reading import parse_timeframe

# Marks what the import itself withdrew: only that comes back when its row does.
GONE = "The row is no longer in any file."
NO_WEBSITE = Website("", "")
CLOSED = (ProviderStatus.SUSPENDED, ProviderStatus.REMOVED)


@dataclass(slots=True)
class ImportedRows:
    """What became of the rows: listings made and withdrawn, and rows that made none of their own."""

    created: int = 0
    withdrawn: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    """A row as read. `cost` and `time` are None where they could not be read with certainty."""

    guide_id: int
    position: int
    raw: bytes
    name: str
    website: Website
    cost: ReadCost | None
    time: tuple[int, int, str] | None


def import_rows(found: Iterable[FoundRows], *, now: datetime) -> ImportedRows:
    """Make the listings of these guides fit their rows; guides that are not named keep theirs. Same rows, no change."""
    report = ImportedRows()
    left: dict[int, Listing] = {}
    for guide in sorted(found, key=lambda rows: (rows.language != "en", rows.language, rows.guide_id)):
        left |= _import_guide(guide, report, now)
    for listing in left.values():
        if not listing.rows:
            withdraw(listing)
            listing.note = GONE
            report.withdrawn += 1
    db.session.flush()
    return report


def _import_guide(guide: FoundRows, report: ImportedRows, now: datetime) -> dict[int, Listing]:
    """Take a guide's rows; returns the listings that lost their row in it."""
    kept = {
        row.listing_id: row
        for row in db.session.scalars(select(ListingRow).where(ListingRow.guide_id == guide.guide_id))
    }
    seen: set[int] = set()
    for offer in _read_rows(guide):
        provider = _provider(offer, guide.country, now)
        listing = None if provider.status in CLOSED else listing_for(provider, guide.topic_id)
        if provider.status in CLOSED or (listing is not None and listing.id in seen):
            report.skipped += 1
            continue
        if listing is None:
            listing = _create(provider, guide.topic_id, offer, now)
            report.created += 1
        elif provider.status == ProviderStatus.UNCLAIMED:
            _keep(listing, offer, kept.get(listing.id), now)
        seen.add(listing.id)
    lost = {listing_id: row.listing for listing_id, row in kept.items() if listing_id not in seen}
    for listing in lost.values():
        listing.rows[:] = [row for row in listing.rows if row.guide_id != guide.guide_id]
    db.session.flush()
    return lost


def _read_rows(guide: FoundRows) -> Iterator[_Offer]:
    currency = country_currency(guide.country)
    for position, row in enumerate(guide.rows):
        website = _website(row.cells)
        typed = one_line(plain_text(row.cells[0]))[:NAME_LENGTH].strip()
        name = typed if typed and not name_problem(typed) else website.host[:NAME_LENGTH]
        if name:
            yield _Offer(
                guide.guide_id,
                position,
                row.raw,
                name,
                website,
                parse_cost(plain_text(row.cells[3]), guide.language, currency),
                parse_timeframe(plain_text(row.cells[2]), guide.language),
            )


def _website(cells: Sequence[str]) -> Website:
    """The row's link: in its website cell, else around the name, else an address written without `https://`."""
    for cell in (cells[1], cells[0]):
        link = read_link(cell)
        if link is not None:
            try:
                return read_website(link[1])
            except Invalid:
                continue
    try:
        return read_website(f"https://{plain_text(cells[1])}")
    except Invalid:
        return NO_WEBSITE


def _provider(offer: _Offer, country: str, now: datetime) -> Provider:
    query = select(Provider).where(Provider.name_key == name_key(offer.name), Provider.host == "")
    host = offer.website.host
    provider = provider_with_host(host, offer.name) if host else db.session.scalar(query)
    if provider is None:
        provider = new_provider(
            offer.name, offer.website, slug=free_slug(offer.name), status=ProviderStatus.UNCLAIMED, now=now
        )
        db.session.add(provider)
    if provider.status == ProviderStatus.UNCLAIMED and country not in provider.countries:
        provider.countries = [*provider.countries, country]
    db.session.flush()
    return provider


def _create(provider: Provider, topic_id: int, offer: _Offer, now: datetime) -> Listing:
    listing = Listing(
        provider=provider,
        topic_id=topic_id,
        status=ListingStatus.PUBLISHED,
        version=1,
        referral=carries_referral(offer.website.url),
        created_at=now,
        published_at=now,
        # Nobody stands behind an unclaimed listing who could confirm it, so it must not grow stale either.
        confirmed_at=None if provider.status == ProviderStatus.UNCLAIMED else now,
    )
    write_terms(listing, _typed(OfferTerms(), offer))
    db.session.add(listing)
    if provider.status == ProviderStatus.UNCLAIMED:
        listing.rows.append(ListingRow(guide_id=offer.guide_id, position=offer.position, raw=offer.raw))
    db.session.flush()
    invalidate_listing_pages(listing)
    raise_offers_revision([listing.topic.country])
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def _keep(listing: Listing, offer: _Offer, row: ListingRow | None, now: datetime) -> None:
    """Note a guide's row of a listing that nobody has touched."""
    returns = listing.status == ListingStatus.WITHDRAWN and listing.note == GONE
    if returns:
        listing.status, listing.note = ListingStatus.PUBLISHED, ""
        listing.published_at = now
    elif not listing.rows:
        return
    terms = terms_of(listing)
    if row is None:
        listing.rows.append(ListingRow(guide_id=offer.guide_id, position=offer.position, raw=offer.raw))
        # Another language may say what the first could not.
        wanted = _typed(terms, _only_gaps(offer, terms))
    elif row.raw != offer.raw:
        row.raw, row.position = offer.raw, offer.position
        wanted = _typed(OfferTerms() if len(listing.rows) == 1 else terms, offer)
        listing.referral = listing.referral or carries_referral(offer.website.url)
    else:
        row.position = offer.position
        return
    write_terms(listing, wanted)
    if wanted != terms:
        keep_terms(listing, terms, now=now)
    bump_listing_version(listing, shown=True)
    db.session.flush()
    if returns:
        listing_visibility_changed.send(Listing, listing=listing)


def _only_gaps(offer: _Offer, terms: OfferTerms) -> _Offer:
    return replace(
        offer,
        cost=offer.cost if terms.cost_basis == "on_request" else None,
        time=offer.time if terms.time_unit is None else None,
    )


def _typed(terms: OfferTerms, offer: _Offer) -> OfferTerms:
    """The terms with what was read; what breaks a rule was not read."""
    wanted = terms
    if offer.cost is not None:
        cost = offer.cost
        wanted = replace(
            wanted,
            cost_basis=cost.cost_basis,
            fee_min=cost.fee_min,
            fee_max=cost.fee_max,
            currency=cost.currency,
        )
        wanted = terms if find_problems(wanted) else wanted
    if offer.time is not None:
        timed = replace(wanted, time_min=offer.time[0], time_max=offer.time[1], time_unit=offer.time[2])
        wanted = wanted if find_problems(timed) else timed
    return wanted


@task("guides.follow_days", every=timedelta(minutes=10))
def follow_guides(payload: dict[str, Any]) -> None:
    """Show guides on their day and hide those that have expired, with the pages of the providers that list there."""
    invalidate_provider_pages(follow_days(current_settings().guides_origin, extensions.now()))
