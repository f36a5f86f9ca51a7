"""Why a review should be looked at closely, as a moderator reads it: the score, and each reason as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review, ReviewEdit, ReviewStatus
from marketplace.reviews.risk.lists import LIST_CODES
from marketplace.reviews.risk.rules import LIMIT, WEIGHTS, risk_band
from marketplace.values.money import format_number


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another review with nearly the same text: where it is, and how far the texts overlap in percent."""

    review_id: int
    provider_name: str
    submitted_at: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what it says, the points it adds, and the reviews it speaks of."""

    words: str
    points: int
    likenesses: list[Likeness] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownRisk:
    """The risk of a review: `band` is high, raised or low."""

    score: int
    band: str
    title: str
    reasons: list[Reason]


def shown_risk(review: Review | ReviewEdit) -> ShownRisk:
    """The risk of a review or a change of one. One query at most."""
    score = review.risk
    stored: Sequence[dict[str, Any]] = review.risk_reasons
    band = risk_band(score)
    likenesses = _likenesses(stored)
    reasons = [
        Reason(
            reason_words(reason),
            WEIGHTS[reason["code"]],
            [likenesses[number] for number, _percent in reason.get("reviews", ()) if number in likenesses],
        )
        for reason in stored
        if reason["code"] in WEIGHTS
    ]
    return ShownRisk(score, band, band_words(band, score), reasons)


def band_words(band: str, score: int) -> str:
    """The score in words: `High risk: 83 of 100`."""
    words = {
        "high": _("High risk: %(score)s of %(limit)s", score=score, limit=LIMIT),
        "raised": _("Medium risk: %(score)s of %(limit)s", score=score, limit=LIMIT),
        "low": _("Low risk: %(score)s of %(limit)s", score=score, limit=LIMIT),
    }
    return str(words[band])


def reason_words(reason: dict[str, Any]) -> str:
    """A reason as a sentence with its figures."""
    code = reason["code"]
    if code in ("flood", "burst", "network_burst"):
        return _rush_words(reason)
    if code in ("member_network", "shared_network", "member_address", "all_extreme"):
        return _counted_words(reason)
    if code in ("new_account", "young_account"):
        return _age_words(reason["hours"])
    if code == "hidden_contact":
        return _hint_words(reason["hints"])
    if code == "other_language":
        return _language_words(reason)
    if code in LIST_CODES:
        return _list_words(reason)
    words = {
        "own_domain": _("The author’s email address belongs to the provider’s website or company."),
        "invited_account": _("The account was made after the invitation was sent."),
        "copied_text": _("Its text is nearly the same as the text of another review."),
        "similar_text": _("Much of its text is the same as in another review."),
        "messenger": _("Mentions a messaging app or a social network."),
    }
    return str(words[code])


def _rush_words(reason: dict[str, Any]) -> str:
    language = address_language()
    counts = {name: format_number(reason[name], language) for name in ("hour", "day")}
    if reason["code"] == "network_burst":
        return str(
            _("From the same network: %(hour)s other reviews within an hour, %(day)s within a day.", **counts)
        )
    if reason["code"] == "flood":
        words = _(
            "Far more reviews than usual: %(hour)s others of this provider within an hour, %(day)s within a "
            "day.",
            **counts,
        )
    else:
        words = _(
            "More reviews than usual: %(hour)s others of this provider within an hour, %(day)s within a day.",
            **counts,
        )
    usual = _("Usual in a day: %(usual)s.", usual=format_number(reason["usual"], language))
    return f"{words} {usual}"


def _counted_words(reason: dict[str, Any]) -> str:
    code, count = reason["code"], reason["count"]
    if code == "member_network":
        words = ngettext(
            "The author was seen in the same network as a member of this provider.",
            "The author was seen in the same network as %(num)s members of this provider.",
            count,
        )
    elif code == "shared_network":
        words = ngettext(
            "Another author who reviewed this provider was seen in the same network.",
            "%(num)s other authors who reviewed this provider were seen in the same network.",
            count,
        )
    elif code == "member_address":
        words = ngettext(
            "The author’s email address resembles that of a member of this provider.",
            "The author’s email address resembles those of %(num)s members of this provider.",
            count,
        )
    elif reason["rating"] == 1:
        words = _("All other reviews by this author have one star (%(count)s in total).", count=count)
    else:
        words = _("All other reviews by this author have five stars (%(count)s in total).", count=count)
    return str(words)


def _list_words(reason: dict[str, Any]) -> str:
    """About the lists of clients that an invited review comes from."""
    code, language = reason["code"], address_language()
    figures = {
        name: format_number(reason[name], language)
        for name in ("count", "of", "usual", "days")
        if name in reason
    }
    if code == "same_mailbox":
        words = ngettext(
            "Another invited client has the same mailbox under a different address.",
            "%(num)s other invited clients have the same mailbox under different addresses.",
            reason["count"],
        )
    elif code == "list_style":
        words = _("It is written in nearly the same style as another invited review of this listing.")
    else:
        said = {
            "list_addresses": _l(
                "Addresses that are like the provider’s own or of one mailbox: %(count)s of %(of)s on its lists."
            ),
            "list_answers": _l("%(count)s of %(of)s invited clients wrote a review. Usual: %(usual)s%%."),
            "list_ratings": _l("%(count)s of %(of)s invited reviews have five stars. Usual: %(usual)s%%."),
            "list_free_mail": _l(
                "%(count)s of %(of)s invited clients use a free email service. Usual: %(usual)s%%."
            ),
            "list_size": _l("The lists name %(count)s clients of %(days)s days. Usual: %(usual)s."),
        }
        words = str(said[code]) % figures
    return str(words)


def _age_words(hours: int) -> str:
    if hours < 1:
        return str(_("The account was less than an hour old."))
    if hours < 24:
        return str(ngettext("The account was an hour old.", "The account was %(num)s hours old.", hours))
    return str(ngettext("The account was a day old.", "The account was %(num)s days old.", hours // 24))


def _hint_words(hints: Sequence[str]) -> str:
    known = {
        "spelled_number": _("digits written as words"),
        "spelled_address": _("an address written in words"),
        "mail_service": _("the name of an email service"),
    }
    found = ", ".join(str(known[hint]) for hint in hints if hint in known)
    return str(_("May include contact details: %(hints)s.", hints=found))


def _language_words(reason: dict[str, Any]) -> str:
    language = address_language()
    return str(
        _(
            "The author said it is in %(said)s, but it reads like %(written)s.",
            said=language_name(reason["said"], language),
            written=language_name(reason["written"], language),
        )
    )


def _likenesses(reasons: Sequence[dict[str, Any]]) -> dict[int, Likeness]:
    percents = {number: percent for reason in reasons for number, percent in reason.get("reviews", ())}
    if not percents:
        return {}
    rows = db.session.execute(
        select(Review.id, Provider.name, Review.submitted_at)
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Review.id.in_(percents), Review.status != ReviewStatus.WITHDRAWN)
    )
    return {
        number: Likeness(number, name, submitted_at, percents[number]) for number, name, submitted_at in rows
    }
