"""A folder for databases that nobody needs after the tests: in memory where the system offers that, so that no commit
waits for a disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2**30


def new_folder(prefix: str) -> Path:
    """Make a folder; whoever asked for it removes it."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if usable else None))
