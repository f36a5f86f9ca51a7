"""Refusals about accounts, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.core.errors import Refusal


def refusal_words(refusal: Refusal) -> str:
    """The sentence that stands beside the field."""
    words = {
        "name_missing": _("Enter the name to show on your reviews"),
        "name_long": _("The name must be %(most)s characters or fewer", most=refusal.details.get("most", "")),
        "name_address": _("Your name must not include email addresses, web addresses or phone numbers"),
        "name_letters": _("Enter a name that contains letters"),
        "password_wrong": _(
            "Your password is not correct. If you don’t have one, choose one first with “Forgot "
            "your password?”."
        ),
        "last_admin": _("You are the only admin left. Give someone else the role first."),
        "only_member": _(
            "You are the only member of %(name)s, and clients see what it offers. Withdraw its "
            "listings first, or ask a colleague to claim it.",
            name=refusal.details.get("name", ""),
        ),
        "paid_place": _(
            "You are the only member of %(name)s, and it pays for a featured placement. End the "
            "placement first, on its featured placements page, or ask a colleague to claim the "
            "provider.",
            name=refusal.details.get("name", ""),
        ),
        "language_unknown": _("Choose one of these languages"),
    }
    return words[refusal.code]
