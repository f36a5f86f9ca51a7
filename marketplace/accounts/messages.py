"""What Flask-Security says, in our words: they are translated from our catalogue, not from its own."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 (gettext's name for a text that is translated where it is shown)
    """Mark a text for the catalogue."""
    return text


# By the key of Flask-Security's message: text and category of the flash message.
MESSAGES = {
    "API_ERROR": (N_("Write this as text."), "error"),
    "GENERIC_AUTHN_FAILED": (
        N_("This address and this password do not belong together. Check both, or choose a new password."),
        "error",
    ),
    "CONFIRM_REGISTRATION": (
        N_("We sent a message to %(email)s. Open the link in it to go on."),
        "success",
    ),
    "EMAIL_ALREADY_ASSOCIATED": (N_("There is an account for %(email)s."), "error"),
    "IDENTITY_ALREADY_ASSOCIATED": (N_("There is an account for this address."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Write your email address."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("Write the address like this: name@example.com."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Write a password."), "error"),
    "PASSWORD_INVALID_LENGTH": (N_("Choose a password of %(length)s to 128 characters."), "error"),
    "PASSWORD_TOO_SIMPLE": (
        N_("This password is easy to guess. Choose another, such as four words that do not belong together."),
        "error",
    ),
    "PASSWORD_IS_THE_SAME": (N_("Choose a password that differs from the one you have."), "error"),
    "INVALID_PASSWORD": (N_("This is not the password you have now."), "error"),
    "USER_DOES_NOT_EXIST": (N_("There is no account for this address."), "error"),
    "DISABLED_ACCOUNT": (N_("This account is closed."), "error"),
    "CONFIRMATION_REQUIRED": (N_("Confirm your email address first: we sent you a link."), "error"),
    "FORGOT_PASSWORD": (N_("Forgot your password?"), "info"),
    "PASSWORD_RESET_EXPIRED": (
        N_("That link is older than %(within)s and works no more. Ask for a new one."),
        "error",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("That link does not work, or was used already. Ask for a new one."),
        "error",
    ),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your new password is saved. Sign in with it."), "success"),
    "PASSWORD_CHANGE": (N_("Your password is changed. Other devices are signed out."), "success"),
    "UNAUTHENTICATED": (N_("Sign in to go on."), "error"),
    "UNAUTHORIZED": (N_("Your account does not allow this."), "error"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "error"),
    "INVALID_REDIRECT": (N_("That address leads away from this site."), "error"),
}
