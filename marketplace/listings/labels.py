"""What a member reads where a value is refused, the words of the forms' choices, and terms in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.i18n.names import language_name
from marketplace.listings.terms import ANSWERS, SERVICE_LENGTH, TIME_LIMIT, OfferTerms, TermsMixin
from marketplace.providers import labels as providers
from marketplace.values.money import CostBasis, OfficialFee, format_cost, format_official_fee
from marketplace.values.timeframe import TimeStart, TimeUnit, format_time_from, format_timeframe

COST_BASES = {
    CostBasis.FIXED: _l("Fixed price"),
    CostBasis.FROM: _l("From a minimum price"),
    CostBasis.RANGE: _l("Between two prices"),
    CostBasis.HOURLY: _l("Hourly rate"),
    CostBasis.FREE: _l("Free"),
    CostBasis.ON_REQUEST: _l("On request"),
}
OFFICIAL_FEES = {
    OfficialFee.INCLUDED: _l("Yes"),
    OfficialFee.EXTRA: _l("No, and I know how much they are"),
    OfficialFee.UNKNOWN: _l("No, and I don’t know how much they are"),
}
TIME_UNITS = {
    TimeUnit.MINUTES: _l("minutes"),
    TimeUnit.HOURS: _l("hours"),
    TimeUnit.DAYS: _l("days"),
    TimeUnit.BUSINESS_DAYS: _l("business days"),
    TimeUnit.WEEKS: _l("weeks"),
    TimeUnit.MONTHS: _l("months"),
}
TIME_STARTS = {
    TimeStart.DOCUMENTS_COMPLETE: _l("The day the documents are complete"),
    TimeStart.ORDER: _l("The day of the order"),
    TimeStart.APPOINTMENT: _l("The day of the appointment"),
}

SENTENCES = {
    **providers.SENTENCES,
    # terms
    **{f"{name}_unknown": _l("Choose one of the answers") for name in ANSWERS},
    "service_missing": _l("Enter what the client gets"),
    "service_long": _l("Enter %(most)s characters or fewer", most=SERVICE_LENGTH),
    "cost_basis_unknown": _l("Choose how you charge"),
    "fee_missing": _l("Enter your fee or choose “On request”"),
    "fee_unused": _l("Leave the fee empty if the service is free or on request"),
    "fee_max_missing": _l("Enter the highest fee too"),
    "fee_max_unused": _l("Leave the highest fee empty or choose “Between two prices”"),
    "fee_order": _l("The highest fee must be more than the lowest"),
    "amount_negative": _l("Enter an amount of 0 or more"),
    "amount_large": _l("Enter a smaller amount"),
    "amount_unreadable": _l("Enter the amount as a number, such as 1400"),
    "amount_ambiguous": _l(
        "This amount could mean two different things. Enter it without a thousands separator."
    ),
    "amount_decimals": _l(
        "Enter the amount with fewer decimal places because this currency has no smaller unit"
    ),
    "currency_missing": _l("Choose the currency for the amounts"),
    "currency_unknown": _l("Choose a currency from the list"),
    "official_fee_kind_unknown": _l("Select whether official fees are included"),
    "official_fee_missing": _l("Enter the official fees or choose “No, and I don’t know how much they are”"),
    "official_fee_unused": _l("Leave the official fees empty or choose “No, and I know how much they are”"),
    "time_whole": _l("Enter the time as a whole number, such as 10"),
    "time_negative": _l("Enter a time of 0 or more"),
    "time_large": _l("Enter a number up to %(most)s or choose a longer unit", most=TIME_LIMIT),
    "time_min_missing": _l(
        "Enter the minimum time too. If it is always the same, enter the same number twice."
    ),
    "time_max_missing": _l(
        "Enter the maximum time too. If it is always the same, enter the same number twice."
    ),
    "time_order": _l("The maximum time must not be less than the minimum"),
    "time_unit_missing": _l("Choose a unit of time"),
    "time_unit_unknown": _l("Choose a unit of time"),
    "time_from_missing": _l("Choose when the time starts"),
    "time_from_unknown": _l("Choose when the time starts"),
    "languages_many": _l("Choose fewer languages"),
    # the thing as a whole
    "listing_exists": _l("You already have a listing for this procedure"),
    "listing_incomplete": _l(
        "Add what is missing below, then send it again. A moderator can’t see it until it is complete."
    ),
    "listing_status": _l("This listing has changed in the meantime. Look at it as it is now."),
    # lines of a CSV file
    "no_such_topic": _l("There is no such procedure"),
    "status_unknown": _l("There is no such status"),
}


def sentence(code: str) -> str:
    """A refusal's code as a sentence in the language of the page (English in commands)."""
    return providers.sentence(code, SENTENCES)


def describe_terms(terms: TermsMixin | OfferTerms, language: str) -> list[tuple[str, str, str]]:
    """Terms in words, in their order: a code, a label, and the value in the language of the page, empty where nothing is
    stated. Whoever shows terms one by one shows these."""
    fee = format_official_fee(terms.official_fee_kind, terms.official_fee, terms.currency, language)
    time = format_timeframe(terms.time_min, terms.time_max, terms.time_unit, language)
    spoken = _("same as the provider")
    if terms.languages is not None:
        spoken = ", ".join(language_name(tag, language) for tag in terms.languages)
    return [
        ("service", _("What the client gets"), terms.service),
        ("cost", _("Cost"), format_cost(terms, language)),
        ("official_fee", _("Official fees"), fee),
        ("time", _("Time"), time),
        ("time_from", _("Counted from"), format_time_from(terms.time_from, language)),
        ("languages", _("Languages"), spoken),
    ]
