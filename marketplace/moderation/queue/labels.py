"""What moderators are told: kinds, titles, ages, refusals."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.moderation.models import STATEMENT_LENGTH
from marketplace.moderation.queue.records import Event

HOURS_SHOWN = 48


def item_title(kind: str, provider_name: str, *, is_new: bool = True) -> str:
    """What an item of the queue is called; `is_new` says of a provider whether it waits to be accepted."""
    words = {
        "listing": _("Listing of %(provider)s", provider=provider_name),
        "listing_edit": _("Change of a listing of %(provider)s", provider=provider_name),
        "provider": _("New provider: %(provider)s", provider=provider_name),
        "provider_edit": _("Change of the profile of %(provider)s", provider=provider_name),
        "claim": _("Claim of %(provider)s", provider=provider_name),
        "review": _("Review of %(provider)s", provider=provider_name),
        "review_edit": _("Change of a review of %(provider)s", provider=provider_name),
        "reply": _("Reply of %(provider)s", provider=provider_name),
        "flag": _("Report about %(provider)s", provider=provider_name),
        "appeal": _("Appeal about %(provider)s", provider=provider_name),
    }
    if kind == "provider" and not is_new:
        return str(_("Provider: %(provider)s", provider=provider_name))
    return str(words[kind])


def kind_word(kind: str) -> str:
    """A kind of subject in a word."""
    words = {
        "listing": _("Listing"),
        "listing_edit": _("Change"),
        "provider": _("Provider"),
        "provider_edit": _("Change"),
        "claim": _("Claim"),
        "review": _("Review"),
        "review_edit": _("Change"),
        "reply": _("Reply"),
        "flag": _("Report"),
        "appeal": _("Appeal"),
    }
    return str(words[kind])


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


# The keys of moves on the desk; what undoes a lot at once has none.
MOVE_KEYS = {"publish": "p", "reject": "r", "hide": "h", "uphold": "u", "dismiss": "d"}


def move_key(action: str) -> str:
    """The key that presses a move's button; empty where it has none."""
    return MOVE_KEYS.get(action, "")


def move_words(kind: str, action: str) -> str:
    """What the button of a move says."""
    words = {
        "publish": _("Publish"),
        "reject": _("Reject"),
        "document": _("Mark as documented: I saw a proof"),
        "suspend": _("Suspend"),
        "reinstate": _("Reinstate"),
        "hide": _("Hide this review"),
        "restore": _("Show it again"),
        "uphold": _("Uphold"),
        "dismiss": _("Dismiss"),
        "warn": _("Put up the warning"),
        "clear": _("Take the warning down"),
    }
    if kind == "claim":
        words["publish"] = _("Approve the claim")
    elif kind == "reply":
        words["hide"] = _("Hide this reply")
    return str(words[action])


def done_words(kind: str, action: str) -> str:
    """What a moderator is told after a decision."""
    words = {
        "publish": _("Published. Those concerned are told by mail."),
        "reject": _("Rejected. Those concerned are told by mail, with your statement."),
        "document": _("Marked as documented: the review counts now. Its author is told by mail."),
        "suspend": _(
            "Suspended: its listings are hidden. Whoever manages it is told by mail, with your statement."
        ),
        "hide": _("Hidden: nobody sees it any more. Its author is told by mail, with your statement."),
        "restore": _("Shown again. Its author is told by mail, with your statement."),
        "uphold": _("Upheld. Those concerned are told by mail, with your statement."),
        "dismiss": _("Dismissed. Who asked is told by mail, with your statement."),
        "warn": _("The warning stands on its page. Whoever manages it is told by mail, with your statement."),
        "clear": _("The warning is taken down. Whoever manages it is told by mail, with your statement."),
        "undo": _("Undone: it stands as before, and nobody is told."),
        "reinstate": _(
            "Reinstated: its listings are shown again. Whoever manages it is told by mail, with your statement."
        ),
    }
    if kind == "claim":
        words["publish"] = _("Claim approved: the person manages the provider now, and is told by mail.")
    elif kind == "reply":
        words["hide"] = _(
            "Hidden: nobody sees it any more. The provider is told by mail, with your statement."
        )
        words["restore"] = _("Shown again. The provider is told by mail, with your statement.")
    return str(words[action])


def action_word(action: str) -> str:
    """A decision in a word."""
    words = {
        "publish": _("Published"),
        "reject": _("Rejected"),
        "document": _("Documented"),
        "suspend": _("Suspended"),
        "reinstate": _("Reinstated"),
        "hide": _("Hidden"),
        "restore": _("Shown again"),
        "uphold": _("Upheld"),
        "dismiss": _("Dismissed"),
        "warn": _("Warned"),
        "clear": _("Warning taken down"),
        "undo": _("Undone"),
    }
    return str(words[action])


def event_words(event: Event) -> str:
    """An event of an item's history."""
    words = {
        "account": _("Account opened"),
        "confirmed": _("Address confirmed"),
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
        "clear": _("Warning taken down by %(who)s", who=event.who),
        "undo": _("Undone by %(who)s", who=event.who),
    }
    return str(words[event.code])


def appeal_words(code: str) -> str:
    """Why somebody cannot appeal, or what to write."""
    words = {
        "appeal_made": _("You have appealed against this decision already."),
        "appeal_late": _("The six months in which you could appeal are over."),
        "appeal_moot": _("This decision does not stand any more."),
        "appeal_link_wrong": _("This link is not complete, or too old to appeal with."),
        "appeal_short": _("Write at least 30 characters, so that we know what to look at"),
        "appeal_long": _("Write at most 2,000 characters"),
    }
    return str(words[code])


def undo_refusal_words(code: str) -> str:
    """Why a decision was not undone."""
    words = {
        "undo_over": _("The time to undo it is over, or it cannot be undone, and its mails may have left."),
        "undone": _("It was undone already."),
        "undo_changed": _("Somebody has changed since what it was about. Open it and decide anew."),
    }
    return str(words[code])


def finding_word(kind: str) -> str:
    """What kind of personal data was found, in a few words."""
    words = {
        "identity": _("identity or tax number"),
        "passport": _("passport number"),
        "iban": _("bank account"),
        "card": _("payment card"),
        "birth": _("date of birth"),
        "name": _("name of a person"),
    }
    return str(words[kind])


def provider_status_word(status: str) -> str:
    """A provider's standing in a word."""
    words = {
        "unclaimed": _("Unclaimed"),
        "pending": _("Waiting"),
        "active": _("Active"),
        "suspended": _("Suspended"),
        "removed": _("Removed"),
    }
    return str(words[status])


def refusal_words(code: str) -> str:
    """A refused decision as a sentence."""
    least, most = STATEMENT_LENGTH
    words = {
        "ground_missing": _("Choose a ground"),
        "statement_short": _("Write a statement of at least %(least)s characters", least=least),
        "statement_long": _("Write a statement of at most %(most)s characters", most=most),
        "provider_pending": _("Decide on the provider first: its listings go live only when it is active"),
        "provider_not_active": _("This provider is not active, so nothing of it can go live"),
        "own_decision": _("You took the first decision yourself: after an appeal another moderator decides"),
        "own": _("This is about you or your provider: another moderator decides"),
        "cover_rest": _("Cover what was found, or say that the rest may stay"),
        "cover_unknown": _("What was found in the text is listed anew: choose what to cover"),
        "review_not_shown": _(
            "The review that it answers is not shown now. The reply comes back into the queue when the review does"
        ),
        "proof_missing": _("There is no proof to go by: the author has sent none, or it is deleted already"),
        "proof_unseen": _(
            "Open a proof of this review first: only who has seen one can mark it as documented"
        ),
        "website_taken": _("Another provider has this website and name. Reject the change, or ask both"),
    }
    return str(words.get(code) or _("That did not work. Check what you sent and try again."))
