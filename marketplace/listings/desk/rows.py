"""What the desk shows of a listing: its status and next step as codes that templates put in words, and a preview of its row
in each language of the topic's guides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marketplace.core.waiting_edits import EditStatus
from marketplace.guides.queries import guide_titles, topic_guides
from marketplace.i18n.table_words import table_words
from marketplace.listings.freshness import REMIND_AFTER, answer_by, dimmed_on, gone_on
from marketplace.listings.models import LIVE, Listing, ListingStatus
from marketplace.listings.rules import find_gaps
from marketplace.listings.terms import OfferTerms, terms_of
from marketplace.providers.models import ClaimStatus, Provider, ProviderClaim, ProviderStatus
from marketplace.values.money import format_cost, format_official_fee
from marketplace.values.timeframe import format_time_from, format_timeframe

STEPS: dict[str, str] = {
    ListingStatus.PAUSED: "resume",
    ListingStatus.WITHDRAWN: "again",
    ListingStatus.REJECTED: "correct",
}
LIVE_OR_WAITING = (ListingStatus.PENDING, *LIVE)


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
    """A point of the checklist: `code` is one of `confirm register listing published`, `state` `done next waiting later`.
    `claimed` names the provider whose claim a moderator is looking at."""

    code: str
    state: str
    claimed: str = ""


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
        refused = edit is not None and edit.status == EditStatus.REJECTED
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
    if listing.status == ListingStatus.PENDING:
        return listing.submitted_at
    return listing.published_at if listing.status == ListingStatus.PUBLISHED else None


def next_step(listing: Listing, provider: Provider, now: datetime) -> Step:
    """What comes next for a listing."""
    if listing.status == ListingStatus.DRAFT:
        return Step("complete" if is_thin(terms_of(listing)) else "send")
    if listing.status == ListingStatus.PENDING:
        if provider.status != ProviderStatus.ACTIVE:
            return Step("provider")
        return Step("wait", answer_by(listing.submitted_at or now))
    if listing.edit is not None:
        if listing.edit.status == EditStatus.REJECTED:
            return Step("edit_refused")
        return Step("edit_wait", answer_by(listing.edit.submitted_at))
    if listing.status == ListingStatus.PUBLISHED:
        return _freshness_step(listing, now)
    return Step(STEPS[listing.status])


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


def checklist(
    *,
    confirmed: bool,
    provider: Provider | None,
    counts: Mapping[str, int],
    claims: Sequence[ProviderClaim] = (),
) -> list[Check]:
    """What is done and what comes next until a first listing is published. Who has no provider yet may wait for a claim."""
    done = {
        "confirm": confirmed,
        "register": provider is not None and provider.status != ProviderStatus.REMOVED,
        "listing": any(counts.get(status) for status in LIVE_OR_WAITING),
        "published": any(counts.get(status) for status in LIVE),
    }
    following = next((code for code, is_done in done.items() if not is_done), None)
    waits = next((claim for claim in claims if claim.status == ClaimStatus.PENDING), None)
    if following == "register" and provider is None and waits is not None:
        done.pop("register")
        later = [Check(code, "done" if is_done else "later") for code, is_done in done.items()]
        return [later[0], Check("register", "waiting", claimed=waits.provider.name), *later[1:]]
    return [
        Check(code, "done" if is_done else "next" if code == following else "later")
        for code, is_done in done.items()
    ]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One guide's row: the guide, the column heads in its language, the words of time and cost, and the label that the row
    would carry in a paid place."""

    language: str
    title: str
    country: str
    stem: str
    heads: tuple[str, str, str, str]
    time: str
    time_from: str
    cost: str
    official_fee: str
    sponsored: str


def preview_rows(topic_id: int, terms: OfferTerms) -> list[PreviewRow]:
    """The rows of all guides of a topic, by language."""
    return [_row(guide, terms) for guide in topic_guides(topic_id)]


def _row(guide: Any, terms: OfferTerms) -> PreviewRow:
    language: str = guide.language
    words = table_words(language)
    heads = guide.header or (words.provider, words.website, words.timelines, words.cost)
    says_fees = terms.cost_basis != "on_request" or terms.official_fee_kind != "unknown"
    return PreviewRow(
        language=language,
        title=guide.title,
        country=guide.country,
        stem=guide.stem,
        heads=(heads[0], heads[1], heads[2], heads[3]),
        time=format_timeframe(terms.time_min, terms.time_max, terms.time_unit, language),
        time_from=format_time_from(terms.time_from, language),
        cost=format_cost(terms, language),
        official_fee=format_official_fee(
            terms.official_fee_kind, terms.official_fee, terms.currency, language
        )
        if says_fees
        else "",
        sponsored=words.sponsored,
    )
