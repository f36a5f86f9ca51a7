"""The chain of the log of actions: each line is sealed with a hash that covers the line before. Pure.

The format is stable, so that anybody can compute it again. A link's `digest` is the SHA-256 of one line of JSON in UTF-8:
keys sorted, no spaces, non-ASCII characters as they are, no line break at the end. The keys are `format` (1), `position`,
`previous`, `sealed_at`, and of the line `id`, `at`, `actor_id`, `action`, `subject`, `subject_id`, `version`, `ground` and
`decision_id`; null where there is no value. Moments are in UTC with microseconds: `2026-11-23T12:00:00.000000Z`. The first
link has position 1, and 64 zeros as `previous`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from marketplace.moderation.models import LogEntry

FORMAT = 1
START = "0" * 64


def digest_of(entry: LogEntry, *, position: int, previous: str, sealed_at: datetime) -> str:
    """The digest of a line’s link."""
    return hashlib.sha256(canonical(entry, position, previous, sealed_at)).hexdigest()


def canonical(entry: LogEntry, position: int, previous: str, sealed_at: datetime) -> bytes:
    """The bytes that are hashed."""
    said = {
        "format": FORMAT,
        "position": position,
        "previous": previous,
        "sealed_at": _moment(sealed_at),
        "id": entry.id,
        "at": _moment(entry.at),
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "version": entry.version,
        "ground": entry.ground,
        "decision_id": entry.decision_id,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
