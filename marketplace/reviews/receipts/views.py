"""An author takes a receipt away."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_login import current_user

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.reviews.receipts.services import file_of, own_receipt
from marketplace.web.security import access

bp = Blueprint("receipts", __name__)


@bp.get("/account/receipts/<int:receipt_id>.json")
@access("member")
def download(receipt_id: int) -> Response:
    """The signed file of one decision. Raises `NotFound` for anybody else's."""
    receipt = own_receipt(current_user.id, receipt_id, now())
    if receipt is None:
        raise NotFound
    response = Response(file_of(receipt), mimetype="application/json")
    name = f"receipt-{receipt.decision_id}.json"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response
