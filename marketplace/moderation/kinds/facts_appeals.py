"""An appeal as another moderator reads it: what was decided, by whom and why, and what is said against it."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.moderation.appeals.visitors import appealing_flag
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.grounds import find_ground
from marketplace.moderation.ledger.labels import ledger_kind
from marketplace.moderation.models import Appeal
from marketplace.moderation.queue.labels import action_word


def appeal_facts(appeal: Appeal) -> list[Fact]:
    """The decision with its reasons, then the appeal's own words."""
    decision = appeal.decision
    ground = find_ground(decision.subject, decision.ground)
    language = address_language()
    return [
        Fact("about", _("About"), ledger_kind(decision.subject)),
        Fact("decision", _("Decision"), action_word(decision.action)),
        Fact("ground", _("Ground"), str(ground.label) if ground is not None else decision.ground or "–"),
        Fact("statement", _("Statement"), decision.statement, is_long=True),
        Fact("decided_by", _("Decided by"), decision.actor.name if decision.actor is not None else "–"),
        Fact("decided_at", _("Decided on"), format_date(decision.decided_at.date(), language)),
        Fact("appellant", _("Appeal from"), _appellant(appeal)),
        Fact("text", _("What they wrote"), appeal.text, is_long=True),
    ]


def _appellant(appeal: Appeal) -> str:
    if appeal.user is not None:
        return appeal.user.name or appeal.user.email
    flag = appealing_flag(appeal)
    return (flag.name or flag.email if flag is not None else None) or _("someone who has left")
