"""What other features are told of providers and listings, inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from blinker import Signal
from flask import Flask
from sqlalchemy import select

from marketplace.core.errors import NotAllowed
from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, raise_site_revision, revision_of
from marketplace.guides.hugo.guide_file import TableRow
from marketplace.guides.services import FoundRows
from marketplace.listings import approvals, services
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.guide_rows import import_rows
from marketplace.listings.importing.services import import_records
from marketplace.listings.models import Listing
from marketplace.listings.signals import listing_visibility_changed
from marketplace.providers import approvals as provider_approvals
from marketplace.providers.claims import approve_claim, file_claim
from marketplace.providers.models import Provider
from marketplace.providers.registration import change_provider
from marketplace.providers.signals import provider_status_changed
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user

LINE = {"topic": "mexico-visa", "provider": "Casa", "website": "https://casa.example/"}


@contextmanager
def listening(signal: Signal) -> Iterator[list[str]]:
    """The states that a receiver was told of, as it finds them in the database."""
    heard: list[str] = []

    def hear(sender: Any, **arguments: Any) -> None:
        (row,) = arguments.values()
        assert isinstance(row, sender)
        assert db.session().in_transaction()
        heard.append(db.session.scalars(select(sender.status).where(sender.id == row.id)).one())

    with signal.connected_to(hear):
        yield heard


PROVIDER_MOVES: dict[str, tuple[str, Callable[[Provider], object], list[str]]] = {
    "activate": ("pending", lambda p: provider_approvals.activate_provider(p, now=NOON), ["active"]),
    "reject": ("pending", lambda p: provider_approvals.reject_provider(p, note="", now=NOON), ["removed"]),
    "suspend": (
        "active",
        lambda p: provider_approvals.suspend_provider(p, note="Why", now=NOON),
        ["suspended"],
    ),
    "reinstate": ("suspended", lambda p: provider_approvals.reinstate_provider(p, now=NOON), ["active"]),
}


@pytest.mark.parametrize("move", PROVIDER_MOVES)
def test_a_provider_s_new_standing_is_told(app: Flask, move: str) -> None:
    status, change, told = PROVIDER_MOVES[move]
    provider = make_provider(status=status)
    with listening(provider_status_changed) as heard:
        change(provider)
    assert heard == told


@pytest.mark.parametrize(
    ("status", "told"), [("unclaimed", ["active"]), ("removed", ["pending"]), ("active", [])]
)
def test_a_claim_tells_the_standing_that_it_changes(app: Flask, status: str, told: list[str]) -> None:
    claim = file_claim(make_user(), make_provider(status=status), message="", now=NOON)
    with listening(provider_status_changed) as heard:
        approve_claim(claim, now=NOON)
    assert heard == told


@pytest.mark.parametrize(("status", "told"), [("removed", ["pending"]), ("pending", []), ("active", [])])
def test_a_registration_that_is_sent_again_is_told(app: Flask, status: str, told: list[str]) -> None:
    member = make_user()
    provider = make_provider(member, status=status)
    with listening(provider_status_changed) as heard:
        change_provider(
            actor=member,
            provider=provider,
            name=provider.name,
            website=provider.website,
            description="Corrected.",
            languages=["en"],
            countries=["mexico"],
            now=NOON,
        )
    assert heard == told


@pytest.mark.parametrize(
    ("status", "change", "told"),
    [
        ("pending", lambda a, row: approvals.publish_listing(row, now=NOON), ["published"]),
        ("pending", lambda a, row: approvals.reject_listing(row, note="", now=NOON), []),
        ("draft", lambda a, row: services.submit_listing(actor=a, listing=row, now=NOON), []),
        ("published", lambda a, row: services.pause_listing(actor=a, listing=row), ["paused"]),
        ("paused", lambda a, row: services.pause_listing(actor=a, listing=row), []),
        ("paused", lambda a, row: services.resume_listing(actor=a, listing=row), ["published"]),
        ("published", lambda a, row: services.withdraw_listing(actor=a, listing=row), ["withdrawn"]),
        ("paused", lambda a, row: services.withdraw_listing(actor=a, listing=row), []),
        ("published", lambda a, row: services.withdraw(row), ["withdrawn"]),
        ("published", lambda a, row: services.confirm_listing(actor=a, listing=row, now=NOON), []),
    ],
)
def test_a_listing_that_comes_into_sight_or_leaves_it_is_told(
    app: Flask, status: str, change: Callable[..., object], told: list[str]
) -> None:
    member = make_user()
    listing = make_listing(make_topic(), make_provider(member), status=status)
    with listening(listing_visibility_changed) as heard:
        change(member, listing)
    assert heard == told


@pytest.mark.parametrize(
    ("before", "lines", "told"),
    [
        (None, ["published"], ["published"]),
        (None, ["draft"], []),
        ("paused", ["published"], ["published"]),
        ("published", ["withdrawn"], ["withdrawn"]),
        ("published", ["published"], []),
        ("published", ["paused", "published"], []),
    ],
)
def test_an_import_in_bulk_tells_what_it_shows_and_hides(
    app: Flask, before: str | None, lines: list[str], told: list[str]
) -> None:
    topic = make_topic(key="mexico-visa")
    if before is not None:
        provider = make_provider(name="Casa", host="casa.example", website="https://casa.example/")
        make_listing(topic, provider, status=before)
    records = [Record(number, {**LINE, "status": status}) for number, status in enumerate(lines, start=2)]
    with listening(listing_visibility_changed) as heard:
        assert import_records(records, now=NOON).refused == []
    assert heard == told


def test_an_import_of_guides_tells_what_it_shows_and_hides(app: Flask) -> None:
    topic = make_topic()
    cells = ("Casa", "[casa.example](https://casa.example/)", "", "")
    row = TableRow(b"| Casa | [casa.example](https://casa.example/) |  |  |", cells)
    with listening(listing_visibility_changed) as heard:
        for rows in ((row,), (row,), (), (row,)):
            guide = topic.guides[0]
            found = FoundRows(guide.id, topic.id, topic.country, guide.language, rows)
            import_rows([found], now=NOON)
            db.session.expire_all()
    assert heard == ["published", "withdrawn", "published"]


def test_what_a_receiver_writes_is_undone_with_the_change(app: Flask) -> None:
    provider = make_provider(status="pending")
    db.session.commit()

    def count(sender: type[Provider], *, provider: Provider) -> None:
        raise_site_revision()

    before = revision_of(SITE)
    with provider_status_changed.connected_to(count):
        provider_approvals.activate_provider(provider, now=NOON)
    assert revision_of(SITE) == before + 1
    db.session.rollback()
    assert (provider.status, revision_of(SITE)) == ("pending", before)


def test_what_a_receiver_raises_comes_to_the_caller(app: Flask) -> None:
    listing = make_listing(make_topic(), status="pending")

    def refuse(sender: type[Listing], *, listing: Listing) -> None:
        raise NotAllowed("not_today")

    with listing_visibility_changed.connected_to(refuse), pytest.raises(NotAllowed, match="not_today"):
        approvals.publish_listing(listing, now=NOON)
