"""Signed links in mails: a row's id and its nonce, signed for one purpose with the setting `SECRET_KEY`.

A link works only for the purpose it was signed for. How long it works is for the row to say. Changing `SECRET_KEY` ends
all links.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadData, URLSafeSerializer

LONGEST_TOKEN = 200


def new_nonce() -> str:
    """A random value that nobody can guess: it stands in the row and in the row's link."""
    return secrets.token_urlsafe(12)


def sign_link(row_id: int, nonce: str, *, purpose: str, secret: str) -> str:
    """The token of a link."""
    return str(_serializer(purpose, secret).dumps([row_id, nonce]))


def read_link(token: str, *, purpose: str, secret: str) -> tuple[int, str] | None:
    """The id and nonce in a token; None unless it is exactly the one that was signed for this purpose."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        found = _serializer(purpose, secret).loads(token)
    except BadData:
        return None
    match found:
        case [int() as row_id, str() as nonce] if _serializer(purpose, secret).dumps(found) == token:
            return row_id, nonce
    return None


def _serializer(purpose: str, secret: str) -> URLSafeSerializer:
    settings = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=purpose, signer_kwargs=settings)
