"""The words for actions, decisions and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.models import STATEMENT_LENGTH, ActionName

# The keys of actions on the desk; what undoes a lot at once has none.
ACTION_KEYS = {
    ActionName.PUBLISH: "p",
    ActionName.REJECT: "r",
    ActionName.HIDE: "h",
    ActionName.UPHOLD: "u",
    ActionName.DISMISS: "d",
}
BUTTONS: Mapping[str, Any] = {
    ActionName.PUBLISH: _l("Publish"),
    ActionName.REJECT: _l("Reject"),
    ActionName.DOCUMENT: _l("Mark as documented: I saw a proof"),
    ActionName.SUSPEND: _l("Suspend"),
    ActionName.REINSTATE: _l("Reinstate"),
    ActionName.HIDE: _l("Hide this review"),
    ActionName.RESTORE: _l("Show it again"),
    ActionName.UPHOLD: _l("Uphold"),
    ActionName.DISMISS: _l("Dismiss"),
    ActionName.WARN: _l("Put up the warning"),
    ActionName.CLEAR: _l("Take the warning down"),
}
MESSAGES: Mapping[str, Any] = {
    ActionName.PUBLISH: _l("Published. Those concerned are told by mail."),
    ActionName.REJECT: _l("Rejected. Those concerned are told by mail, with your statement."),
    ActionName.DOCUMENT: _l("Marked as documented: the review counts now. Its author is told by mail."),
    ActionName.SUSPEND: _l(
        "Suspended: its listings are hidden. Whoever manages it is told by mail, with your statement."
    ),
    ActionName.HIDE: _l("Hidden: nobody sees it any more. Its author is told by mail, with your statement."),
    ActionName.RESTORE: _l("Shown again. Its author is told by mail, with your statement."),
    ActionName.UPHOLD: _l("Upheld. Those concerned are told by mail, with your statement."),
    ActionName.DISMISS: _l("Dismissed. Who asked is told by mail, with your statement."),
    ActionName.WARN: _l(
        "The warning stands on its page. Whoever manages it is told by mail, with your statement."
    ),
    ActionName.CLEAR: _l(
        "The warning is taken down. Whoever manages it is told by mail, with your statement."
    ),
    ActionName.UNDO: _l("Undone: it stands as before, and nobody is told."),
    ActionName.REINSTATE: _l(
        "Reinstated: its listings are shown again. Whoever manages it is told by mail, with your statement."
    ),
}
ACTIONS: Mapping[str, Any] = {
    ActionName.PUBLISH: _l("Published"),
    ActionName.REJECT: _l("Rejected"),
    ActionName.DOCUMENT: _l("Documented"),
    ActionName.SUSPEND: _l("Suspended"),
    ActionName.REINSTATE: _l("Reinstated"),
    ActionName.HIDE: _l("Hidden"),
    ActionName.RESTORE: _l("Shown again"),
    ActionName.UPHOLD: _l("Upheld"),
    ActionName.DISMISS: _l("Dismissed"),
    ActionName.WARN: _l("Warned"),
    ActionName.CLEAR: _l("Warning taken down"),
    ActionName.UNDO: _l("Undone"),
}
GROUND_LABELS: Mapping[str, Any] = {
    ActionName.REJECT: _l("Ground of a rejection"),
    ActionName.SUSPEND: _l("Ground of the suspension"),
    ActionName.REINSTATE: _l("Ground of the reinstatement"),
    ActionName.WARN: _l("Ground of the warning"),
}
UNDO_REFUSALS: Mapping[str, Any] = {
    "undo_over": _l("The time to undo it is over, or it cannot be undone, and its mails may have left."),
    "undone": _l("It was undone already."),
}
PROVIDER_STATUSES: Mapping[str, Any] = {
    "unclaimed": _l("Unclaimed"),
    "pending": _l("Waiting"),
    "active": _l("Active"),
    "suspended": _l("Suspended"),
    "removed": _l("Removed"),
}
REFUSALS: Mapping[str, Any] = {
    "ground_missing": _l("Choose a ground"),
    "statement_short": _l("Write a statement of at least %(least)s characters", least=STATEMENT_LENGTH[0]),
    "statement_long": _l("Write a statement of at most %(most)s characters", most=STATEMENT_LENGTH[1]),
    "provider_pending": _l("Decide on the provider first: its listings go live only when it is active"),
    "provider_not_active": _l("This provider is not active, so nothing of it can go live"),
    "own_decision": _l("You took the first decision yourself: after an appeal another moderator decides"),
    "own": _l("This is about you or your provider: another moderator decides"),
    "cover_rest": _l("Cover what was found, or say that the rest may stay"),
    "cover_unknown": _l("What was found in the text is listed anew: choose what to cover"),
    "review_not_shown": _l(
        "The review that it answers is not shown now. The reply comes back into the queue when the review does"
    ),
    "proof_missing": _l("There is no proof to go by: the author has sent none, or it is deleted already"),
    "proof_unseen": _l("Open a proof of this review first: only who has seen one can mark it as documented"),
    "website_taken": _l("Another provider has this website and name. Reject the change, or ask both"),
}


def button_label(kind: str, action: str) -> str:
    """What the button of an action says."""
    return str(find_kind(kind).buttons.get(action) or BUTTONS[action])


def decided_message(kind: str, action: str) -> str:
    """What a moderator is told after a decision."""
    return str(find_kind(kind).messages.get(action) or MESSAGES[action])


def action_key(action: str) -> str:
    """The key that presses an action's button; empty where it has none."""
    return ACTION_KEYS.get(ActionName(action), "")


def action_word(action: str) -> str:
    """A decision in a word."""
    return str(ACTIONS[action])


def item_title(kind: str, provider_name: str, *, is_new: bool = True) -> str:
    """What an item of the queue is called; `is_new` says of a provider whether it waits to be accepted."""
    return find_kind(kind).title_of(provider_name, is_new=is_new)


def kind_word(kind: str) -> str:
    """A kind of the queue in a word."""
    return str(find_kind(kind).word)


def undo_refusal_words(code: str) -> str:
    """Why a decision was not undone."""
    return str(UNDO_REFUSALS[code])


def provider_status_word(status: str) -> str:
    """A provider's standing in a word."""
    return str(PROVIDER_STATUSES[status])


def refusal_words(code: str) -> str:
    """A refused decision as a sentence."""
    return str(REFUSALS.get(code) or _("That did not work. Check what you sent and try again."))


def language_names(tags: Sequence[str]) -> str:
    """Languages by name, in the language of the page."""
    return ", ".join(language_name(tag, address_language()) for tag in tags) or str(_("none"))
