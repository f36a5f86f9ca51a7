"""How often accounts may be tried: forms that guess passwords or send mails. Reading is never counted."""

from __future__ import annotations

import hashlib

from flask import abort, request
from werkzeug.exceptions import UnsupportedMediaType

from marketplace.web.limits import client_network, count_try

BY_NETWORK = "20/minute"
# By what was typed as the address, known or not: guesses at one account, and mails into one mailbox.
BY_ADDRESS = {
    "security.login": "100/hour",
    "security.register": "10/hour",
    "security.forgot_password": "10/hour",
    "security.send_confirmation": "10/hour",
}
TRIED = frozenset(
    {*BY_ADDRESS, "security.reset_password", "security.change_password", "security.confirm_email"}
)


def count_account_tries() -> None:
    """Before each request: count what is posted to the account's forms, 429 beyond the limit."""
    if request.method != "POST" or request.endpoint not in TRIED:
        return
    if request.is_json:
        abort(UnsupportedMediaType.code)
    count_try(BY_NETWORK, request.endpoint, client_network())
    typed = request.form.get("email", "").strip().lower()
    if typed and request.endpoint in BY_ADDRESS:
        count_try(BY_ADDRESS[request.endpoint], request.endpoint, hashlib.sha256(typed.encode()).hexdigest())
