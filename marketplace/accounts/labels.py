"""Messages about accounts: our refusals, and Flask-Security's messages in our words and catalogue."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.core.errors import Refusal


def refusal_words(refusal: Refusal) -> str:
    """The sentence shown beside the field."""
    words = {
        "name_missing": _("Enter the name to show on your reviews"),
        "name_long": _("The name must be %(most)s characters or fewer", most=refusal.details.get("most", "")),
        "name_invisible": _("Enter a name that can be seen: this one has no letters, digits or signs"),
        "name_controls": _("Type the name again: it contains characters that cannot be seen"),
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


def N_(text: str) -> str:  # noqa: N802 (gettext's name for a text that is translated where it is shown)
    """Mark a text for the catalogue."""
    return text


# By the key of Flask-Security's message: its text.
MESSAGES = {
    "API_ERROR": N_("Enter this as text"),
    "GENERIC_AUTHN_FAILED": N_(
        "The email address or password is not correct. Check both, or choose a new password."
    ),
    "CONFIRM_REGISTRATION": N_("We sent an email to %(email)s. Open the link in it to continue."),
    "EMAIL_ALREADY_ASSOCIATED": N_("There is already an account for %(email)s"),
    "IDENTITY_ALREADY_ASSOCIATED": N_("There is already an account for this email address"),
    "EMAIL_NOT_PROVIDED": N_("Enter your email address"),
    "INVALID_EMAIL_ADDRESS": N_("Enter an email address in the correct format, like name@example.com"),
    "PASSWORD_NOT_PROVIDED": N_("Enter a password"),
    "PASSWORD_INVALID_LENGTH": N_("Your password must be between %(length)s and 128 characters"),
    "PASSWORD_TOO_SIMPLE": N_(
        "This password is easy to guess. Choose another, such as four unrelated words."
    ),
    "PASSWORD_IS_THE_SAME": N_("Choose a password that is different from your current one"),
    "INVALID_PASSWORD": N_("This is not your current password"),
    "USER_DOES_NOT_EXIST": N_("There is no account for this email address"),
    "DISABLED_ACCOUNT": N_("This account is closed."),
    "CONFIRMATION_REQUIRED": N_("Confirm your email address first. We sent you a link."),
    "FORGOT_PASSWORD": N_("Forgot your password?"),
    "PASSWORD_RESET_EXPIRED": N_(
        "That link has expired because it is more than %(within)s old. Ask for a new one."
    ),
    "INVALID_RESET_PASSWORD_TOKEN": N_(
        "That link does not work or has already been used. Ask for a new one."
    ),
    "PASSWORD_RESET_NO_LOGIN": N_("Your new password has been saved. Use it to sign in."),
    "PASSWORD_CHANGE": N_("Your password has been changed. Your other devices have been signed out."),
    "UNAUTHENTICATED": N_("Sign in to continue."),
    "UNAUTHORIZED": N_("Your account does not have permission to do this."),
    "ANONYMOUS_USER_REQUIRED": N_("You are already signed in."),
    "INVALID_REDIRECT": N_("That address leads to a different site."),
}
# Its category, where it is no error.
CATEGORIES = {
    "CONFIRM_REGISTRATION": "success",
    "FORGOT_PASSWORD": "info",
    "PASSWORD_RESET_NO_LOGIN": "success",
    "PASSWORD_CHANGE": "success",
}
