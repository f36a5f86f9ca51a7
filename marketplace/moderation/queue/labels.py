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
        "listing": _("Listing by %(provider)s", provider=provider_name),
        "listing_edit": _("Change to a listing by %(provider)s", provider=provider_name),
        "provider": _("New provider: %(provider)s", provider=provider_name),
        "provider_edit": _("Change to the profile of %(provider)s", provider=provider_name),
        "claim": _("Claim to manage %(provider)s", provider=provider_name),
        "review": _("Review of %(provider)s", provider=provider_name),
        "review_edit": _("Change to a review of %(provider)s", provider=provider_name),
        "reply": _("Reply from %(provider)s", provider=provider_name),
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
        "document": _("Mark as documented: I have seen proof"),
        "suspend": _("Suspend"),
        "reinstate": _("Reinstate"),
        "hide": _("Hide this review"),
        "restore": _("Show it again"),
        "uphold": _("Uphold"),
        "dismiss": _("Dismiss"),
        "warn": _("Show the warning"),
        "clear": _("Remove the warning"),
    }
    if kind == "claim":
        words["publish"] = _("Approve the claim")
    elif kind == "reply":
        words["hide"] = _("Hide this reply")
    return str(words[action])


def done_words(kind: str, action: str) -> str:
    """What a moderator is told after a decision."""
    words = {
        "publish": _("Published. We’ll email the people this affects."),
        "reject": _("Rejected. We’ll email your statement to the people this affects."),
        "document": _("Marked as documented. The review now counts. We’ll email its author."),
        "suspend": _(
            "Suspended. Its listings are hidden. We’ll email your statement to anyone who manages it."
        ),
        "hide": _("Hidden. It is no longer shown. We’ll email your statement to its author."),
        "restore": _("Shown again. We’ll email your statement to its author."),
        "uphold": _("Upheld. We’ll email your statement to the people this affects."),
        "dismiss": _("Dismissed. We’ll email your statement to the reporter or the person who appealed."),
        "warn": _("The warning is now on its page. We’ll email your statement to anyone who manages it."),
        "clear": _("Warning removed. We’ll email your statement to anyone who manages it."),
        "undo": _("Undone. It is as it was before, and nobody will be told."),
        "reinstate": _(
            "Reinstated. Its listings are shown again. We’ll email your statement to anyone who manages it."
        ),
    }
    if kind == "claim":
        words["publish"] = _("Claim approved. The person now manages the provider. We’ll email them.")
    elif kind == "reply":
        words["hide"] = _("Hidden. It is no longer shown. We’ll email your statement to the provider.")
        words["restore"] = _("Shown again. We’ll email your statement to the provider.")
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
        "clear": _("Warning removed"),
        "undo": _("Undone"),
    }
    return str(words[action])


def event_words(event: Event) -> str:
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


def appeal_words(code: str) -> str:
    """Why somebody cannot appeal, or what to write."""
    words = {
        "appeal_made": _("You have already appealed against this decision."),
        "appeal_late": _("The six-month limit for appeals has passed."),
        "appeal_moot": _("This decision no longer applies."),
        "appeal_link_wrong": _("This link is incomplete, or too old to use for an appeal."),
        "appeal_short": _("Enter at least 30 characters so we know what to check"),
        "appeal_long": _("Enter 2,000 characters or fewer"),
    }
    return str(words[code])


def undo_refusal_words(code: str) -> str:
    """Why a decision was not undone."""
    words = {
        "undo_over": _(
            "It is too late to undo it, or it cannot be undone. Emails about it may have been sent."
        ),
        "undone": _("It has already been undone."),
        "undo_changed": _("Someone has since changed what it was about. Open it and decide again."),
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
        "name": _("person’s name"),
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
        "statement_short": _("Enter a statement of at least %(least)s characters", least=least),
        "statement_long": _("Enter a statement of %(most)s characters or fewer", most=most),
        "provider_pending": _("Decide on the provider first. Its listings only go live when it is active"),
        "provider_not_active": _("This provider is not active, so nothing from it can go live"),
        "own_decision": _("You made the first decision. After an appeal, another moderator must decide"),
        "own": _("This is about you or your provider. Another moderator must decide"),
        "cover_rest": _("Cover what was found, or confirm that the rest can stay"),
        "cover_unknown": _("The list of what was found in the text has been updated. Choose what to cover"),
        "review_not_shown": _(
            "The review it replies to is not shown at the moment. The reply goes back into the "
            "queue when the review is shown again"
        ),
        "proof_missing": _(
            "There is no proof to check. The author has not uploaded any, or it has already been deleted"
        ),
        "proof_unseen": _(
            "Open a proof of this review first. You can only mark it as documented after you have seen one"
        ),
        "website_taken": _(
            "Another provider has this website and name. Reject the change or ask both providers"
        ),
    }
    return str(words.get(code) or _("That did not work. Check what you sent and try again."))
