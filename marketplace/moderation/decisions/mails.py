"""The mails that tell a decision, each in its reader's language, queued in the transaction in which it takes effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marketplace.accounts.models import User
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import interface_language
from marketplace.mail.queue import queue_mail
from marketplace.moderation.decisions.actions import Choice, Mail
from marketplace.moderation.decisions.reasons import AGAINST_SOMEBODY, DISPUTE_BODIES, elements_of
from marketplace.moderation.decisions.registry import find_ground
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import Decision


def queue_decision_mails(subject: Subject[Any], decision: Decision, choice: Choice) -> None:
    """Queue the mails to everybody concerned. Call it before the change, which may take an edit or members away."""
    mails = subject.own_mails(decision)
    if mails is None:
        template = subject.actions[decision.action].mail or subject.mail_template
        recipients = [(template, reader) for reader in subject.readers()]
        recipients += subject.further_mails(decision)
        mails = [_mail(name, reader, subject, decision, choice) for name, reader in recipients]
    queue_mails(mails, decision)


def queue_mails(mails: Sequence[Mail], decision: Decision) -> None:
    """Queue mails that tell a decision, with its reasons."""
    for mail in mails:
        queue_mail(
            mail.address,
            mail.template,
            language=mail.language,
            key=f"decision:{decision.id}:{mail.key}",
            action=decision.action,
            statement=decision.statement,
            ground=find_ground(decision.subject, decision.ground),
            decision=decision,
            elements_of=elements_of,
            is_adverse=decision.action in AGAINST_SOMEBODY,
            dispute_bodies=DISPUTE_BODIES,
            **mail.context,
        )


def _mail(template: str, reader: User, subject: Subject[Any], decision: Decision, choice: Choice) -> Mail:
    guide = None
    if subject.listing is not None:
        language = interface_language(reader.language)
        guide = guide_titles([subject.listing.topic_id], language).get(subject.listing.topic_id)
    context = {
        "kind": subject.kind,
        "appeal": subject.id if decision.action in subject.reversals else None,
        "provider": subject.provider,
        "topic_title": guide.title if guide is not None else None,
        "guide": guide,
        **subject.mail_context(decision, choice),
    }
    return Mail(template, reader.email, reader.language, f"{template}:{reader.id}", context)
