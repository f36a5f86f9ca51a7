"""Pure: the signed links by which somebody without an account confirms a report, and appeals where it was dismissed.

They hang on the setting `SECRET_KEY`, each under a name of its own: one is not good for the other. How long they work is
told by the report's row.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadData, URLSafeSerializer

CONFIRM = "marketplace.report"
APPEAL = "marketplace.report.appeal"
LONGEST_TOKEN = 200


def new_nonce() -> str:
    """What nobody can guess and no other report has."""
    return secrets.token_urlsafe(12)


def sign_flag(flag_id: int, nonce: str, secret: str, use: str = CONFIRM) -> str:
    """The text of the link."""
    return str(_serializer(secret, use).dumps([flag_id, nonce]))


def read_flag_token(token: str, secret: str, use: str = CONFIRM) -> tuple[int, str] | None:
    """The report's number and nonce, or None where the text is not ours to the last letter, or for another use."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        found = _serializer(secret, use).loads(token)
    except BadData:
        return None
    match found:
        case [int() as flag_id, str() as nonce]:
            return (flag_id, nonce) if sign_flag(flag_id, nonce, secret, use) == token else None
    return None


def _serializer(secret: str, use: str) -> URLSafeSerializer:
    settings = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=use, signer_kwargs=settings)
