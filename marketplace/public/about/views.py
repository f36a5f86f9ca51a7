"""How the site works, and the legal pages. Their numbers come from the code that uses them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parseaddr
from functools import partial
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, render_template, url_for

from marketplace.accounts.setup import REMEMBERED
from marketplace.accounts.terms import NOTICE_DAYS, VERSIONS, Terms, Version, find_version, terms_on
from marketplace.billing.models import DEFAULT_SLOTS
from marketplace.billing.placements.prices import prices
from marketplace.billing.sync.states import GRACE, PASS_LENGTH
from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings, now
from marketplace.core.jobs.worker import KEEP_FAILED
from marketplace.core.revisions import OFFERS, REVIEWS, SITE
from marketplace.i18n.languages import interface_language
from marketplace.i18n.locales import babel_locale
from marketplace.i18n.table_words import word
from marketplace.moderation.decisions.labels import action_word, finding_word, ledger_kind
from marketplace.moderation.decisions.registry import find_kind, kinds
from marketplace.moderation.models import ActionName
from marketplace.moderation.reports import services as flags
from marketplace.moderation.reports import tasks as tasks_flags
from marketplace.providers.approvals import KEEP_TRADER
from marketplace.public.about.ranking_example import worked_examples
from marketplace.public.about.review_rules import review_rules
from marketplace.public.about.risk_signs import risk_signs
from marketplace.public.offers import ranking as rank
from marketplace.public.offers.attacks import STARTS, Outcome, Start, best_outcomes, play_attacks
from marketplace.public.offers.labels import page_languages
from marketplace.public.publish import services as publish
from marketplace.reviews.eligibility import levels_in_use
from marketplace.reviews.invitations import tasks as tasks_invites
from marketplace.reviews.models import COUNTED_LEVELS
from marketplace.reviews.proofs import services as proofs
from marketplace.reviews.queries import level_counts, publication_waits
from marketplace.reviews.ratings import weights
from marketplace.reviews.risk import networks
from marketplace.text.personal_data import BLOCK, KINDS
from marketplace.values.money import format_number
from marketplace.web.page_cache.public import depends_on, public_page
from marketplace.web.security import access

bp = Blueprint("about", __name__)


def _page(name: str, numbers: Mapping[str, float] | None = None, **values: Any) -> str:
    """Render an about page. It is in the interface's language, so its numbers are formatted for that language."""
    return render_template(
        f"public/about/{name}.html",
        page_languages=page_languages(lambda tag: url_for(f"about.{name}", _language=tag)),
        rule={key: format_number(number, interface_language()) for key, number in (numbers or {}).items()},
        **values,
    )


def appealable_decisions() -> list[tuple[str, str]]:
    """The decisions that can be appealed: kinds, each with the names of its decisions."""
    return [
        (
            ledger_kind(kind.kind),
            ", ".join(action_word(action).lower() for action in ActionName if action in kind.reversals),
        )
        for kind in kinds()
        if kind.reversals
    ]


def shown_attacks() -> list[dict[str, Any]]:
    """What cheating gains, by the documented reviews that the cheater had before: for each number of mailboxes."""
    found: dict[Start, list[Outcome]] = {}
    for outcome in best_outcomes(play_attacks()):
        found.setdefault(outcome.attack.start, []).append(outcome)
    return [
        {"reviews": len(own), "stars": sum(own) / len(own) if own else None, "outcomes": found[start]}
        for start, own in STARTS.items()
    ]


def format_score(number: float) -> str:
    """A score with two decimals in the interface's language."""
    return str(format_decimal(number, format="0.00", locale=babel_locale(interface_language())))


@bp.get("/about/ranking/")
@access("public")
@public_page(depends_on(SITE))
def ranking() -> str:
    """The recommended order, with its parameters and an example."""
    numbers = {
        "half_life": weights.HALF_LIFE_DAYS,
        "invited_weight": float(weights.INVITED_WEIGHT),
        "invited_share": float(weights.INVITED_SHARE),
        "invited_allowance": weights.INVITED_ALLOWANCE,
        "invited_most": float(weights.INVITED_SHARE * 10 + weights.INVITED_ALLOWANCE),
        "prior_weight": rank.PRIOR_WEIGHT,
        "prior_mean": rank.PRIOR_MEAN,
        "caution": rank.CAUTION,
        "start": round(rank.lower_bound(0, 0), 2),
        "freshness": rank.FRESHNESS_BONUS,
        "completeness": rank.COMPLETENESS_BONUS,
        "service_words": rank.SERVICE_WORDS,
        "dimmed": rank.DIMMED_DAYS,
        "expiry": rank.EXPIRY_DAYS,
        "published_rows": publish.ROW_LIMIT,
    }
    return _page("ranking", numbers, examples=worked_examples(now().date()), format_score=format_score)


@bp.get("/about/reviews/")
@access("public")
@public_page(depends_on(SITE, OFFERS, REVIEWS))
def reviews() -> str:
    """Who may write reviews, which ones count, what is checked, and how to object."""
    counts = level_counts()
    return _page(
        "reviews",
        review_rules(),
        levels=levels_in_use([level for level, count in counts.items() if count]),
        counts=counts,
        waits=publication_waits(now().date()),
        counted=COUNTED_LEVELS,
        grounds=find_kind("review").actions["reject"].grounds,
        reply_grounds=find_kind("reply").actions["reject"].grounds,
        personal=[finding_word(kind) for kind in KINDS],
        block=BLOCK,
        signs=risk_signs(),
        attacks=shown_attacks(),
        format_score=format_score,
        appealable=appealable_decisions(),
    )


@bp.get("/about/advertising/")
@access("public")
@public_page(depends_on(SITE))
def advertising() -> str:
    """What a featured placement is and what it costs."""
    spoken = interface_language()
    return _page(
        "advertising",
        {"days": PASS_LENGTH.days, "grace": GRACE.days},
        referral=word(spoken, "referral"),
        sponsored=word(spoken, "sponsored"),
        default_slots=DEFAULT_SLOTS,
        prices=[price for price in prices() if price.month_amount or price.pass_amount],
    )


@bp.get("/about/privacy/")
@access("public")
@public_page(depends_on(SITE))
def privacy() -> str:
    """What data are stored, and for how long."""
    numbers = {
        "failed_days": KEEP_FAILED.days,
        "trader_days": KEEP_TRADER.days,
        "remembered_days": REMEMBERED.days,
        "invite_days": tasks_invites.ERASE_AFTER.days,
        "proof_days": proofs.KEPT_DAYS,
        "network_days": networks.KEPT_FOR.days,
        "flag_days": flags.LINK_TTL.days,
        "reporter_days": tasks_flags.ERASE_AFTER.days,
    }
    return _page("privacy", numbers)


@bp.get("/about/terms/")
@access("public")
@public_page(depends_on(SITE))
def terms() -> str:
    """The terms for readers, members and providers, as they apply today."""
    terms = terms_on(now().date())
    return _terms_page(terms, terms.current, lambda tag: url_for("about.terms", _language=tag))


@bp.get("/about/terms/<version>/")
@access("public")
@public_page(depends_on(SITE))
def terms_version(version: str) -> str:
    """The kept text of one version of the terms. Raises `NotFound`."""
    shown = find_version(version)
    if shown is None:
        raise NotFound
    address = partial(url_for, "about.terms_version", version=version)
    return _terms_page(terms_on(now().date()), shown, lambda tag: address(_language=tag))


def _terms_page(terms: Terms, shown: Version, address: Callable[[str], str]) -> str:
    return render_template(
        "public/about/terms.html",
        terms=terms,
        shown=shown,
        versions=VERSIONS,
        notice_days=format_number(NOTICE_DAYS, interface_language()),
        page_languages=page_languages(address),
    )


@bp.get("/about/contact/")
@access("public")
@public_page(depends_on(SITE))
def contact() -> str:
    """Who runs the site."""
    return _page("contact", email=parseaddr(current_settings().operator_email)[1])
