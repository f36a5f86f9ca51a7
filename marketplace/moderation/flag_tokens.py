"""Pure: the signed link by which somebody without an account confirms a report.

It hangs on the setting `SECRET_KEY` under a name of its own. How long it works is told by the report's row.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadData, URLSafeSerializer

SALT = "marketplace.report"
LONGEST_TOKEN = 200


def new_nonce() -> str:
    """What nobody can guess and no other report has."""
    return secrets.token_urlsafe(12)


def sign_flag(flag_id: int, nonce: str, secret: str) -> str:
    """The text of the link."""
    return str(_serializer(secret).dumps([flag_id, nonce]))


def read_flag_token(token: str, secret: str) -> tuple[int, str] | None:
    """The report's number and nonce, or None where the text is not ours to the last letter."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        found = _serializer(secret).loads(token)
    except BadData:
        return None
    match found:
        case [int() as flag_id, str() as nonce]:
            return (flag_id, nonce) if sign_flag(flag_id, nonce, secret) == token else None
    return None


def _serializer(secret: str) -> URLSafeSerializer:
    settings = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=SALT, signer_kwargs=settings)
