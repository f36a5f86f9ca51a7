"""What a member is told who may not vote on a review."""

from __future__ import annotations

from flask_babel import gettext as _


def vote_refusal_words(code: str) -> str:
    """A refused vote as a sentence."""
    words = {
        "unconfirmed": _("Confirm your email address first. We sent you a link."),
        "own_review": _("You wrote this review, so other people say whether it helps."),
        "own_provider": _("You belong to this provider, so you cannot say which of its reviews help."),
        "rival": _("You belong to a provider for the same procedure, so you cannot vote here."),
        "too_many": _(
            "You have voted too many times in an hour, so this vote was not counted. Come back a "
            "little later."
        ),
    }
    return str(words[code])
