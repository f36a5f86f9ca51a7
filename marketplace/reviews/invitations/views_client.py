"""The client's pages of an invitation: what it is, using it, and opting out.

Whoever has the link may open these pages: they need no account, are never cached, and do not show the client's address.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.accounts.forms import SignOutForm
from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.reviews.eligibility import ineligibility, is_listed
from marketplace.reviews.invitations.accepting import (
    INVITATION_TTL,
    confirm_review,
    counted_review,
    find_invite,
    invite_for,
    open_invite,
    opt_out,
)
from marketplace.reviews.invitations.labels import LINK_MESSAGES
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.labels import problem_message
from marketplace.web.forms import PageForm
from marketplace.web.responses import form_page
from marketplace.web.security import access

bp = Blueprint("invitation", __name__)
ONE_CLICK = ("List-Unsubscribe", "One-Click")  # RFC 8058: a mail program's own button


@bp.get("/invitation/<token>/")
@access("open")
def show(token: str) -> Response:
    """What the invitation is, and the way to the form."""
    try:
        invite = open_invite(token, secret=_secret(), now=now())
    except Refusal as refusal:
        return _refused(token, refusal)
    return _page("reviews/invitations/invitation.html", invite, token=token, until=_end(invite))


@bp.route("/invitation/<token>/accept/", methods=["GET", "POST"])
@access("confirmed")
def accept(token: str) -> BaseResponse:
    """Redirect to the form of a review; a member who wrote one already confirms (GET) that it is to count (POST)."""
    try:
        invite = invite_for(token, author=current_user, secret=_secret(), now=now())
        listing = invite.batch.listing
        refusal = ineligibility(listing, current_user, now())
        review = counted_review(listing.id, current_user, now())
        if refusal is None or review is None or refusal.code != "second_review":
            return redirect(url_for("reviews.write", listing=listing.id, invitation=token))
        form = PageForm()
        if not form.validate_on_submit():
            return _page(
                "reviews/invitations/raise.html",
                invite,
                form.status_code,
                form=form,
                review=review,
                token=token,
            )
        confirm_review(token, author=current_user, secret=_secret(), now=now())
    except Refusal as refusal:
        db.session.rollback()
        return _refused(token, refusal)
    db.session.commit()
    flash(_("Thank you. Your review now counts."))
    return redirect(url_for("reviews.mine"))


@bp.route("/invitation/<token>/stop/", methods=["GET", "POST"])
@access("open")
def stop(token: str) -> BaseResponse:
    """Asks for confirmation, then opts the address out. A mail program's button posts here without the page: the link itself
    is the permission."""
    form = PageForm()
    name, value = ONE_CLICK
    try:
        find_invite(token, secret=_secret())
        if request.form.get(name) != value and not form.validate_on_submit():
            return form_page("reviews/invitations/stop_invitations.html", form, token=token)
        opt_out(token, secret=_secret(), now=now())
    except NotFound as refusal:
        return _refused(token, refusal)
    db.session.commit()
    return redirect(url_for("invitation.stopped"))


@bp.get("/invitation/stopped/")
@access("open")
def stopped() -> str:
    """The confirmation after opting out."""
    return render_template("reviews/invitations/invitations_stopped.html")


def _secret() -> str:
    return current_settings().secret_key


def _end(invite: Invite) -> Any:
    return invite.sent_at + INVITATION_TTL if invite.sent_at else None


def _page(template: str, invite: Invite, status: int = 200, **context: Any) -> Response:
    listing = invite.batch.listing
    guide = guide_titles([listing.topic_id], address_language()).get(listing.topic_id)
    return make_response(render_template(template, listing=listing, guide=guide, **context), status)


def _refused(token: str, refusal: Refusal) -> Response:
    """Why the link does not work, and what to do; a link that is not genuine gets no details."""
    listing = None
    if refusal.code in ("expired", "opted_out", "used", "counts_already"):
        found = find_invite(token, secret=_secret()).batch.listing
        listing = found if is_listed(found) and refusal.code in ("expired", "opted_out") else None
    message = LINK_MESSAGES.get(refusal.code)
    page = render_template(
        "reviews/invitations/invitation_refused.html",
        words=message,
        reason="" if message else problem_message(refusal),
        code=refusal.code,
        listing=listing,
        sign_out=SignOutForm(formdata=None) if refusal.code == "other_address" else None,
    )
    return make_response(page, refusal.status)
