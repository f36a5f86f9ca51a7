"""The words for actions, decisions and refusals, and those of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.models import STATEMENT_LENGTH, ActionName, AskedBy
from marketplace.providers.models import ProviderStatus
from marketplace.reviews.risk.rules import risk_band

HOURS_SHOWN = 48
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
    ActionName.DOCUMENT: _l("Mark as documented: I have seen proof"),
    ActionName.SUSPEND: _l("Suspend"),
    ActionName.REINSTATE: _l("Reinstate"),
    ActionName.HIDE: _l("Hide this review"),
    ActionName.RESTORE: _l("Show it again"),
    ActionName.UPHOLD: _l("Uphold"),
    ActionName.DISMISS: _l("Dismiss"),
    ActionName.WARN: _l("Show the warning"),
    ActionName.CLEAR: _l("Remove the warning"),
}
MESSAGES: Mapping[str, Any] = {
    ActionName.PUBLISH: _l("Published. We’ll email the people this affects."),
    ActionName.REJECT: _l("Rejected. We’ll email your statement to the people this affects."),
    ActionName.DOCUMENT: _l("Marked as documented. The review now counts. We’ll email its author."),
    ActionName.SUSPEND: _l(
        "Suspended. Its listings are hidden. We’ll email your statement to anyone who manages it."
    ),
    ActionName.HIDE: _l("Hidden. It is no longer shown. We’ll email your statement to its author."),
    ActionName.RESTORE: _l("Shown again. We’ll email your statement to its author."),
    ActionName.UPHOLD: _l("Upheld. We’ll email your statement to the people this affects."),
    ActionName.DISMISS: _l(
        "Dismissed. We’ll email your statement to the reporter or the person who appealed."
    ),
    ActionName.WARN: _l(
        "The warning is now on its page. We’ll email your statement to anyone who manages it."
    ),
    ActionName.CLEAR: _l("Warning removed. We’ll email your statement to anyone who manages it."),
    ActionName.UNDO: _l("Undone. It is as it was before, and nobody will be told."),
    ActionName.REINSTATE: _l(
        "Reinstated. Its listings are shown again. We’ll email your statement to anyone who manages it."
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
    ActionName.CLEAR: _l("Warning removed"),
    ActionName.UNDO: _l("Undone"),
}
GROUND_LABELS: Mapping[str, Any] = {
    ActionName.REJECT: _l("Ground for rejection"),
    ActionName.SUSPEND: _l("Ground for suspension"),
    ActionName.REINSTATE: _l("Ground for reinstatement"),
    ActionName.WARN: _l("Ground for the warning"),
}
UNDO_REFUSALS: Mapping[str, Any] = {
    "undo_over": _l("It is too late to undo it, or it cannot be undone. Emails about it may have been sent."),
    "undone": _l("It has already been undone."),
    "own": _l("This is about you or your provider. Another moderator must decide"),
}
PROVIDER_STATUSES: Mapping[str, Any] = {
    ProviderStatus.UNCLAIMED: _l("Unclaimed"),
    ProviderStatus.PENDING: _l("Waiting"),
    ProviderStatus.ACTIVE: _l("Active"),
    ProviderStatus.SUSPENDED: _l("Suspended"),
    ProviderStatus.REMOVED: _l("Removed"),
}
REFUSALS: Mapping[str, Any] = {
    "ground_missing": _l("Choose a ground"),
    "statement_short": _l("Enter a statement of at least %(least)s characters", least=STATEMENT_LENGTH[0]),
    "statement_long": _l("Enter a statement of %(most)s characters or fewer", most=STATEMENT_LENGTH[1]),
    "provider_pending": _l("Decide on the provider first. Its listings only go live when it is active"),
    "provider_not_active": _l("This provider is not active, so nothing from it can go live"),
    "trader_unknown": _l(
        "This provider has not said who is behind it. Its listings can go live once its profile says so"
    ),
    "own_decision": _l("You made the first decision. After an appeal, another moderator must decide"),
    "own": _l("This is about you or your provider. Another moderator must decide"),
    "cover_rest": _l("Cover what was found, or confirm that the rest can stay"),
    "cover_unknown": _l("The list of what was found in the text has been updated. Choose what to cover"),
    "review_not_shown": _l(
        "The review it replies to is not shown at the moment. The reply goes back into the queue when the "
        "review is shown again"
    ),
    "proof_missing": _l(
        "There is no proof to check. The author has not uploaded any, or it has already been deleted"
    ),
    "proof_unseen": _l(
        "Open a proof of this review first. You can only mark it as documented after you have seen one"
    ),
    "website_taken": _l(
        "Another provider has this website and name. Reject the change or ask both providers"
    ),
}
ASKERS = {
    AskedBy.AUTHOR: _l("the author"),
    AskedBy.PROVIDER: _l("the provider"),
    AskedBy.READER: _l("a reader"),
    AskedBy.MODERATOR: _l("the moderators themselves"),
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


def ledger_kind(kind: str) -> str:
    """What a decision was about."""
    return str(find_kind(kind).ledger_word)


def asker_word(asked_by: str) -> str:
    """Whose matter it was."""
    return str(ASKERS[AskedBy(asked_by)])


def age_words(since: datetime, now: datetime) -> str:
    """How long something has waited: minutes, then hours, from two days on days."""
    waited = max(timedelta(), now - since)
    hours = int(waited.total_seconds() // 3600)
    if hours < 1:
        minutes = max(1, int(waited.total_seconds() // 60))
        words = ngettext("waiting %(num)s minute", "waiting %(num)s minutes", minutes)
    elif hours < HOURS_SHOWN:
        words = ngettext("waiting %(num)s hour", "waiting %(num)s hours", hours)
    else:
        words = ngettext("waiting %(num)s day", "waiting %(num)s days", hours // 24)
    return str(words)


def event_words(event: Any) -> str:
    """An event of an item's history."""
    words = {
        "account": _("Account created"),
        "confirmed": _("Email address confirmed"),
        "sent": _("Sent to the moderators"),
        "publish": _("Published by %(who)s", who=event.who),
        "reject": _("Rejected by %(who)s", who=event.who),
        "edit_publish": _("Change published by %(who)s", who=event.who),
        "edit_reject": _("Change rejected by %(who)s", who=event.who),
        "document": _("Marked as documented by %(who)s", who=event.who),
        "suspend": _("Suspended by %(who)s", who=event.who),
        "reinstate": _("Reinstated by %(who)s", who=event.who),
        "hide": _("Hidden by %(who)s", who=event.who),
        "restore": _("Shown again by %(who)s", who=event.who),
        "uphold": _("Upheld by %(who)s", who=event.who),
        "dismiss": _("Dismissed by %(who)s", who=event.who),
        "warn": _("Warned by %(who)s", who=event.who),
        "clear": _("Warning removed by %(who)s", who=event.who),
        "undo": _("Undone by %(who)s", who=event.who),
    }
    return str(words[event.code])


def finding_word(kind: str) -> str:
    """What kind of personal data was found, in a few words."""
    words = {
        "identity": _("identity or tax number"),
        "passport": _("passport number"),
        "iban": _("bank account"),
        "card": _("payment card"),
        "birth": _("date of birth"),
        "name": _("person’s name"),
    }
    return str(words[kind])


def risk_word(risk: int) -> str:
    """A risk in words; empty where there is little."""
    words = {"high": _("High risk"), "raised": _("Some risk")}
    return str(words.get(risk_band(risk), ""))
