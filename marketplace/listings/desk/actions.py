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
        _l("We answer within two working days, by mail and on your desk. You can change it meanwhile."),
        _l("Send to a moderator"),
        _l("Sent. A moderator answers within two working days, by mail and here."),
    ),
    "pause": Move(
        lambda actor, listing, now: services.pause_listing(actor=actor, listing=listing),
        _l("Take this listing out of the tables for a while?"),
        _l("Clients no longer see it. You put it back whenever you like, without a moderator."),
        _l("Pause"),
        _l("Paused. Clients no longer see it."),
    ),
    "resume": Move(
        lambda actor, listing, now: services.resume_listing(actor=actor, listing=listing),
        _l("Put this listing back into the tables?"),
        _l("Clients see it again at once, as it was."),
        _l("Show it again"),
        _l("The listing is back in the tables."),
    ),
    "withdraw": Move(
        lambda actor, listing, now: services.withdraw_listing(actor=actor, listing=listing),
        _l("Withdraw this listing?"),
        _l(
            "It leaves the tables, and a change that waits is dropped. To offer it again, you send it to a moderator anew."
        ),
        _l("Withdraw"),
        _l("Withdrawn. You can send it to a moderator again at any time."),
    ),
    "confirm": Move(
        lambda actor, listing, now: services.confirm_listing(actor=actor, listing=listing, now=now),
        _l("Do cost and time still hold?"),
        _l("If they do not, change them first. Clients see when the data were last confirmed."),
        _l("They still hold"),
        _l("Thank you. The listing counts as fresh from today."),
    ),
    "drop": Move(
        lambda actor, listing, now: services.drop_edit(actor=actor, listing=listing),
        _l("Drop the change?"),
        _l("The listing stays as clients see it now."),
        _l("Drop the change"),
        _l("The change is dropped. The listing stays as it is."),
    ),
}
