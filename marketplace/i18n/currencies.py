"""Which currencies there are, and how many decimals they have. Pure.

What a stored amount means hangs on this table alone, never on a library's version: amounts are integers in minor units.
It holds the exponents of ISO 4217's current currencies, without precious metals, test codes and bonds. A changed line
needs a migration of the rows that use it: the program does not start on other exponents (`values.exponents`).
"""

from __future__ import annotations

from functools import cache

from babel.core import get_global
from babel.numbers import get_territory_currencies

from marketplace.i18n.names import country_code

# Reviewed on 2026-12-01.
_CODES_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
        CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR
        ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV
        MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
        SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS = {code: digits for digits, codes in _CODES_BY_EXPONENT.items() for code in codes.split()}
# Known, so that old rows can be read, but nobody is asked to price in them: withdrawn, or units of account and of funds.
_NOT_OFFERED = frozenset("BGN BOV CHE CHW COU MXV SVC USN UYI UYW".split())
# Changes after CLDR's last edition: Bulgaria has paid in euros since 1 January 2026.
_CHANGED = {"BG": "EUR"}


def known_currency(code: str) -> bool:
    """Whether a code (ISO 4217, in capitals) is money that prices are written in."""
    return code in EXPONENTS


def currency_digits(currency: str) -> int:
    """How many decimals a currency has: 2 for EUR, 0 for JPY and CLP, 3 for BHD. Raises KeyError for an unknown one."""
    return EXPONENTS[currency]


def offered_currencies() -> frozenset[str]:
    """The codes that people choose from."""
    return frozenset(EXPONENTS) - _NOT_OFFERED


def country_currency(folder: str) -> str | None:
    """The ISO code of the currency of a country's folder, or None. Where there are several, the first in CLDR."""
    code = country_code(folder)
    if code is None:
        return None
    tenders = [_CHANGED[code]] if code in _CHANGED else get_territory_currencies(code)
    return next((currency for currency in tenders if known_currency(currency)), None)


@cache
def currency_territories() -> tuple[str, ...]:
    """The territories (ISO 3166) that have money; CLDR's "unknown" one, ZZ, left out."""
    return tuple(territory for territory in get_global("territory_currencies") if territory != "ZZ")
