"""What a member is told who may not vote on a review."""

from __future__ import annotations

from flask_babel import gettext as _


def vote_refusal_words(code: str) -> str:
    """A refused vote as a sentence."""
    words = {
        "unconfirmed": _("Confirm your email address first: we sent you a link."),
        "own_review": _("You wrote this review yourself, so others say whether it helps."),
        "own_provider": _("You belong to this provider, so you cannot say which of its reviews help."),
        "rival": _("You belong to a provider of the same procedure, so you cannot vote here."),
        "too_many": _(
            "You voted very often within an hour. Your vote was not counted: come back a little later."
        ),
    }
    return str(words[code])
