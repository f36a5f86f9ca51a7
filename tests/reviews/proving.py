"""Proof files, for tests."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app
from PIL import Image

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.queue.proofs import open_proof
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.store import ProofStore
from tests.factories import NOON

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /OpenAction [3 0 R /Fit] >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """A red picture."""
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def instance() -> Path:
    folder: Path = current_app.extensions["settings"].instance_path
    return folder


def make_proof(review: Review, seen_by: User | None = None, **values: Any) -> Proof:
    """A picture sent for a review, opened by a moderator if given."""
    store = ProofStore(instance())
    data = picture("JPEG")
    with store.writing() as written:
        name = store.write(data, written)
    fields = {"review_id": review.id, "name": name, "media_type": "image/jpeg", "size": len(data)}
    proof = Proof(**{**fields, "uploaded_at": NOON, **values})
    db.session.add(proof)
    db.session.flush()
    if seen_by is not None:
        open_proof(proof.id, actor=seen_by, now=NOON)
    return proof
