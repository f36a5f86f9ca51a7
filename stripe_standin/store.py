"""Objects by kind and id, in the order they were made. A change is seen by all or, when it is dropped, by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from stripe_standin.journal import Journal

Thing = dict[str, Any]


class Store:
    """What the folder holds. Changes are gathered until `commit` writes them as one line, or `rollback` forgets them.

    The caller keeps others out meanwhile. Kinds that begin with an underscore are the stand-in's own notes.
    """

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder)
        self._kept: dict[str, dict[str, Thing]] = {}
        self._fresh: dict[tuple[str, str], Thing] = {}
        for line in self._journal.replay():
            for kind, thing in line:
                self._kept.setdefault(kind, {})[thing["id"]] = thing

    def get(self, kind: str, wanted: str) -> Thing | None:
        """A copy of one object, for the caller to change and `put` back."""
        found = self._fresh.get((kind, wanted)) or self._kept.get(kind, {}).get(wanted)
        return deepcopy(found) if found is not None else None

    def put(self, kind: str, thing: Thing) -> None:
        """Keep the object as it is now."""
        self._fresh[kind, thing["id"]] = deepcopy(thing)

    def each(self, kind: str) -> Iterator[Thing]:
        """All objects of a kind, oldest first. They are not copies: look, do not touch."""
        kept = self._kept.get(kind, {})
        fresh = {wanted: thing for (of, wanted), thing in self._fresh.items() if of == kind}
        for wanted, thing in list(kept.items()):
            yield fresh.get(wanted, thing)
        yield from (thing for wanted, thing in fresh.items() if wanted not in kept)

    def kinds(self) -> list[str]:
        """The kinds of objects there are, without the stand-in's own notes."""
        return sorted(kind for kind in self._kept if not kind.startswith("_"))

    def commit(self) -> bool:
        """Write the gathered changes; returns whether there were any."""
        if not self._fresh:
            return False
        self._journal.append([[kind, thing] for (kind, _wanted), thing in self._fresh.items()])
        for (kind, wanted), thing in self._fresh.items():
            self._kept.setdefault(kind, {})[wanted] = thing
        self._fresh = {}
        return True

    def rollback(self) -> None:
        """Forget the gathered changes."""
        self._fresh = {}

    def close(self) -> None:
        """Give the folder back."""
        self._journal.close()
