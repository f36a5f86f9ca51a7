"""Mails about accounts. They never contain the person's name: whoever signs up with somebody else's address chooses it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_login import current_user
from flask_security.mail_util import MailUtil

from marketplace.accounts.models import User
from marketplace.i18n.languages import address_language
from marketplace.mail.queue import queue_mail
from marketplace.text.clean import normal_address
from marketplace.web.security import safe_target

# By template: where the link leads, and which of Flask-Security's tokens it carries.
LINKS = {
    "confirm_address": ("security.confirm_email", "confirmation_token"),
    "existing_account": ("security.reset_password", "reset_token"),
    "password_changed": ("security.forgot_password", None),
}


class AccountMails(MailUtil):
    """Sends Flask-Security's mails through our queue, in the caller's transaction. Addresses are stored in one spelling."""

    def send_mail(
        self, template: str, subject: Any, recipient: Any, sender: Any, body: Any, html: Any, **context: Any
    ) -> None:
        """Queue the mail `emails/<template>`; Flask-Security has rendered nothing."""
        user, (endpoint, token) = context["user"], LINKS[template]
        language = user.language if current_user == user else address_language()
        arguments = {"token": context[token]} if token else {}
        # Who signs up on the way to somewhere goes on there once the address is confirmed.
        if template == "confirm_address" and (onward := safe_target(request.form.get("next"), "")):
            arguments["next"] = onward
        queue_account_mail(user, template, endpoint, language=language, **arguments)

    def normalize(self, email: str) -> str:
        """The address for look-up."""
        return normal_address(super().normalize(email))

    def validate(self, email: str) -> str:
        """The address as it is stored."""
        return normal_address(super().validate(email))


def queue_account_mail(user: User, template: str, endpoint: str, *, language: str, **arguments: Any) -> None:
    """Queue a mail with its one link, both in `language`."""
    link = url_for(endpoint, _external=True, _language=language, **arguments)
    queue_mail(user.email, template, language=language, link=link)
