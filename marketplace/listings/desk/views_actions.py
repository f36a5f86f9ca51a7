"""The provider's desk: sending, pausing, resuming, withdrawing and confirming a listing, dropping a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidFields, NotAllowed
from marketplace.core.extensions import db, now
from marketplace.listings import services
from marketplace.listings.labels import sentence
from marketplace.listings.models import Listing
from marketplace.listings.queries import own_listing
from marketplace.providers.desk.pages import desk_page, topic_name
from marketplace.web.forms import PageForm
from marketplace.web.security import access

Service = Callable[[User, Listing, datetime], Listing]


@dataclass(frozen=True, slots=True)
class Action:
    """A change: its service, its question with what follows from it, the button's word, and what is said when done."""

    service: Service
    question: Any
    consequence: Any
    button: Any
    done: Any


ACTIONS = {
    "send": Action(
        lambda actor, listing, now: services.submit_listing(actor=actor, listing=listing, now=now),
        _l("Send this listing to a moderator?"),
        _l(
            "We will reply within two working days, by email and on your provider pages. You can "
            "change the listing in the meantime."
        ),
        _l("Send to a moderator"),
        _l("Sent. A moderator will reply within two working days, by email and here."),
    ),
    "pause": Action(
        lambda actor, listing, now: services.pause_listing(actor=actor, listing=listing),
        _l("Hide this listing from the tables for a while?"),
        _l("Clients will no longer see it. You can show it again whenever you like, without a moderator."),
        _l("Pause"),
        _l("Paused. Clients no longer see it."),
    ),
    "resume": Action(
        lambda actor, listing, now: services.resume_listing(actor=actor, listing=listing),
        _l("Show this listing in the tables again?"),
        _l("Clients will see it again straight away, as it was."),
        _l("Show it again"),
        _l("The listing is back in the tables."),
    ),
    "withdraw": Action(
        lambda actor, listing, now: services.withdraw_listing(actor=actor, listing=listing),
        _l("Withdraw this listing?"),
        _l(
            "It will leave the tables, and any change waiting for a moderator will be discarded. "
            "To offer it again, you will need to send it to a moderator again."
        ),
        _l("Withdraw"),
        _l("Withdrawn. You can send it to a moderator again at any time."),
    ),
    "confirm": Action(
        lambda actor, listing, now: services.confirm_listing(actor=actor, listing=listing, now=now),
        _l("Are the cost and time still correct?"),
        _l("If not, change them first. Clients see when the data was last confirmed."),
        _l("They are still correct"),
        _l("Thank you. The listing counts as up to date from today."),
    ),
    "drop": Action(
        lambda actor, listing, now: services.drop_listing_edit(actor=actor, listing=listing),
        _l("Discard the change?"),
        _l("The listing stays as clients see it now."),
        _l("Discard the change"),
        _l("Change discarded. The listing stays as it is."),
    ),
}

bp = Blueprint("manage_moves", __name__)
NAMES = ", ".join(ACTIONS)


@bp.route(f"/manage/<provider>/listings/<int:listing_id>/<any({NAMES}):move>/", methods=["GET", "POST"])
@access("confirmed")
def move(provider: str, listing_id: int, move: str) -> BaseResponse:
    """Ask (GET, or a form that grew old), then do it."""
    listing = own_listing(current_user, provider, listing_id)
    form = PageForm()
    if not form.validate_on_submit():
        return _ask(listing, move, form)
    try:
        ACTIONS[move].service(current_user, listing, now())
    except InvalidFields:
        db.session.rollback()
        flash(sentence("listing_incomplete"), "error")
        return redirect(url_for("manage_listing.edit", provider=provider, listing_id=listing_id))
    except (Conflict, NotAllowed) as refusal:
        db.session.rollback()
        form.refuse(None, sentence(refusal.code), status=refusal.status)
        return _ask(listing, move, form)
    db.session.commit()
    flash(str(ACTIONS[move].done))
    return redirect(url_for("manage.listings", provider=provider))


def _ask(listing: Listing, move: str, form: PageForm) -> Response:
    return desk_page(
        "listings/desk/ask.html",
        listing.provider,
        listing=listing,
        name=topic_name(listing.topic),
        move=move,
        asked=ACTIONS[move],
        form=form,
    )
