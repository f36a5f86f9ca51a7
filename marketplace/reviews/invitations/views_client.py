"""The client's pages of an invitation: what the link is, using it, and wanting no more of them.

The link is the whole right to these pages: they are open, never cached, and show nothing of the address it was sent to.
"""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.accounts.forms import SignOutForm
from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.providers.models import ProviderStatus
from marketplace.reviews.eligibility import obstacle
from marketplace.reviews.invitations.accepting import (
    INVITATION_TTL,
    find_invite,
    invite_for,
    open_invite,
    opt_out,
    raise_review,
    standing_review,
)
from marketplace.reviews.invitations.labels import link_words
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.labels import problem_words
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
    """On to the form of a review; where the member wrote one already, asks (GET) and lets it count (POST)."""
    try:
        invite = invite_for(token, author=current_user, secret=_secret(), now=now())
        listing = invite.batch.listing
        refusal = obstacle(listing, current_user, now())
        review = standing_review(listing.id, current_user, now())
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
        raise_review(token, author=current_user, secret=_secret(), now=now())
    except Refusal as refusal:
        db.session.rollback()
        return _refused(token, refusal)
    db.session.commit()
    flash(_("Thank you. Your review now counts."))
    return redirect(url_for("reviews.mine"))


@bp.route("/invitation/<token>/stop/", methods=["GET", "POST"])
@access("open")
def stop(token: str) -> BaseResponse:
    """Asks, then sends this address no invitation any more. A mail program's button posts here without the page: the link
    itself shows that the person may do it."""
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
    """Said after opting out."""
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
    """Why the link does not work, and a way on; of a link that is not ours nothing more is said."""
    listing = None
    if refusal.code in ("expired", "opted_out", "used", "counts_already"):
        found = find_invite(token, secret=_secret()).batch.listing
        shown = found.status == "published" and found.provider.status == ProviderStatus.ACTIVE
        listing = found if shown and refusal.code in ("expired", "opted_out") else None
    known = refusal.code in KNOWN
    page = render_template(
        "reviews/invitations/invitation_refused.html",
        words=link_words(refusal) if known else None,
        reason="" if known else problem_words(refusal),
        code=refusal.code,
        listing=listing,
        sign_out=SignOutForm(formdata=None) if refusal.code == "other_address" else None,
    )
    return make_response(page, refusal.status)


KNOWN = ("link_wrong", "expired", "used", "opted_out", "not_shown", "other_address", "counts_already")
