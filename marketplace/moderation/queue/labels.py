"""The words of the queue: ages, events, risks and findings."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.moderation.decisions.labels import (
    action_key,
    action_word,
    button_label,
    item_title,
    kind_word,
    provider_status_word,
    refusal_words,
)
from marketplace.moderation.queue.queries import HIGH_RISK, SOME_RISK
from marketplace.moderation.queue.records import Event

# What templates of the desk take from here.
__all__ = [
    "action_key",
    "action_word",
    "age_words",
    "button_label",
    "event_words",
    "finding_word",
    "item_title",
    "kind_word",
    "provider_status_word",
    "refusal_words",
    "risk_word",
]
HOURS_SHOWN = 48


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
    if risk >= HIGH_RISK:
        return str(_("High risk"))
    return str(_("Some risk")) if risk >= SOME_RISK else ""
