"""The objects of the stand-in, and the journal that keeps them: one JSON value a line, only ever added to."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any


class FolderInUse(RuntimeError):
    """Another stand-in, in this or another process, uses the folder."""


class Journal:
    """The file `journal.jsonl` of a folder, locked until `close`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "journal.jsonl").open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise FolderInUse(f"another stand-in of Stripe uses {folder}") from None

    def replay(self) -> Iterator[Any]:
        """The values written so far. Truncates an incomplete last line."""
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            yield json.loads(line)
        self._file.truncate(whole)

    def append(self, value: Any) -> None:
        """Write one value; from then on it survives a kill of this process."""
        self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Release the folder."""
        self._file.close()


StripeObject = dict[str, Any]
# Notes that belong to the stand-in itself, whichever account it plays.
SHARED = frozenset({"_account", "_clock", "_restricted"})
GONE = "_gone"


class Store:
    """What the folder holds. Changes are gathered until `commit` writes them as one line, or `rollback` forgets them.

    The caller keeps others out meanwhile. Kinds that begin with an underscore are the stand-in's own notes.
    """

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder)
        self.scope = ""  # of the account that is played; empty for the first one
        self._kept: dict[str, dict[str, StripeObject]] = {}
        self._fresh: dict[tuple[str, str], StripeObject] = {}
        for line in self._journal.replay():
            for kind, thing in line:
                self._kept.setdefault(kind, {})[thing["id"]] = thing

    def get(self, kind: str, wanted: str) -> StripeObject | None:
        """A copy of one object, for the caller to change and `put` back."""
        named = self._named(kind)
        found = self._fresh.get((named, wanted)) or self._kept.get(named, {}).get(wanted)
        return deepcopy(found) if found is not None and GONE not in found else None

    def put(self, kind: str, thing: StripeObject) -> None:
        """Keep the object as it is now."""
        self._fresh[self._named(kind), thing["id"]] = deepcopy(thing)

    def delete(self, kind: str, wanted: str) -> None:
        """Forget an object."""
        self.put(kind, {"id": wanted, GONE: True})

    def _named(self, kind: str) -> str:
        return f"{self.scope}/{kind}" if self.scope and kind not in SHARED else kind

    def each(self, kind: str) -> Iterator[StripeObject]:
        """All objects of a kind, oldest first. Not copies: do not change them."""
        named = self._named(kind)
        kept = self._kept.get(named, {})
        fresh = {wanted: thing for (of, wanted), thing in self._fresh.items() if of == named}
        every = [fresh.get(wanted, thing) for wanted, thing in kept.items()]
        every += [thing for wanted, thing in fresh.items() if wanted not in kept]
        yield from (thing for thing in every if GONE not in thing)

    def kinds(self) -> list[str]:
        """The kinds of objects that the account has, without the stand-in's own notes."""
        start = f"{self.scope}/" if self.scope else ""
        found = (kind.removeprefix(start) for kind in self._kept if kind.startswith(start))
        return sorted(kind for kind in found if "/" not in kind and not kind.startswith("_"))

    def commit(self) -> bool:
        """Write the pending changes; returns whether there were any."""
        if not self._fresh:
            return False
        self._journal.append([[kind, thing] for (kind, _wanted), thing in self._fresh.items()])
        for (kind, wanted), thing in self._fresh.items():
            self._kept.setdefault(kind, {})[wanted] = thing
        self._fresh = {}
        return True

    def rollback(self) -> None:
        """Drop the pending changes."""
        self._fresh = {}

    def close(self) -> None:
        """Release the folder."""
        self._journal.close()
