"""Pure: what stands for an address once it is erased, and the signed link of an invitation.

Both hang on the setting `SECRET_KEY`, each under a name of its own. Who changes that setting ends all links, and opt-outs
are no longer recognised.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from email_validator import EmailNotValidError, validate_email
from itsdangerous import BadData, URLSafeSerializer

SALT = "marketplace.invitation"
HASH_NAME = b"marketplace.invited-address"
LONGEST_TOKEN = 200


def address_hash(address: str, secret: str) -> str:
    """The keyed hash of an address, in hexadecimal: the same in whatever case and form of its domain it is written."""
    key = hmac.digest(secret.encode(), HASH_NAME, hashlib.sha256)
    return hmac.new(key, canonical(address).encode(), hashlib.sha256).hexdigest()


def canonical(address: str) -> str:
    """The one way to write an address: lower case, the domain as it travels."""
    plain = address.strip().lower()
    if plain.isascii():
        return plain
    try:
        found = validate_email(plain, check_deliverability=False)
    except EmailNotValidError:
        return plain
    return f"{found.local_part}@{found.ascii_domain}".lower()


def new_nonce() -> str:
    """What nobody can guess and no other invitation has."""
    return secrets.token_urlsafe(12)


def sign_invite(invite_id: int, nonce: str, secret: str) -> str:
    """The text of the link."""
    return str(_serializer(secret).dumps([invite_id, nonce]))


def read_token(token: str, secret: str) -> tuple[int, str] | None:
    """The invitation's number and nonce, or None where the text is not ours to the last letter."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        found = _serializer(secret).loads(token)
    except BadData:
        return None
    match found:
        case [int() as invite_id, str() as nonce]:
            return (invite_id, nonce) if sign_invite(invite_id, nonce, secret) == token else None
    return None


def _serializer(secret: str) -> URLSafeSerializer:
    settings = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=SALT, signer_kwargs=settings)
