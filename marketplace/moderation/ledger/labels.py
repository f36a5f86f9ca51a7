"""The words of the public ledger, which is read by everybody."""

from __future__ import annotations

from flask_babel import gettext as _


def ledger_kind(kind: str) -> str:
    """What a decision was about."""
    words = {
        "listing": _("Listing"),
        "listing_edit": _("Change to a listing"),
        "provider": _("Provider"),
        "provider_edit": _("Change to a provider"),
        "claim": _("Claim to a provider"),
        "review": _("Review"),
        "review_edit": _("Change to a review"),
        "reply": _("Reply"),
        "flag": _("Report"),
        "appeal": _("Appeal"),
    }
    return str(words[kind])


def asker_word(asked_by: str) -> str:
    """Whose matter it was."""
    words = {
        "author": _("the author"),
        "provider": _("the provider"),
        "reader": _("a reader"),
        "moderator": _("the moderators themselves"),
    }
    return str(words[asked_by])
