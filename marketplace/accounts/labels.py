"""Refusals about accounts, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.core.errors import Refusal


def refusal_words(refusal: Refusal) -> str:
    """The sentence that stands beside the field."""
    words = {
        "name_missing": _("Write the name that reviews show."),
        "name_long": _("Shorten the name to %(most)s characters.", most=refusal.details.get("most", "")),
        "name_address": _("Leave addresses and numbers out of your name."),
        "name_letters": _("Write a name with letters."),
        "password_wrong": _(
            "This is not your password. Without one, choose one first by “Forgot your password?”."
        ),
        "last_admin": _("You are the last admin: give somebody else the role first."),
        "only_member": _(
            "You are the only member of %(name)s, and clients see what it offers. "
            "Withdraw its listings first, or let a colleague claim it.",
            name=refusal.details.get("name", ""),
        ),
        "paid_place": _(
            "You are the only member of %(name)s, and it pays for a place. "
            "End that in its billing first, or let a colleague claim it.",
            name=refusal.details.get("name", ""),
        ),
        "language_unknown": _("Choose one of the languages."),
    }
    return words[refusal.code]
