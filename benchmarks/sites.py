"""A migrated site on a new SQLite database in a temporary folder, and the guides that benchmarks run on."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import flask_migrate
from flask import Flask

from marketplace import create_app
from marketplace.core.extensions import Clock, db
from marketplace.samples import guides_folder


@contextmanager
def new_site(clock: Clock | None = None, **settings: str) -> Iterator[tuple[Flask, Path]]:
    """An application and its folder; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        app = create_app({"INSTANCE_PATH": str(folder / "instance"), **settings}, clock=clock)
        with app.app_context():
            flask_migrate.upgrade()
            yield app, folder
            db.session.remove()
            db.engine.dispose()


def copy_guides(target: Path) -> int:
    """Copy the guides of `GUIDES_DIR`, or the samples, where they may be written to; returns how many files."""
    source = Path(os.environ.get("GUIDES_DIR") or guides_folder())
    count = 0
    for path in sorted(source.glob("*/*/*.md")):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        count += path.name != "_index.md"
    return count


def seconds(work: Callable[[], object], rounds: int = 1) -> float:
    """Median processor seconds of a round of work; the processor's, because machines are shared."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken)
