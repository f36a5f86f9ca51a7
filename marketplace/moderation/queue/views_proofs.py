"""Opening a proof: the button logs who opens it, and leads to the file, which that moderator alone can read."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings, db, now
from marketplace.moderation.queue.proofs import open_proof, opened_proof
from marketplace.reviews.proofs.store import ProofStore
from marketplace.web.forms import PageForm
from marketplace.web.responses import flash_stale_page
from marketplace.web.security import access

bp = Blueprint("moderation_proofs", __name__)
# Chromium shows a picture with a style of its own, and says so where the policy forbids that.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"


@bp.post("/staff/proofs/<int:proof_id>/")
@access("moderator")
def open_it(proof_id: int) -> BaseResponse:
    """Log who opens it, and lead to the file."""
    if not PageForm().validate():
        flash_stale_page()
        return redirect(url_for("moderation.queue"))
    open_proof(proof_id, actor=current_user, now=now())
    db.session.commit()
    return redirect(url_for("moderation_proofs.file", proof_id=proof_id))


@bp.get("/staff/proofs/<int:proof_id>/")
@access("moderator")
def file(proof_id: int) -> Response:
    """The file: a picture in the page, a PDF to be saved, under a name that says nothing."""
    proof = opened_proof(proof_id, actor=current_user)
    data = ProofStore(current_settings().instance_path).read(proof.name)
    if data is None:
        raise NotFound
    is_picture = proof.media_type == "image/jpeg"
    response = Response(data, content_type="image/jpeg" if is_picture else "application/pdf")
    way, ending = ("inline", "jpg") if is_picture else ("attachment", "pdf")
    response.headers["Content-Disposition"] = f'{way}; filename="proof-{proof.id}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    return response
