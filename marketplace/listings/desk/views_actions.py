"""The provider's desk: sending, pausing, resuming, withdrawing and confirming a listing, dropping a change."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, InvalidFields, NotAllowed
from marketplace.core.extensions import db, now
from marketplace.listings.desk.actions import MOVES
from marketplace.listings.labels import sentence
from marketplace.listings.models import Listing
from marketplace.listings.queries import own_listing
from marketplace.providers.desk.pages import desk_page, topic_name
from marketplace.web.forms import PageForm
from marketplace.web.security import access

bp = Blueprint("manage_moves", __name__)
NAMES = ", ".join(MOVES)


@bp.route(f"/manage/<provider>/listings/<int:listing_id>/<any({NAMES}):move>/", methods=["GET", "POST"])
@access("confirmed")
def move(provider: str, listing_id: int, move: str) -> BaseResponse:
    """Ask (GET, or a form that grew old), then do it."""
    listing = own_listing(current_user, provider, listing_id)
    form = PageForm()
    if not form.validate_on_submit():
        return _ask(listing, move, form)
    try:
        MOVES[move].service(current_user, listing, now())
    except InvalidFields:
        db.session.rollback()
        flash(sentence("listing_incomplete"), "error")
        return redirect(url_for("manage_listing.edit", provider=provider, listing_id=listing_id))
    except (Conflict, NotAllowed) as refusal:
        db.session.rollback()
        form.refuse(None, sentence(refusal.code), status=refusal.status)
        return _ask(listing, move, form)
    db.session.commit()
    flash(str(MOVES[move].done))
    return redirect(url_for("manage.listings", provider=provider))


def _ask(listing: Listing, move: str, form: PageForm) -> Response:
    return desk_page(
        "listings/desk/ask.html",
        listing.provider,
        listing=listing,
        name=topic_name(listing.topic),
        move=move,
        asked=MOVES[move],
        form=form,
    )
