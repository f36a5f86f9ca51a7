"""The one-press changes of a listing: what each asks, does and says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from marketplace.accounts.models import User
from marketplace.listings import services
from marketplace.listings.models import Listing

Service = Callable[[User, Listing, datetime], Listing]


@dataclass(frozen=True, slots=True)
class Move:
    """A change: its service, its question with what follows from it, the button's word, and what is said when done."""

    service: Service
    question: Any
    consequence: Any
    button: Any
    done: Any


MOVES = {
    "send": Move(
        lambda actor, listing, now: services.submit_listing(actor=actor, listing=listing, now=now),
        _l("Send this listing to a moderator?"),
        _l(
            "We will reply within two working days, by email and on your provider pages. You can "
            "change the listing in the meantime."
        ),
        _l("Send to a moderator"),
        _l("Sent. A moderator will reply within two working days, by email and here."),
    ),
    "pause": Move(
        lambda actor, listing, now: services.pause_listing(actor=actor, listing=listing),
        _l("Hide this listing from the tables for a while?"),
        _l("Clients will no longer see it. You can show it again whenever you like, without a moderator."),
        _l("Pause"),
        _l("Paused. Clients no longer see it."),
    ),
    "resume": Move(
        lambda actor, listing, now: services.resume_listing(actor=actor, listing=listing),
        _l("Show this listing in the tables again?"),
        _l("Clients will see it again straight away, as it was."),
        _l("Show it again"),
        _l("The listing is back in the tables."),
    ),
    "withdraw": Move(
        lambda actor, listing, now: services.withdraw_listing(actor=actor, listing=listing),
        _l("Withdraw this listing?"),
        _l(
            "It will leave the tables, and any change waiting for a moderator will be discarded. "
            "To offer it again, you will need to send it to a moderator again."
        ),
        _l("Withdraw"),
        _l("Withdrawn. You can send it to a moderator again at any time."),
    ),
    "confirm": Move(
        lambda actor, listing, now: services.confirm_listing(actor=actor, listing=listing, now=now),
        _l("Are the cost and time still correct?"),
        _l("If not, change them first. Clients see when the data was last confirmed."),
        _l("They are still correct"),
        _l("Thank you. The listing counts as up to date from today."),
    ),
    "drop": Move(
        lambda actor, listing, now: services.drop_listing_edit(actor=actor, listing=listing),
        _l("Discard the change?"),
        _l("The listing stays as clients see it now."),
        _l("Discard the change"),
        _l("Change discarded. The listing stays as it is."),
    ),
}
