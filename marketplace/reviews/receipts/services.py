"""Signed receipts: what a review said and what was decided on it, in a file that proves it to anybody.

A file is one line of canonical JSON: keys sorted, no blanks, UTF-8 as it is. It holds the receipt, the id of the key, and
the Ed25519 signature (RFC 8032) of the receipt's own canonical JSON, in hexadecimal. Verifying is strict: what is not,
byte for byte, what we would write is refused, so that no byte of a file can change. Pure, but for what keeps receipts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from marketplace.core.extensions import db, insert_into
from marketplace.core.revisions import raise_site_revision
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit
from marketplace.reviews.receipts.models import Receipt, SigningKey

VERSION = 1
PURPOSE = b"marketplace receipts 1"
LARGEST_FILE = 64 * 1024
PARTS = {"key", "receipt", "signature"}


class NotValid(Exception):
    """A file is no valid receipt: `code` is `not_a_receipt`, `unknown_key` or `changed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision on a review, for its receipt. `visible_at` is when it can be undone no more."""

    decision_id: int
    action: str
    ground: str | None
    decided_at: datetime
    visible_at: datetime


@lru_cache(maxsize=4)
def signing_key(secret: str) -> Ed25519PrivateKey:
    """The private key that a secret of the settings stands for (HKDF, RFC 5869)."""
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def raw_public_key(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of its public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """The name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def canonical(value: Any) -> str:
    """The one way in which we write a value as JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def receipt_of(review: Review, content: Review | ReviewEdit, judged: Judged, site: str) -> dict[str, Any]:
    """What a receipt says: the content that was judged, and the decision. Neither name nor address of the author."""
    return {
        "version": VERSION,
        "site": site,
        "number": judged.decision_id,
        "review": review.id,
        "topic": review.listing.topic.key,
        "provider": review.listing.provider.slug,
        **{name: getattr(content, name) for name in CONTENT_FIELDS},
        "experience_on": content.experience_on.isoformat(),
        "level": review.level,
        "submitted_at": content.submitted_at.isoformat(),
        "action": judged.action,
        "ground": judged.ground,
        "decided_at": judged.decided_at.isoformat(),
    }


def issue_receipt(
    review: Review, content: Review | ReviewEdit, judged: Judged, *, site: str, secret: str
) -> None:
    """Sign and store the receipt of a decision that took effect, in its transaction. There is none for an author whose
    account was erased."""
    if review.user_id is None:
        return
    key = signing_key(secret)
    public = raw_public_key(key)
    known = {"id": key_id(public), "public_key": public.hex(), "first_used_at": judged.decided_at}
    added = insert_into(SigningKey).values(**known).on_conflict_do_nothing().returning(SigningKey.id)
    if db.session.execute(added).first() is not None:
        raise_site_revision()  # the page of the keys shows it
    body = canonical(receipt_of(review, content, judged, site))
    db.session.add(
        Receipt(
            review_id=review.id,
            user_id=review.user_id,
            decision_id=judged.decision_id,
            key_id=key_id(public),
            body=body,
            signature=key.sign(body.encode()).hex(),
            created_at=judged.visible_at,
        )
    )
    db.session.flush()


def file_of(receipt: Receipt) -> bytes:
    """The file that the author takes away."""
    envelope = {"key": receipt.key_id, "receipt": json.loads(receipt.body), "signature": receipt.signature}
    return canonical(envelope).encode()


def verify(data: bytes, find_key: Callable[[str], str | None]) -> Mapping[str, Any]:
    """The content of a file, if it is exactly a receipt that we signed. `find_key` gives the public key of an id, in
    hexadecimal. Raises `NotValid`."""
    envelope = _read(data)
    public = find_key(envelope["key"])
    if public is None:
        raise NotValid("unknown_key")
    body = canonical(envelope["receipt"]).encode()
    try:
        signature = bytes.fromhex(envelope["signature"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, body)
    except (ValueError, InvalidSignature):
        raise NotValid("changed") from None
    if canonical(envelope).encode() != data or signature.hex() != envelope["signature"]:
        raise NotValid("changed")
    receipt: Mapping[str, Any] = envelope["receipt"]
    return receipt


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST_FILE:
        raise NotValid("not_a_receipt")
    try:
        envelope = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotValid("not_a_receipt") from None
    if not isinstance(envelope, dict) or set(envelope) != PARTS or not isinstance(envelope["receipt"], dict):
        raise NotValid("not_a_receipt")
    if not isinstance(envelope["key"], str) or not isinstance(envelope["signature"], str):
        raise NotValid("not_a_receipt")
    try:
        canonical(envelope).encode()
    except (ValueError, RecursionError):
        raise NotValid("not_a_receipt") from None
    return envelope


def find_public_key(name: str) -> str | None:
    """The public key of an id, in hexadecimal, or None."""
    return db.session.scalar(select(SigningKey.public_key).where(SigningKey.id == name))


def public_keys() -> Sequence[SigningKey]:
    """All keys that receipts were ever signed with, the newest first."""
    return db.session.scalars(
        select(SigningKey).order_by(SigningKey.first_used_at.desc(), SigningKey.id)
    ).all()


def receipts_of(user_id: int, now: datetime) -> dict[int, list[Receipt]]:
    """A member's receipts by review, the newest first."""
    found: dict[int, list[Receipt]] = {}
    query = select(Receipt).where(Receipt.user_id == user_id, Receipt.created_at <= now)
    for receipt in db.session.scalars(query.order_by(Receipt.id.desc())):
        found.setdefault(receipt.review_id, []).append(receipt)
    return found


def own_receipt(user_id: int, receipt_id: int, now: datetime) -> Receipt | None:
    """A member's own receipt, or None."""
    receipt = db.session.get(Receipt, receipt_id)
    if receipt is None or receipt.user_id != user_id or receipt.created_at > now:
        return None
    return receipt
