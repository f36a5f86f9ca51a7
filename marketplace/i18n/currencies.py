"""Which currencies there are, and how many decimals they have. Pure."""

from __future__ import annotations

from functools import cache

import pycountry
from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies

from marketplace.i18n.names import country_code

# Changes after CLDR's last edition: Bulgaria has paid in euros since 1 January 2026.
_CHANGED = {"BG": "EUR"}


def known_currency(code: str) -> bool:
    """Whether a code (ISO 4217, in capitals) is money that prices are written in today."""
    return code in current_currencies()


def country_currency(folder: str) -> str | None:
    """The ISO code of the currency of a country's folder, or None. Where there are several, the first in CLDR."""
    code = country_code(folder)
    if code is None:
        return None
    tenders = [_CHANGED[code]] if code in _CHANGED else get_territory_currencies(code)
    return next((currency for currency in tenders if known_currency(currency)), None)


@cache
def currency_digits(currency: str) -> int:
    """How many decimals a currency has: 2 for EUR, 0 for JPY and CLP, 3 for BHD; 2 for an unknown one."""
    return int(get_currency_precision(currency))


@cache
def current_currencies() -> frozenset[str]:
    """ISO codes of today's money: every tender of a territory, and units of account such as Chile's CLF.

    Codes that begin with X are money only as a tender (XAF): the others are gold, tests and none. Either list may lag
    behind the world by a year, so a tender need only be in Babel's.
    """
    tender: set[str] = set()
    accounts: set[str] = set()
    for territory in currency_territories():
        tender.update(get_territory_currencies(territory))
        accounts.update(get_territory_currencies(territory, tender=False, non_tender=True))
    accounts &= {currency.alpha_3 for currency in pycountry.currencies}
    return frozenset(tender | {code for code in accounts if not code.startswith("X")})


def currency_territories() -> tuple[str, ...]:
    """The territories (ISO 3166) that have money; CLDR's "unknown" one, ZZ, left out."""
    return tuple(territory for territory in get_global("territory_currencies") if territory != "ZZ")
