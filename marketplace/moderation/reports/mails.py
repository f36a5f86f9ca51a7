"""The mails to reporters, and the signed links in them.

How long a link works is for the report's row to say.
"""

from __future__ import annotations

from typing import Any

from marketplace.core.extensions import current_settings
from marketplace.core.links import read_link, sign_link
from marketplace.mail.queue import queue_mail
from marketplace.moderation.decisions.actions import Mail
from marketplace.moderation.models import ActionName, Decision, Flag
from marketplace.moderation.reports.labels import reason_word, target_words

CONFIRM = "marketplace.report"
APPEAL = "marketplace.report.appeal"


def queue_confirmation(flag: Flag, token: str) -> None:
    """The link. Nothing of what was typed is in it: anybody can type anybody's address."""
    _queue(flag, "flag_confirm", f"flag:{flag.id}:confirm", token=token)


def queue_receipt(flag: Flag) -> None:
    """The report came in."""
    _queue(flag, "flag_received", f"flag:{flag.id}:received", reason_word=reason_word)


def flag_decided_mails(flag: Flag, decision: Decision, *, is_reversal: bool = False) -> list[Mail]:
    """What became of a report; nothing where the address is erased. The statement of one that was upheld is not for this
    reader. `is_reversal`: it was upheld first."""
    address = _address(flag)
    if address is None:
        return []
    is_dismissed = decision.action == ActionName.DISMISS
    context = {
        "flag": flag,
        "target_words": target_words,
        "is_reversal": is_reversal,
        "kind": decision.subject,
        "appeal": flag.id if is_dismissed and flag.user_id is not None else None,
        "appeal_token": _appeal_token(flag) if is_dismissed else None,
    }
    return [Mail("flag_decided", address, flag.language, "flag_decided", context)]


def _appeal_token(flag: Flag) -> str | None:
    """The link by which somebody without an account appeals; a member does it signed in."""
    if flag.user_id is not None or not flag.nonce:
        return None
    return sign_flag(flag.id, flag.nonce, current_settings().secret_key, APPEAL)


def _address(flag: Flag) -> str | None:
    return flag.user.email if flag.user is not None and flag.user.active else flag.email


def _queue(flag: Flag, template: str, key: str, **context: Any) -> None:
    address = _address(flag)
    if address is not None:
        words = {"flag": flag, "target_words": target_words, **context}
        queue_mail(address, template, language=flag.language, key=key, **words)


def sign_flag(flag_id: int, nonce: str, secret: str, use: str = CONFIRM) -> str:
    """The token of a link."""
    return sign_link(flag_id, nonce, purpose=use, secret=secret)


def read_flag_token(token: str, secret: str, use: str = CONFIRM) -> tuple[int, str] | None:
    """The report's id and nonce; None unless the token was signed for this use."""
    return read_link(token, purpose=use, secret=secret)
