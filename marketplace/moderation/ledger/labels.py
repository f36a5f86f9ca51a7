"""The words of the public ledger."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.models import AskedBy

ASKERS = {
    AskedBy.AUTHOR: _l("the author"),
    AskedBy.PROVIDER: _l("the provider"),
    AskedBy.READER: _l("a reader"),
    AskedBy.MODERATOR: _l("the moderators themselves"),
}


def ledger_kind(kind: str) -> str:
    """What a decision was about."""
    return str(find_kind(kind).ledger_word)


def asker_word(asked_by: str) -> str:
    """Whose matter it was."""
    return str(ASKERS[AskedBy(asked_by)])
