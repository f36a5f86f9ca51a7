"""The grounds on which something is rejected, hidden, or a provider suspended, warned and so on: a fixed list for each."""

from __future__ import annotations

from flask_babel import force_locale

from marketplace.i18n.languages import interface_language
from marketplace.moderation.decisions.ground_texts import (
    ABOUT_SOMETHING_ELSE,
    ALREADY_MANAGED,
    CLIENTS_HARMED,
    CONTACT_DETAILS,
    CORRECTED,
    DOES_NOT_ANSWER,
    FAKED_REVIEWS,
    IMPERSONATION,
    INCOMPLETE,
    INSULT_OR_PRIVATE_DATA,
    MISLEADING_OFFERS,
    MISLEADING_PRICE,
    NO_BREACH,
    NO_LINK_TO_PROVIDER,
    NOT_A_SERVICE,
    NOT_OWN_EXPERIENCE,
    OPINION,
    OUR_MISTAKE,
    OWN_OR_RIVAL,
    POSES_AS_ANOTHER,
    PRESSURES_AUTHOR,
    REPLY_ABOUT_SOMETHING_ELSE,
    REVEALS_CLIENT,
    REWARDED,
    SAME_TEXT,
    SPAM,
    STANDS,
    UNFOUNDED,
    UNLAWFUL,
    UNSUBSTANTIATED,
    WEBSITE_BROKEN,
    WRONG_TOPIC,
    Ground,
)

_LISTING = (WRONG_TOPIC, MISLEADING_PRICE, NOT_A_SERVICE, INCOMPLETE, CONTACT_DETAILS, INSULT_OR_PRIVATE_DATA)
_PROVIDER = (
    WEBSITE_BROKEN,
    IMPERSONATION,
    NOT_A_SERVICE,
    INCOMPLETE,
    CONTACT_DETAILS,
    INSULT_OR_PRIVATE_DATA,
)
_REVIEW = (
    NOT_OWN_EXPERIENCE,
    OWN_OR_RIVAL,
    REWARDED,
    SAME_TEXT,
    CONTACT_DETAILS,
    INSULT_OR_PRIVATE_DATA,
    ABOUT_SOMETHING_ELSE,
    SPAM,
)
GROUNDS: dict[str, tuple[Ground, ...]] = {
    "review": _REVIEW,
    "review_edit": _REVIEW,
    "listing": _LISTING,
    "listing_edit": _LISTING,
    "provider": _PROVIDER,
    "provider_edit": _PROVIDER,
    "reply": (
        INSULT_OR_PRIVATE_DATA,
        CONTACT_DETAILS,
        REPLY_ABOUT_SOMETHING_ELSE,
        REVEALS_CLIENT,
        PRESSURES_AUTHOR,
    ),
    "claim": (NO_LINK_TO_PROVIDER, ALREADY_MANAGED, IMPERSONATION, WEBSITE_BROKEN),
}
# Of what is decided already. A code that stands in two lists of one kind names the same ground: history finds it by code.
LATER_GROUNDS: dict[tuple[str, str], tuple[Ground, ...]] = {
    ("provider", "suspend"): (
        MISLEADING_OFFERS,
        UNLAWFUL,
        POSES_AS_ANOTHER,
        FAKED_REVIEWS,
        CLIENTS_HARMED,
        DOES_NOT_ANSWER,
    ),
    ("provider", "reinstate"): (CORRECTED, OUR_MISTAKE, UNFOUNDED),
    ("provider", "warn"): (FAKED_REVIEWS,),
    ("provider", "clear"): (CORRECTED, OUR_MISTAKE, UNFOUNDED),
    ("review", "hide"): GROUNDS["review"],
    ("review", "restore"): (CORRECTED, OUR_MISTAKE, UNFOUNDED),
    ("reply", "hide"): GROUNDS["reply"],
    ("reply", "restore"): (CORRECTED, OUR_MISTAKE, UNFOUNDED),
}
# An upheld flag takes its thing out of sight: its ground is one of that move's.
UPHELD_BY = {
    "review": ("review", "hide"),
    "reply": ("reply", "hide"),
    "listing": ("listing", "reject"),
    "provider": ("provider", "suspend"),
}
LATER_GROUNDS["flag", "uphold"] = tuple(
    dict.fromkeys(
        (*_REVIEW, *_LISTING, *LATER_GROUNDS["provider", "suspend"], REVEALS_CLIENT, PRESSURES_AUTHOR)
    )
)  # with those of replies: what else may be said of one has the code and the label of a review's
LATER_GROUNDS["appeal", "uphold"] = (OUR_MISTAKE, UNFOUNDED, CORRECTED)
LATER_GROUNDS["appeal", "dismiss"] = (STANDS,)
# No move: a report that was upheld falls with the decision that followed it, for the reasons of the appeal.
LATER_GROUNDS["flag", "reverse"] = LATER_GROUNDS["appeal", "uphold"]
LATER_GROUNDS["flag", "dismiss"] = (NO_BREACH, UNSUBSTANTIATED, OPINION)
# What many reviews are rejected for at once.
SPAM_GROUNDS = (SPAM, SAME_TEXT, OWN_OR_RIVAL, NOT_OWN_EXPERIENCE)


def grounds_for(kind: str, action: str, about: str | None = None) -> tuple[Ground, ...]:
    """The grounds of an action on a kind of subject; none where the action needs none. Of a flag that is upheld, those that
    fit what it is `about`."""
    if kind == "flag" and action == "uphold" and about is not None:
        kind, action = UPHELD_BY[about]
    if action == "reject":
        return GROUNDS.get(kind, ())
    return LATER_GROUNDS.get((kind, action), ())


def find_ground(kind: str, code: str | None, action: str | None = None) -> Ground | None:
    """The ground of this code for a kind of subject, of one action or of whichever; or None."""
    later = (known for of_kind, known in LATER_GROUNDS if of_kind == kind)
    actions = ("reject", *later) if action is None else (action,)
    return next((ground for one in actions for ground in grounds_for(kind, one) if ground.code == code), None)


def draft_statement(ground: Ground, language: str) -> str:
    """The statement a ground starts from, in the language of the person who will read it."""
    with force_locale(interface_language(language).replace("-", "_")):
        return str(ground.draft)
