"""Revisions: counters of what pages show. The page cache keeps a page as long as its revisions stand.

Topics and providers carry one each (`Revised`), for their own pages. Those of lists and of site-wide pages have names and
stand in a table. Whatever changes what a page shows raises a revision of it in the same transaction. Those with names, on
which many writers meet, are raised at its end, all in one statement and one order: nobody waits long, and never in a ring.

| name | of the pages that show |
| --- | --- |
| `topic:12` | a topic's offers, in a guide's table, on their own pages, in a comparison |
| `provider:5` | a provider and all its offers |
| `country:spain` | how many offers each topic of a country has, and who is featured there |
| `offers` | which offers and providers are shown anywhere: home, directory, search |
| `reviews` | numbers over all published reviews |
| `site` | what changes rarely: imported guides, exchange rates, terms, prices |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask_sqlalchemy.session import Session
from sqlalchemy import String, event, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.extensions import db, insert_into

SITE = "site"
OFFERS = "offers"
REVIEWS = "reviews"


class Revised:
    """A row with a revision of its own, such as a topic."""

    tables: ClassVar[set[str]] = set()

    revision: Mapped[int] = mapped_column(default=0)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        Revised.tables.add(cls.__tablename__)  # type: ignore[attr-defined]


class Revision(db.Model):
    """A counter of changes that belong to no single topic or provider."""

    __tablename__ = "revision"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


def country_revision(folder: str) -> str:
    """The name of a country's revision."""
    return f"country:{folder}"


def revision_of(name: str) -> int:
    """A counter by its name, as the transaction will leave it."""
    found = db.session.scalar(select(Revision.value).where(Revision.name == name)) or 0
    return found + (name in _raised(db.session()))


def raise_site_revision() -> None:
    """Count a change that shows on site-wide pages; in the caller's transaction."""
    raise_revisions(SITE)


def raise_offers_revision(countries: Iterable[str]) -> None:
    """Count a change of which offers and providers are shown in some countries; in the caller's transaction."""
    raise_revisions(OFFERS, *map(country_revision, countries))


def raise_revisions(*names: str) -> None:
    """Increment counters when the caller's transaction is committed."""
    _raised(db.session()).update(names)


def hold_revision(name: str) -> None:
    """Increment a counter at once: others that hold it wait until the caller's transaction ends."""
    db.session.execute(_raising([name]))


def _raised(session: Session) -> set[str]:
    raised: set[str] = session.info.setdefault("raised_revisions", set())
    return raised


def _raising(names: Iterable[str]) -> Any:
    query = insert_into(Revision).values([{"name": name, "value": 1} for name in names])
    return query.on_conflict_do_update(
        index_elements=[Revision.name], set_={"value": Revision.__table__.c.value + 1}
    )


@event.listens_for(Session, "before_commit")
def _raise_all(session: Session) -> None:
    if not session.in_nested_transaction() and (names := sorted(_raised(session))):
        session.flush()
        session.execute(_raising(names))
        _raised(session).clear()


@event.listens_for(Session, "after_rollback")
def _raise_none(session: Session) -> None:
    # Also sent for a savepoint: what was raised before it stands, and one too many only makes a page anew.
    if not session.in_nested_transaction():
        _raised(session).clear()


def revisions_query(names: Sequence[str], mark: str) -> tuple[str, tuple[str, ...]]:
    """One statement that reads revisions in this order, for a connection of the database's driver whose placeholder is
    `mark`, and its parameters. A counter that was never raised is 0; of a row that is gone, NULL."""
    columns, parameters = [], []
    for name in names:
        kind, _, key = name.partition(":")
        if kind in Revised.tables:
            columns.append(f"(SELECT revision FROM {kind} WHERE id = {int(key)})")  # noqa: S608 - a table's name
        else:
            columns.append(f"coalesce((SELECT value FROM revision WHERE name = {mark}), 0)")  # noqa: S608
            parameters.append(name)
    return "SELECT " + ", ".join(columns or ["NULL"]), tuple(parameters)
