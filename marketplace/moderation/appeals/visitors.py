"""Appeals of those who reported something without an account: a link in the mail says who they are. Nothing here commits."""

from __future__ import annotations

import secrets
from datetime import datetime

from marketplace.core.errors import Conflict, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.mail.queue import queue_mail
from marketplace.moderation.appeals.services import READ_AGAIN, appealable, make_appeal
from marketplace.moderation.decisions.grounds import find_ground
from marketplace.moderation.decisions.undoing import mail_key
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.moderation.reports.tokens import APPEAL, read_flag_token


def appealable_by_link(token: str, *, secret: str, now: datetime) -> Decision:
    """The dismissal behind a link. Raises `NotFound` (`appeal_link_wrong`) for a link that is not ours, or where the address
    was erased, and the conflicts of `appealable` (`appeal_moot` also where the report was upheld since)."""
    flag = _flag_behind(token, secret)
    try:
        return appealable("flag", flag.id, actor=None, now=now)
    except NotFound:
        raise Conflict("appeal_moot") from None


def appeal_by_link(token: str, *, text: str, language: str, secret: str, now: datetime) -> Appeal:
    """Ask for another moderator's decision. Raises what `appealable_by_link` and `make_appeal` raise."""
    decision = appealable_by_link(token, secret=secret, now=now)
    return make_appeal("flag", decision.subject_id, actor=None, text=text, language=language, now=now)


def appealing_flag(appeal: Appeal) -> Flag | None:
    """The report of a visitor who appeals; None where a member does."""
    if appeal.user_id is not None or appeal.decision.subject != "flag":
        return None
    return db.session.get(Flag, appeal.decision.subject_id)


def queue_visitor_letter(appeal: Appeal, decision: Decision) -> None:
    """The outcome, to the address of the report, in the language of the appeal. Nothing where the address is erased."""
    flag = appealing_flag(appeal)
    if flag is None or flag.email is None:
        return
    queue_mail(
        flag.email,
        "appeal_decided",
        language=appeal.language,
        key=mail_key(decision, "appeal_decided:visitor"),
        action=decision.action,
        ground=find_ground("appeal", decision.ground),
        statement=decision.statement,
        provider=appeal.provider,
        is_read_again=appeal.decision.subject in READ_AGAIN,
        is_visitor=True,
    )


def _flag_behind(token: str, secret: str) -> Flag:
    found = read_flag_token(token, secret, APPEAL)
    flag = find_row(Flag, found[0]) if found is not None else None
    if found is None or flag is None or flag.email is None:
        raise NotFound("appeal_link_wrong")
    if not flag.nonce or not secrets.compare_digest(flag.nonce, found[1]):
        raise NotFound("appeal_link_wrong")
    return flag
