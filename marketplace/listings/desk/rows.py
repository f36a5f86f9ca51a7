"""What the desk says of each listing: its status, since when, and the next step, as codes that templates put in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.guides.queries import guide_titles
from marketplace.listings.freshness import REMIND_AFTER, answer_by, dimmed_on, gone_on
from marketplace.listings.models import Listing
from marketplace.listings.rules import find_gaps
from marketplace.listings.terms import OfferTerms, terms_of
from marketplace.providers.models import Provider
from marketplace.values.money import format_cost
from marketplace.values.timeframe import format_timeframe


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next. `code` is one of `complete send wait provider edit_wait edit_refused confirm renew expired resume
    again correct none`; `by` is the day that it names."""

    code: str
    by: date | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether the provider must do something, lest a client sees less."""
        return self.code in ("edit_refused", "confirm", "renew", "expired", "correct")


@dataclass(frozen=True, slots=True)
class Check:
    """A point of the checklist: `code` is one of `confirm register listing published`, `state` `done next later`."""

    code: str
    state: str


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A listing on the desk. `title` is in `title_language`; `cost` and `time` are in `language`, the reader's."""

    id: int
    title: str
    title_language: str
    country: str
    language: str
    cost: str
    time: str
    status: str
    since: datetime | None
    confirmed: datetime | None
    step: Step
    note: str


def desk_rows(
    listings: Sequence[Listing], provider: Provider, *, language: str, now: datetime
) -> list[DeskRow]:
    """The listings as the desk shows them."""
    titles = guide_titles([listing.topic_id for listing in listings], language)
    rows = []
    for listing in listings:
        guide, edit = titles.get(listing.topic_id), listing.edit
        refused = edit is not None and edit.status == "rejected"
        rows.append(
            DeskRow(
                id=listing.id,
                title=guide.title if guide else listing.topic.key,
                title_language=guide.language if guide else "en",
                country=listing.topic.country,
                language=language,
                cost=format_cost(listing, language),
                time=format_timeframe(listing.time_min, listing.time_max, listing.time_unit, language)
                if listing.time_unit
                else "",
                status=listing.status,
                since=_since(listing),
                confirmed=listing.confirmed_at or listing.published_at,
                step=next_step(listing, provider, now),
                note=edit.note if edit is not None and refused else listing.note,
            )
        )
    return rows


def _since(listing: Listing) -> datetime | None:
    return {"pending": listing.submitted_at, "published": listing.published_at}.get(listing.status)


def next_step(listing: Listing, provider: Provider, now: datetime) -> Step:
    """What comes next for a listing."""
    if listing.status == "draft":
        return Step("complete" if is_thin(terms_of(listing)) else "send")
    if listing.status == "pending":
        if provider.status != "active":
            return Step("provider")
        return Step("wait", answer_by(listing.submitted_at or now))
    if listing.edit is not None:
        if listing.edit.status == "rejected":
            return Step("edit_refused")
        return Step("edit_wait", answer_by(listing.edit.submitted_at))
    if listing.status == "published":
        return _freshness_step(listing, now)
    return Step({"paused": "resume", "withdrawn": "again", "rejected": "correct"}[listing.status])


def is_thin(terms: OfferTerms) -> bool:
    """Whether a draft lacks what clients compare."""
    return bool(find_gaps(terms)) or (terms.cost_basis == "on_request" and terms.time_unit is None)


def _freshness_step(listing: Listing, now: datetime) -> Step:
    confirmed = listing.confirmed_at or listing.published_at or now
    if now - confirmed < REMIND_AFTER:
        return Step("none")
    if now.date() < dimmed_on(confirmed):
        return Step("confirm", dimmed_on(confirmed))
    return Step("renew" if now.date() < gone_on(confirmed) else "expired", gone_on(confirmed))


def checklist(*, confirmed: bool, provider: Provider | None, counts: Mapping[str, int]) -> list[Check]:
    """What is done and what comes next until a first listing is published."""
    done = {
        "confirm": confirmed,
        "register": provider is not None and provider.status != "removed",
        "listing": any(counts.get(status) for status in ("pending", "published", "paused")),
        "published": any(counts.get(status) for status in ("published", "paused")),
    }
    following = next((code for code, is_done in done.items() if not is_done), None)
    return [
        Check(code, "done" if is_done else "next" if code == following else "later")
        for code, is_done in done.items()
    ]
