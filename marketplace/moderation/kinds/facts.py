"""The values of a subject as a moderator reads them, in the language of the page; of an edit, beside what they replace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from marketplace.i18n.dates import format_date, format_month
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import country_name, language_name
from marketplace.listings.models import Listing, ListingEdit
from marketplace.moderation.appeals.targets import appealed_thing
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.kinds.facts_appeals import appeal_facts
from marketplace.moderation.kinds.facts_flags import flag_facts
from marketplace.moderation.kinds.facts_replies import reply_facts, shown_reply_facts
from marketplace.moderation.models import Appeal, Flag
from marketplace.moderation.queue.labels import provider_status_word
from marketplace.moderation.reports.targets import flagged_by
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.values.money import format_cost, format_money, format_official_fee
from marketplace.values.timeframe import format_time_from, format_timeframe


def facts_of(subject: Subject) -> list[Fact]:
    """The values of a subject, in the order they are read."""
    if subject.kind == "review":
        return review_facts(subject.row)
    if subject.kind == "review_edit":
        return compared(review_facts(subject.row), review_facts(subject.row.review))
    if subject.kind == "reply":
        return reply_facts(subject.row)
    if subject.kind == "appeal":
        return [*appeal_facts(subject.row), *appealed_facts(subject.row)]
    if subject.kind == "flag":
        return [*flag_facts(subject.row), *reported_facts(subject.row)]
    if subject.kind == "listing":
        return listing_facts(subject.row)
    if subject.kind == "listing_edit":
        return compared(listing_facts(subject.row), listing_facts(subject.row.listing))
    if subject.kind == "provider":
        return provider_facts(subject.row)
    if subject.kind == "provider_edit":
        return compared(profile_facts(subject.row), profile_facts(subject.row.provider))
    return claim_facts(subject.row)


def reported_facts(flag: Flag) -> list[Fact]:
    """What readers see of what a flag is about: it is quoted beside the report, and compared where it changes meanwhile. The
    codes begin with `reported_`."""
    return _quoted("reported", flag.subject, flagged_by(flag))


def appealed_facts(appeal: Appeal) -> list[Fact]:
    """The same of what an appeal is about in the end; the codes begin with `appealed_`."""
    found = appealed_thing(appeal)
    if found is not None and found[0] == "reply":  # the words that were decided on, not those that are shown
        return [replace(fact, code=f"appealed_{fact.code}", old=None) for fact in reply_facts(found[1])]
    return _quoted("appealed", *found) if found is not None else []


def _quoted(prefix: str, kind: str, thing: Any) -> list[Fact]:
    kinds: dict[str, Callable[[Any], list[Fact]]] = {
        "review": review_facts,
        "review_edit": review_facts,
        "reply": shown_reply_facts,
        "listing": listing_facts,
        "provider": profile_facts,
    }
    return [replace(fact, code=f"{prefix}_{fact.code}") for fact in kinds[kind](thing)]


def compared(new: Sequence[Fact], old: Sequence[Fact]) -> list[Fact]:
    """The new values, each with the old one it would replace."""
    before = {fact.code: fact.value for fact in old}
    return [Fact(fact.code, fact.label, fact.value, before.get(fact.code, ""), fact.is_long) for fact in new]


def review_facts(review: Review | ReviewEdit) -> list[Fact]:
    """A review or its edit: stars, text, and what was told."""
    language = address_language()
    cost = time = _("not given")
    if review.real_cost is not None and review.real_currency is not None:
        cost = format_money(review.real_cost, review.real_currency, language)
    if review.real_time is not None:
        time = format_timeframe(review.real_time, review.real_time, review.real_time_unit, language)
    return [
        Fact("rating", _("Stars"), str(review.rating)),
        Fact("text", _("Text"), review.text, is_long=True),
        Fact("experience_on", _("Experience"), format_month(review.experience_on, language)),
        Fact("real_cost", _("What it cost"), cost),
        Fact("real_time", _("How long it took"), time),
        Fact("outcome", _("Outcome"), review.outcome or _("not given")),
        Fact("language", _("Written in"), language_name(review.language, language)),
    ]


def listing_facts(terms: Listing | ListingEdit) -> list[Fact]:
    """The terms of an offer."""
    language = address_language()
    fee = format_official_fee(terms.official_fee_kind, terms.official_fee, terms.currency, language)
    spoken = _names(terms.languages) if terms.languages is not None else _("same as the provider")
    return [
        Fact("service", _("What the client gets"), terms.service or _("no text"), is_long=True),
        Fact("cost", _("Cost"), format_cost(terms, language)),
        Fact("official_fee", _("Official fees"), fee),
        Fact("time", _("Time"), format_timeframe(terms.time_min, terms.time_max, terms.time_unit, language)),
        Fact("time_from", _("Counted from"), format_time_from(terms.time_from, language) or _("not stated")),
        Fact("languages", _("Languages"), spoken),
    ]


def profile_facts(profile: Provider | ProviderEdit) -> list[Fact]:
    """What of a provider waits for approval when it changes."""
    return [
        Fact("name", _("Name"), profile.name),
        Fact("website", _("Website"), profile.website or _("none")),
        Fact("description", _("What it does"), profile.description or _("no text"), is_long=True),
    ]


def provider_facts(provider: Provider) -> list[Fact]:
    """The whole profile of a provider; of one that waits for nothing also its standing and what it was told."""
    language = address_language()
    served = ", ".join(country_name(folder, language) for folder in provider.countries)
    standing = []
    if provider.status != "pending":
        standing.append(Fact("standing", _("Standing"), provider_status_word(provider.status)))
    if provider.warned_at is not None:
        standing.append(
            Fact(
                "warned",
                _("Warning about reviews"),
                _("shown since %(date)s", date=format_date(provider.warned_at, language)),
            )
        )
    if provider.note:
        standing.append(Fact("note", _("What we told it"), provider.note, is_long=True))
    return [
        *profile_facts(provider),
        Fact("languages", _("Languages"), _names(provider.languages)),
        Fact("countries", _("Countries"), served or _("none")),
        *standing,
    ]


def claim_facts(claim: ProviderClaim) -> list[Fact]:
    """A claim: who says so, and whether the address is one of the website's."""
    host = claim.user.email.rpartition("@")[2].lower()
    own = claim.provider.host
    fits = bool(own) and (host == own or host.endswith(f".{own}") or own.endswith(f".{host}"))
    return [
        Fact("email", _("Claimant’s email address"), claim.user.email),
        Fact(
            "domain",
            _("Email address matches the website"),
            _("yes") if fits else _("no, it is a different one"),
        ),
        Fact("website", _("Website"), claim.provider.website or _("none")),
        Fact("message", _("What they wrote"), claim.message or _("no text"), is_long=True),
    ]


def _names(tags: Sequence[Any]) -> str:
    language = address_language()
    return ", ".join(language_name(tag, language) for tag in tags) or str(_("none"))
