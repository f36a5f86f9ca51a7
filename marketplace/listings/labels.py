"""What a member is told when a value is refused, and the words of the forms' choices."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.core.errors import Refusal
from marketplace.listings.models import SERVICE_LENGTH
from marketplace.listings.terms import TIME_LIMIT
from marketplace.providers import labels as providers

COST_BASES = (
    ("fixed", _l("Fixed price")),
    ("from", _l("From a price up")),
    ("range", _l("Between two prices")),
    ("hourly", _l("By the hour")),
    ("free", _l("Free")),
    ("on_request", _l("On request")),
)
OFFICIAL_FEES = (
    ("included", _l("Included in your fee")),
    ("extra", _l("Extra, and you know how much")),
    ("unknown", _l("Not known")),
)
TIME_UNITS = (
    ("minutes", _l("minutes")),
    ("hours", _l("hours")),
    ("days", _l("days")),
    ("business_days", _l("business days")),
    ("weeks", _l("weeks")),
    ("months", _l("months")),
)
TIME_STARTS = (
    ("documents_complete", _l("The day the papers are complete")),
    ("order", _l("The day of the order")),
    ("appointment", _l("The day of the appointment")),
)

SENTENCES = {
    **providers.SENTENCES,
    # terms
    "service_missing": _l("Say what the client gets"),
    "service_long": _l("Write at most %(most)s characters", most=SERVICE_LENGTH),
    "cost_basis_unknown": _l("Choose how you charge"),
    "fee_missing": _l("Write your fee, or choose “On request”"),
    "fee_unused": _l("Leave the fee empty where it is free or on request"),
    "fee_max_missing": _l("Write the highest fee too"),
    "fee_max_unused": _l("Leave the highest fee empty, or choose “Between two prices”"),
    "fee_order": _l("The highest fee must be more than the lowest"),
    "amount_negative": _l("Write an amount that is not below zero"),
    "amount_large": _l("Write a smaller amount"),
    "amount_unreadable": _l("Write the amount as a number, such as 1400"),
    "amount_ambiguous": _l("This amount can be read in two ways: write it without a mark for thousands"),
    "amount_decimals": _l("Write the amount with fewer decimals: the currency has no smaller coin"),
    "currency_missing": _l("Choose the currency of the amounts"),
    "currency_unknown": _l("Choose a currency from the list"),
    "official_fee_unknown": _l("Say whether official fees are included"),
    "official_fee_missing": _l("Write the official fees, or choose “Not known”"),
    "official_fee_unused": _l("Leave the official fees empty, or choose that they are extra"),
    "time_whole": _l("Write the time as a whole number, such as 10"),
    "time_negative": _l("Write a time that is not below zero"),
    "time_large": _l("Write a number up to %(most)s, or choose a longer unit", most=TIME_LIMIT),
    "time_min_missing": _l("Write the least time too: the same number twice if it is always the same"),
    "time_max_missing": _l("Write the most time too: the same number twice if it is always the same"),
    "time_order": _l("The most time cannot be less than the least"),
    "time_unit_missing": _l("Choose a unit for the time"),
    "time_unit_unknown": _l("Choose a unit for the time"),
    "time_from_missing": _l("Choose what the time counts from"),
    "time_from_unknown": _l("Choose what the time counts from"),
    "languages_many": _l("Choose fewer languages"),
    # the thing as a whole
    "listing_exists": _l("You have a listing for this procedure already"),
    "listing_incomplete": _l(
        "Something is missing before a moderator can see it: look below and send it again."
    ),
    "listing_status": _l("This listing has changed meanwhile. Look at it as it is now"),
    # lines of a CSV file
    "no_such_topic": _l("There is no such topic"),
    "status_unknown": _l("There is no such status"),
}


def sentence(code: str) -> str:
    """A refusal's code as a sentence in the language of the page (English in commands)."""
    return providers.sentence(code, SENTENCES)


def sentences(refusal: Refusal) -> dict[str | None, str]:
    """The sentences of a refusal by field; None for what belongs to no field."""
    return providers.sentences(refusal, SENTENCES)
