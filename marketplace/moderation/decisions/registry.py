"""The kinds of the queue. `moderation.kinds` registers them; nobody else names one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from marketplace.core.errors import NotFound
from marketplace.moderation.decisions.grounds import Ground
from marketplace.moderation.decisions.subjects import Subject

_kinds: dict[str, type[Subject[Any]]] = {}


def register(*kinds: type[Subject[Any]]) -> None:
    """Make kinds known, in the order in which pages list them."""
    _kinds.update({kind.kind: kind for kind in kinds})


def kinds() -> Collection[type[Subject[Any]]]:
    """All kinds."""
    return _kinds.values()


def find_kind(name: str) -> type[Subject[Any]]:
    """The kind of this name. Raises `NotFound`."""
    if name not in _kinds:
        raise NotFound
    return _kinds[name]


def find_subject(kind: str, subject_id: int, *, lock: bool = False) -> Subject[Any]:
    """The subject, read anew and held until the transaction ends if `lock`. Raises `NotFound`."""
    return find_kind(kind).load(subject_id, lock=lock)


def find_ground(kind: str, code: str | None) -> Ground | None:
    """The ground of this code for a kind, or None."""
    return next((ground for ground in find_kind(kind).all_grounds() if ground.code == code), None)
