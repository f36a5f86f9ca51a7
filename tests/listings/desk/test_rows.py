"""What the desk says of each listing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.listings.desk.rows import Step, checklist, desk_rows, is_thin, next_step
from marketplace.listings.models import Listing
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import OfferTerms
from tests.factories import NOON, make_guide, make_listing, make_provider, make_topic, make_user
from tests.listings.making import TERMS


def step(now: Any = NOON, **values: Any) -> Step:
    listing = make_listing(make_topic(), **values)
    return next_step(listing, listing.provider, now)


def test_each_status_has_its_next_step(app: Flask) -> None:
    assert step(status="draft").code == "send"
    assert step(status="draft", service="").code == "complete"
    assert step(status="pending") == Step("wait", date(2026, 11, 25))
    assert step().code == "none"
    assert step(status="paused").code == "resume"
    assert step(status="withdrawn").code == "again"
    assert step(status="rejected").code == "correct"


def test_a_listing_waits_for_its_providers_registration_first(app: Flask) -> None:
    assert step(status="pending", provider=make_provider(status="pending")).code == "provider"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (149, Step("none")),
        (150, Step("confirm", date(2027, 5, 22))),
        (179, Step("confirm", date(2027, 5, 22))),
        (180, Step("renew", date(2027, 8, 20))),
        (269, Step("renew", date(2027, 8, 20))),
        (270, Step("expired", date(2027, 8, 20))),
    ],
)
def test_old_data_are_to_be_confirmed(app: Flask, days: int, expected: Step) -> None:
    assert step(NOON + timedelta(days=days)) == expected


def test_a_waiting_and_a_refused_change_come_first(app: Flask) -> None:
    member = make_user()
    listing = make_listing(make_topic(), make_provider(member))
    edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert next_step(listing, listing.provider, NOON) == Step("edit_wait", date(2026, 11, 25))
    assert listing.edit is not None
    listing.edit.status, listing.edit.note = "rejected", "Too dear."
    assert next_step(listing, listing.provider, NOON).code == "edit_refused"
    [row] = desk_rows([listing], listing.provider, language="en", now=NOON)
    assert (row.note, row.step.needs_somebody) == ("Too dear.", True)


def test_a_row_is_in_the_readers_language_where_there_is_a_guide_in_it(app: Flask) -> None:
    topic = make_topic(languages=())
    make_guide(topic, "en", "visa", title="Visa")
    make_guide(topic, "es", "visado", title="Visado")
    listing = make_listing(topic)
    rows = {
        language: desk_rows([listing], listing.provider, language=language, now=NOON)[0]
        for language in ("es", "de")
    }
    assert (rows["es"].title, rows["es"].title_language) == ("Visado", "es")
    assert (rows["es"].cost, rows["es"].time) == ("4.200\u00a0MXN", "12–18 días hábiles")
    assert (rows["de"].title, rows["de"].title_language) == ("Visa", "en")


def test_a_topic_whose_guides_are_gone_is_named_by_its_key(app: Flask) -> None:
    listing: Listing = make_listing(
        make_topic(key="mexico-gone", languages=()), time_unit=None, time_min=None, time_max=None
    )
    [row] = desk_rows([listing], listing.provider, language="en", now=NOON)
    assert (row.title, row.time) == ("mexico-gone", "")


def test_a_draft_without_what_clients_compare_is_thin() -> None:
    assert is_thin(OfferTerms(service="x"))
    assert is_thin(OfferTerms(cost_basis="free"))
    assert not is_thin(TERMS)


def test_the_checklist_leads_from_the_address_to_a_published_listing(app: Flask) -> None:
    provider = make_provider()

    def states(**values: Any) -> list[str]:
        return [
            check.state
            for check in checklist(**{"confirmed": True, "provider": provider, "counts": {}, **values})
        ]

    assert states(confirmed=False, provider=None) == ["next", "later", "later", "later"]
    assert states(provider=None) == ["done", "next", "later", "later"]
    assert states(counts={"draft": 1}) == ["done", "done", "next", "later"]
    assert states(counts={"pending": 1}) == ["done", "done", "done", "next"]
    assert states(counts={"paused": 1}) == ["done", "done", "done", "done"]
    provider.status = "removed"
    assert states() == ["done", "next", "later", "later"]
