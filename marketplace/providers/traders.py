"""Who is behind a provider: the facts that Art. 30 of Regulation (EU) 2022/2065 asks of traders, read and checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pycountry
from email_validator import EmailNotValidError, validate_email
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from marketplace.providers.models import TRADER_LENGTHS, TraderStatus
from marketplace.text.clean import clean_text, one_line

# What a trader must say; the register and its number belong together, and not everybody has a VAT number.
REQUIRED = ("legal_name", "legal_form", "address", "seat", "contact")
_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{5,28}\d")
_VAT = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{2,28}[A-Z0-9]")


def read_trader(typed: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of `TraderMixin` as typed, and every field that breaks a rule, with a code. A private person has none of a
    trader's facts: what was typed there is not kept."""
    status = typed.get("trader") or ""
    columns = {"trader": status, **dict.fromkeys(TRADER_LENGTHS, "")}
    if status == TraderStatus.PRIVATE:
        return columns, {}
    if status != TraderStatus.TRADER:
        return columns, {"trader": "trader_missing"}
    for name in TRADER_LENGTHS:
        text = str(typed.get(name) or "")
        columns[name] = clean_text(text).strip() if name == "address" else one_line(text)
    problems = {name: f"{name}_missing" for name in REQUIRED if not columns[name]}
    for name, most in TRADER_LENGTHS.items():
        if len(columns[name]) > most:
            problems[name] = "trader_long"
    if columns["seat"] and pycountry.countries.get(alpha_2=columns["seat"]) is None:
        problems["seat"] = "seat_missing"
    if bool(columns["register_name"]) != bool(columns["register_number"]):
        missing = "register_number" if columns["register_name"] else "register_name"
        problems.setdefault(missing, "register_half")
    if columns["contact"] and not is_contact(columns["contact"]):
        problems.setdefault("contact", "contact_wrong")
    if columns["vat_number"] and "seat" not in problems:
        number = read_vat_number(columns["seat"], columns["vat_number"])
        if number is None:
            problems.setdefault("vat_number", "vat_number_wrong")
        else:
            columns["vat_number"] = number
    return columns, problems


def read_vat_number(country: str, typed: str) -> str | None:
    """The VAT or tax number without its blanks, None where it cannot be one of this country. A country whose numbers nobody
    described gets the shape checked only."""
    module = get_cc_module(country.lower(), "vat")
    if module is None:
        plain = typed.upper()
        return plain if _VAT.fullmatch(plain) and any(c.isdigit() for c in plain) else None
    try:
        return str(module.validate(typed))
    except ValidationError:
        return None


def is_contact(text: str) -> bool:
    """Whether a text is an email address or a telephone number."""
    if "@" not in text:
        return _PHONE.fullmatch(text) is not None
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
