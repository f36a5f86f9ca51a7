"""Every listing as the cells of a CSV line: import takes them back without loss."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.listings.importing.csv_file import COLUMNS
from marketplace.listings.importing.csv_terms import write_cells
from marketplace.listings.models import Listing
from marketplace.listings.terms import terms_of
from marketplace.providers.models import Provider


def export_rows() -> Iterator[list[str]]:
    """The cells of every listing, by topic, provider's name and host: the same whatever the database."""
    query = (
        select(Listing, Topic.key, Provider.name, Provider.host, Provider.website, Provider.languages)
        .join(Topic, Topic.id == Listing.topic_id)
        .join(Provider, Provider.id == Listing.provider_id)
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
