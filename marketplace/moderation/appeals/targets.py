"""What an appeal is about in the end: the review, change of one, reply, listing or provider behind the decision."""

from __future__ import annotations

from typing import Any

from marketplace.core.extensions import db
from marketplace.core.locking import NO_KEY_UPDATE
from marketplace.moderation.appeals.services import MODELS, thing_of
from marketplace.moderation.models import Appeal, Flag
from marketplace.moderation.reports.targets import flagged_by


def appealed_thing(appeal: Appeal) -> tuple[str, Any] | None:
    """Its kind and row, through a report to what was reported; of a change of a review the change. None where it is gone."""
    kind, thing = appeal.decision.subject, thing_of(appeal.decision)
    if isinstance(thing, Flag):
        kind, thing = thing.subject, flagged_by(thing)
    elif kind == "review_edit" and thing is not None:
        thing = thing.edit
    return None if thing is None else (kind, thing)


def version_read_of(appeal: Appeal) -> int:
    """What a decision on an appeal says was read. Versions only rise, so the sum tells any change of the appeal or of what
    it is about: nothing is shown again in words that no moderator read."""
    found = appealed_thing(appeal)
    return appeal.version + (int(found[1].version) if found is not None else 0)


def hold_appealed(appeal_id: int) -> None:
    """Hold what was decided on until the transaction ends, before the appeal itself: as everybody who changes it does."""
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is not None:
        decision = appeal.decision
        options: dict[str, Any] = {"with_for_update": NO_KEY_UPDATE, "populate_existing": True}
        thing = db.session.get(MODELS[decision.subject], decision.subject_id, **options)
        if decision.subject == "review_edit" and thing is not None and thing.edit is not None:
            db.session.refresh(thing.edit)
