"""The statement of reasons: what article 17(3) of the EU's Digital Services Act asks of it, in words and in codes.

The words go into mails and pages, in the reader's language. The codes are those of the Commission's DSA Transparency
Database; `/about/decisions.csv` has them. Only decisions that restrict something have codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.moderation.decisions.registry import find_ground, find_kind
from marketplace.moderation.models import ActionName, AskedBy

# The European Commission's list of certified bodies (article 21).
DISPUTE_BODIES = "https://digital-strategy.ec.europa.eu/en/policies/dsa-out-of-court-dispute-settlement"
AGAINST_SOMEBODY = (
    ActionName.REJECT,
    ActionName.HIDE,
    ActionName.SUSPEND,
    ActionName.WARN,
    ActionName.DISMISS,
)
# Grounds that say that something is against the law; all others are rules of ours.
LAW = ("unlawful",)
CONSUMERS = "STATEMENT_CATEGORY_CONSUMER_INFORMATION"
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
PRIVACY = "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
THREATS = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
OTHER = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
CATEGORIES: Mapping[str, str] = {
    "not_own_experience": CONSUMERS,
    "own_or_rival": CONSUMERS,
    "rewarded": CONSUMERS,
    "faked_reviews": CONSUMERS,
    "misleading_price": CONSUMERS,
    "misleading_offers": CONSUMERS,
    "unlawful": CONSUMERS,
    "spam": FRAUD,
    "impersonation": FRAUD,
    "poses_as_another": FRAUD,
    "clients_harmed": FRAUD,
    "reveals_client": PRIVACY,
    "insult_or_private_data": SPEECH,
    "pressures_author": THREATS,
}
EFFECTS: Mapping[str, Any] = {
    ActionName.PUBLISH: _l("It is shown."),
    ActionName.REJECT: _l("It is not shown."),
    ActionName.DOCUMENT: _l("It is shown as documented."),
    ActionName.HIDE: _l("It is no longer shown."),
    ActionName.RESTORE: _l("It is shown again."),
    ActionName.SUSPEND: _l("Its page and all its listings are hidden, and nothing about it can be changed."),
    ActionName.REINSTATE: _l("Its page and its listings are shown again."),
    ActionName.WARN: _l(
        "A warning about its reviews is on its page, its listings and its rows in tables. Its listings stay."
    ),
    ActionName.CLEAR: _l("The warning is no longer shown."),
    ActionName.UPHOLD: _l("What was reported is no longer shown."),
    ActionName.DISMISS: _l("What was reported stays as it is."),
}
DURATIONS: Mapping[str, Any] = {
    ActionName.REJECT: _l("No end date. A corrected version can be sent at any time."),
    ActionName.SUSPEND: _l("Until we reinstate the provider"),
    ActionName.WARN: _l("Until we remove the warning"),
}
REMOVED, DISABLED = "DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_VISIBILITY_CONTENT_DISABLED"
VISIBILITIES: Mapping[str, str] = {
    ActionName.REJECT: REMOVED,
    ActionName.HIDE: DISABLED,
    ActionName.SUSPEND: DISABLED,
    ActionName.WARN: "DECISION_VISIBILITY_CONTENT_LABELLED",
}
SUSPENDED = "DECISION_PROVISION_TOTAL_SUSPENSION"


@dataclass(frozen=True, slots=True)
class Codes:
    """The attributes of a statement in the database, under the names that it gives them."""

    decision_visibility: str = ""
    decision_provision: str = ""
    decision_ground: str = ""
    category: str = ""
    content_type: str = ""
    source_type: str = ""
    automated_detection: str = ""
    automated_decision: str = ""


CODE_COLUMNS = tuple(field.name for field in fields(Codes))


def codes_of(decision: Any) -> tuple[str, ...]:
    """The codes of a decision (`subject`, `action`, `ground`, `asked_by`) in the order of `CODE_COLUMNS`; empty where it
    restricts nothing that somebody wrote."""
    kind = find_kind(decision.subject)
    if decision.action not in VISIBILITIES or not kind.is_content:
        return astuple(Codes())
    is_notice = was_reported(decision)
    return astuple(
        Codes(
            decision_visibility=VISIBILITIES[decision.action],
            decision_provision=SUSPENDED if decision.action == ActionName.SUSPEND else "",
            decision_ground=(
                "DECISION_GROUND_ILLEGAL_CONTENT"
                if decision.ground in LAW
                else "DECISION_GROUND_INCOMPATIBLE_CONTENT"
            ),
            category=CATEGORIES.get(decision.ground or "", OTHER),
            content_type="CONTENT_TYPE_TEXT",
            source_type="SOURCE_ARTICLE_16" if is_notice else "SOURCE_VOLUNTARY",
            automated_detection="Yes" if kind.is_screened and not is_notice else "No",
            automated_decision="AUTOMATED_DECISION_NOT_AUTOMATED",
        )
    )


def was_reported(decision: Any) -> bool:
    """Whether a report led to a decision: a reader's, or a provider's of a review."""
    by_provider = decision.asked_by == AskedBy.PROVIDER and decision.action == ActionName.HIDE
    return decision.asked_by == AskedBy.READER or by_provider


def elements_of(decision: Any, provider_name: str) -> list[tuple[str, str]]:
    """What a statement says besides the moderator's own words: label and words, in the language of the page or mail."""
    kind, action = find_kind(decision.subject), decision.action
    effect = kind.effects.get(action) or EFFECTS[action]
    duration = DURATIONS.get(action) or _l("No end date")
    found = [
        (_("About"), kind.title_of(provider_name, is_new=False)),
        (_("Effect"), str(effect)),
        (_("Where"), _("On the whole site, in every country and language")),
        (_("For how long"), str(duration)),
        (_("What led to it"), _source(decision)),
        (_("How it was decided"), _means(decision)),
    ]
    ground = find_ground(decision.subject, decision.ground)
    if ground is not None:
        found.append((_("The law") if ground.code in LAW else _("Our rule"), str(ground.label)))
    return found


def _source(decision: Any) -> str:
    kind = find_kind(decision.subject)
    if kind.source is not None:
        return str(kind.source)
    if was_reported(decision):
        return str(_("A report. We do not say who sent it."))
    if decision.asked_by == AskedBy.MODERATOR:
        return str(_("Our own check. Nobody reported it."))
    return str(_("Our own check: we read everything before it is shown. Nobody reported it."))


def _means(decision: Any) -> str:
    if find_kind(decision.subject).is_screened:
        return str(
            _(
                "A person decided. Programs had looked for personal data and for signs of fake reviews and shown "
                "the person what they found. They decide nothing."
            )
        )
    return str(_("A person decided. No program took part."))
