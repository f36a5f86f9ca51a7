"""What Flask-Security says, in our words: they are translated from our catalogue, not from its own."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 (gettext's name for a text that is translated where it is shown)
    """Mark a text for the catalogue."""
    return text


# By the key of Flask-Security's message: text and category of the flash message.
MESSAGES = {
    "API_ERROR": (N_("Enter this as text"), "error"),
    "GENERIC_AUTHN_FAILED": (
        N_("The email address or password is not correct. Check both, or choose a new password."),
        "error",
    ),
    "CONFIRM_REGISTRATION": (
        N_("We sent an email to %(email)s. Open the link in it to continue."),
        "success",
    ),
    "EMAIL_ALREADY_ASSOCIATED": (N_("There is already an account for %(email)s"), "error"),
    "IDENTITY_ALREADY_ASSOCIATED": (N_("There is already an account for this email address"), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Enter your email address"), "error"),
    "INVALID_EMAIL_ADDRESS": (
        N_("Enter an email address in the correct format, like name@example.com"),
        "error",
    ),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password"), "error"),
    "PASSWORD_INVALID_LENGTH": (N_("Your password must be between %(length)s and 128 characters"), "error"),
    "PASSWORD_TOO_SIMPLE": (
        N_("This password is easy to guess. Choose another, such as four unrelated words."),
        "error",
    ),
    "PASSWORD_IS_THE_SAME": (N_("Choose a password that is different from your current one"), "error"),
    "INVALID_PASSWORD": (N_("This is not your current password"), "error"),
    "USER_DOES_NOT_EXIST": (N_("There is no account for this email address"), "error"),
    "DISABLED_ACCOUNT": (N_("This account is closed."), "error"),
    "CONFIRMATION_REQUIRED": (N_("Confirm your email address first. We sent you a link."), "error"),
    "FORGOT_PASSWORD": (N_("Forgot your password?"), "info"),
    "PASSWORD_RESET_EXPIRED": (
        N_("That link has expired because it is more than %(within)s old. Ask for a new one."),
        "error",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("That link does not work or has already been used. Ask for a new one."),
        "error",
    ),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your new password has been saved. Use it to sign in."), "success"),
    "PASSWORD_CHANGE": (
        N_("Your password has been changed. Your other devices have been signed out."),
        "success",
    ),
    "UNAUTHENTICATED": (N_("Sign in to continue."), "error"),
    "UNAUTHORIZED": (N_("Your account does not have permission to do this."), "error"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are already signed in."), "error"),
    "INVALID_REDIRECT": (N_("That address leads to a different site."), "error"),
}
