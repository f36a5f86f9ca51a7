"""The mails to whoever reported something: the link that confirms it, the receipt, and the decision with its reasons."""

from __future__ import annotations

from typing import Any

from marketplace.core.extensions import current_settings
from marketplace.mail.queue import queue_mail
from marketplace.moderation.decisions.grounds import find_ground
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.reports.labels import reason_word, thing_words
from marketplace.moderation.reports.tokens import APPEAL, sign_flag


def queue_confirmation(flag: Flag, token: str) -> None:
    """The link. Nothing of what was typed is in it: anybody can type anybody's address."""
    _queue(flag, "flag_confirm", f"flag:{flag.id}:confirm", token=token)


def queue_receipt(flag: Flag) -> None:
    """The report came in."""
    _queue(flag, "flag_received", f"flag:{flag.id}:received", reason_word=reason_word)


def queue_flag_letter(flag: Flag, decision: Decision, *, is_reversal: bool = False) -> None:
    """What became of a report, and why. The statement of one that was upheld is for whoever is concerned, not for this
    reader. `is_reversal`: it was upheld first."""
    _queue(
        flag,
        "flag_decided",
        f"decision:{decision.id}:flag_decided",
        action=decision.action,
        ground=find_ground("flag", decision.ground),
        statement=decision.statement,
        is_reversal=is_reversal,
        kind="flag",
        appeal=flag.id if decision.action == "dismiss" and flag.user_id is not None else None,
        appeal_token=_appeal_token(flag) if decision.action == "dismiss" else None,
    )


def _appeal_token(flag: Flag) -> str | None:
    """The link by which somebody without an account appeals; a member does it signed in."""
    if flag.user_id is not None or not flag.nonce:
        return None
    return sign_flag(flag.id, flag.nonce, current_settings().secret_key, APPEAL)


def _queue(flag: Flag, template: str, key: str, **context: Any) -> None:
    address = flag.user.email if flag.user is not None and flag.user.active else flag.email
    if address is None:
        return
    queue_mail(
        address, template, language=flag.language, key=key, flag=flag, thing_words=thing_words, **context
    )
