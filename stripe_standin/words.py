"""Amounts and moments in words, for the hosted pages."""

from __future__ import annotations

from datetime import UTC, datetime

WHOLE = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())


def amount_words(amount: int, currency: str) -> str:
    """Minor units and a currency, such as "49.00 EUR"."""
    if currency in WHOLE:
        return f"{amount:,} {currency.upper()}"
    return f"{amount / 100:,.2f} {currency.upper()}"


def moment_words(moment: int) -> str:
    """Seconds since 1970, such as "23 November 2026, 12:00 UTC"."""
    found = datetime.fromtimestamp(moment, UTC)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"
