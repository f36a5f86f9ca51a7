"""Reads what a reader asks of a table from the address; wrong values are told, not guessed."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from marketplace.i18n.currencies import known_currency
from marketplace.i18n.languages import address_language, is_language_tag
from marketplace.public.offers.arrange import SORTS, Question
from marketplace.text.clean import one_line
from marketplace.values.amounts import AmountError, parse_amount

TEXT_LENGTH = 200


def asked_text() -> str:
    """The words searched for, on one line."""
    return " ".join(one_line(request.args.get("q", "")).split())[:TEXT_LENGTH]


def asked_currency(default: str) -> str:
    """The currency to convert into; the default where none that is known was asked for."""
    asked = request.args.get("currency", "").upper()
    return asked if known_currency(asked) else default


def asked_question(default_currency: str) -> tuple[Question, str | None]:
    """The question in the address's query, and what was wrong with it in words (then that part is ignored)."""
    problem = None
    currency = (request.args.get("currency") or default_currency).upper()
    if not known_currency(currency):
        problem = _(
            "We don’t recognise that currency. Costs are compared in %(currency)s.", currency=default_currency
        )
        currency = default_currency
    sort = request.args.get("sort") or "recommended"
    if sort not in SORTS:
        problem = _("We don’t recognise that order. This is the recommended one.")
        sort = "recommended"
    language = request.args.get("language") or None
    if language is not None and not is_language_tag(language):
        problem = _("We don’t recognise that language. Providers of all languages are shown.")
        language = None
    max_cost = None
    typed = (request.args.get("max") or "").strip()
    if typed:
        try:
            max_cost = parse_amount(typed, currency, address_language())
        except AmountError:
            problem = _("Enter the highest cost as a number, such as 200. All costs are shown.")
    return Question(sort=sort, language=language, max_cost=max_cost, currency=currency), problem
