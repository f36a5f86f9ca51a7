"""The journal: one JSON value a line, only ever added to. A line that was cut off by a kill was never promised to anyone."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class FolderInUse(RuntimeError):
    """Another process, or another stand-in of this one, writes into the folder."""


class Journal:
    """The file `journal.jsonl` of a folder. Whoever opens it has it alone until `close`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "journal.jsonl").open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise FolderInUse(f"another stand-in of Stripe uses {folder}") from None

    def replay(self) -> Iterator[Any]:
        """The values written so far. Takes off a last line without an end, so that the next one starts afresh."""
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            yield json.loads(line)
        self._file.truncate(whole)

    def append(self, value: Any) -> None:
        """Write one value; it outlives a kill of this process from here on."""
        self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Give the folder back."""
        self._file.close()
