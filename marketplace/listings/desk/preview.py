"""An offer as the table will show it, in each language of the topic's guides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marketplace.guides.queries import topic_guides
from marketplace.i18n.table_words import table_words
from marketplace.listings.terms import OfferTerms
from marketplace.values.money import format_cost, format_official_fee
from marketplace.values.timeframe import format_time_from, format_timeframe


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
