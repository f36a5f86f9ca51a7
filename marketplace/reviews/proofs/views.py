"""Sending a proof of a review, and taking it back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.forms import ACCEPTED, REQUEST_LIMIT, ProofForm, promises, proof_words
from marketplace.reviews.proofs.services import (
    PROOFS_PER_REVIEW,
    add_proofs,
    is_provable,
    proofs_of,
    remove_proof,
)
from marketplace.reviews.proofs.store import ProofStore
from marketplace.reviews.proofs.types import ProofFile
from marketplace.reviews.queries import own_review
from marketplace.web.forms import PageForm
from marketplace.web.limits import count_attempt
from marketplace.web.responses import flash_stale_page, form_page
from marketplace.web.security import access

bp = Blueprint("proofs", __name__)
# Looking at a picture costs work, whether it is kept or not.
TRIES = "20/hour"


@bp.route("/account/reviews/<int:review_id>/proof/", methods=["GET", "POST"])
@access("confirmed")
def send(review_id: int) -> Response | BaseResponse:
    """The author's page of a review's proofs: what was sent, and sending more."""
    request.max_content_length = REQUEST_LIMIT
    own_review(current_user.id, review_id)
    if request.method == "GET":
        return _page(review_id, ProofForm(formdata=None))
    count_attempt(TRIES, "proof", str(current_user.id))
    # Reading and looking at the files takes a while: nobody waits for the database meanwhile.
    db.session.rollback()
    try:
        form = ProofForm()
        if not form.validate():
            return _page(review_id, form)
    except RequestEntityTooLarge:
        form = ProofForm(formdata=None)
        form.refuse(None, proof_words(Invalid("request_large")), status=413)
        return _page(review_id, form)
    good, bad = form.read()
    if good:
        try:
            _keep(review_id, good)
        except (Conflict, Invalid) as refusal:
            db.session.rollback()
            form.refuse("files", proof_words(refusal), status=refusal.status)
            return _page(review_id, form)
        flash(ngettext("We received one file.", "We received %(num)s files.", len(good)))
    for sentence in bad:
        if good:
            flash(sentence, "error")
        else:
            form.refuse("files", sentence)
    return redirect(url_for("proofs.send", review_id=review_id)) if good else _page(review_id, form)


@bp.post("/account/reviews/<int:review_id>/proof/<int:proof_id>/remove/")
@access("member")
def remove(review_id: int, proof_id: int) -> BaseResponse:
    """Takes one file back: it is deleted at once."""
    if PageForm().validate():
        remove_proof(review_id, proof_id, actor=current_user, now=now())
        db.session.commit()
        flash(_("You have deleted the file."))
    else:
        flash_stale_page()
    return redirect(url_for("proofs.send", review_id=review_id))


def _keep(review_id: int, files: list[ProofFile]) -> None:
    store = ProofStore(current_settings().instance_path)
    with store.writing() as written:
        add_proofs(review_id, files, actor=current_user, store=store, written=written, now=now())
        db.session.commit()


def _page(review_id: int, form: ProofForm) -> Response:
    review: Review = own_review(current_user.id, review_id)
    proofs = proofs_of(review.id)
    return form_page(
        "reviews/proofs/proof.html",
        form,
        review=review,
        proofs=proofs,
        room=PROOFS_PER_REVIEW - len(proofs),
        is_open=is_provable(review.status, review.level),
        promise=promises(),
        accepted=ACCEPTED,
        titles=guide_titles([review.listing.topic_id], address_language()),
    )
