"""Reports that were upheld and, on an appeal against what followed, turn out not to have been right."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.moderation.decisions.grounds import UPHELD_BY
from marketplace.moderation.decisions.linked import decide_beside
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.reports.mails import queue_flag_letter
from marketplace.moderation.reports.services import count_report
from marketplace.moderation.reports.targets import COLUMNS, same_thing


def reverse_upheld_flags(former: Decision, decision: Decision) -> list[Flag]:
    """The reports that `former` followed are dismissed with the reasons of `decision`, in the public record of providers
    too; who made them is told, and may appeal in turn. Flushes."""
    kind = former.subject
    if kind not in COLUMNS or (kind, former.action) != UPHELD_BY[kind]:
        return []
    # A report and what follows from it are decided at one moment.
    query = select(Flag).where(
        same_thing(kind, former.subject_id), Flag.status == "upheld", Flag.decided_at == former.decided_at
    )
    flags = list(db.session.scalars(query.order_by(Flag.id).with_for_update()))
    for flag in flags:
        beside = decide_beside(decision, "flag", flag, "dismiss", flag.asked_by)
        flag.status, flag.note, flag.decided_at = "dismissed", decision.statement, decision.decided_at
        flag.version += 1
        db.session.flush()
        if flag.by_provider_id is not None:
            count_report(flag.by_provider_id, upheld=-1, dismissed=1)
        queue_flag_letter(flag, beside, is_reversal=True)
    return flags
