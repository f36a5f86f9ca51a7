"""What the real site must be told, for tests of production."""

from __future__ import annotations

PRODUCTION = {
    "MARKETPLACE_ENV": "production",
    "SECRET_KEY": "s" * 24,
    "RECEIPT_SIGNING_KEY": "r" * 24,
    "RISK_HASH_KEY": "h" * 24,
    "SITE_URL": "https://papers.example",
    "OPERATOR_NAME": "Papers SL",
    "OPERATOR_ADDRESS": "Calle Uno 1",
    "OPERATOR_EMAIL": "hello@papers.example",
}
