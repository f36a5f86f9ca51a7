"""Where proof files lie: a folder of their own, outside everything that is served.

Names are random and made here. A file is written whole or not at all: under another name, to the disk, then renamed.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "proofs"
NAME = re.compile(r"[0-9a-f]{32}")
PARTIAL = ".partial"


class ProofStore:
    """The proof files of one site; several machines share the folder. `instance` is the site's data folder."""

    def __init__(self, instance: Path) -> None:
        self._folder = instance / FOLDER

    @contextmanager
    def writing(self) -> Iterator[list[str]]:
        """The names of what is written inside (by `write`): where it ends in an exception, the files go again. Commit
        inside, so that a row and its file come together."""
        written: list[str] = []
        try:
            yield written
        except BaseException:
            for name in written:
                self.remove(name)
            raise

    def write(self, data: bytes, written: list[str]) -> str:
        """Keep a file; returns its name, noted in `written` before anything lies on the disk."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        name = secrets.token_hex(16)
        written.append(name)
        partial = self._folder / (name + PARTIAL)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self._folder / name)
        self._settle_folder()
        return name

    def read(self, name: str) -> bytes | None:
        """A file's content, or None where it is gone."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def exists(self) -> bool:
        """Whether the folder is there: it is made with the first file."""
        return self._folder.is_dir()

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return self._path(name).is_file()

    def remove(self, name: str) -> None:
        """Delete a file, half-written ones too; one that is gone already is no failure."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        path.with_name(name + PARTIAL).unlink(missing_ok=True)

    def written_before(self, moment: datetime) -> set[str]:
        """The names of all files last changed before a moment, half-written ones included."""
        if not self.exists():
            return set()
        return {
            name
            for path in self._folder.iterdir()
            if NAME.fullmatch(name := path.name.removesuffix(PARTIAL)) and _changed_at(path) < moment
        }

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("not a name of ours")
        return self._folder / name

    def _settle_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _changed_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # another worker was faster
        return datetime.max.replace(tzinfo=UTC)
