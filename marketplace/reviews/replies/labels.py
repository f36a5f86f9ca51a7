"""What a provider is told of its replies: what is wrong with one, and what became of it."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.core.errors import Refusal
from marketplace.reviews.labels import problem_words


def reply_problem_words(problem: Refusal) -> str:
    """A refusal as a sentence that says what to do."""
    if problem.code == "reply_contact_details":
        found = problem.details["found"]
        return str(_("Remove “%(found)s”. Replies cannot include contact details or links", found=found))
    words = {
        "reply_unchanged": _("This text was not accepted. Change it first"),
        "reply_exists": _("Someone from your provider has replied in the meantime"),
        "changed": _("It was changed after you opened it"),
    }
    return str(words.get(problem.code) or problem_words(problem))


def reply_status_words(status: str) -> str:
    """What became of a reply, in a word."""
    words = {
        "pending": _("With a moderator"),
        "published": _("Published"),
        "rejected": _("Not accepted"),
        "hidden": _("Hidden"),
        "withdrawn": _("Withdrawn"),
    }
    return str(words[status])
