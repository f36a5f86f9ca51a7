"""Counters of changes that belong to no single topic or provider: the page cache's validators depend on them."""

from __future__ import annotations

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.extensions import db, insert_into

SITE = "site"


class Revision(db.Model):
    """A counter of changes that belong to no single topic or provider."""

    __tablename__ = "revision"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


def site_revision() -> int:
    """The site-wide revision: of home, lists, search and comparisons."""
    return db.session.scalar(select(Revision.value).where(Revision.name == SITE)) or 0


def raise_site_revision() -> None:
    """Count a change that shows on site-wide pages; in the caller's transaction."""
    raise_revision(SITE)


def raise_revision(name: str) -> None:
    """Increment a counter. Others incrementing it wait until the caller's transaction ends."""
    db.session.execute(insert_into(Revision).values(name=name, value=0).on_conflict_do_nothing())
    db.session.execute(update(Revision).where(Revision.name == name).values(value=Revision.value + 1))
