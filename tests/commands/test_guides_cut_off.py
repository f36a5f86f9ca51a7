"""An import that is killed leaves nothing half-written, and the next one makes of it what one run would have made. So do
two at the same time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.commands.guides import import_folder
from marketplace.core.extensions import db
from marketplace.guides.importing import BATCH
from marketplace.guides.models import Guide
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from tests.conftest import Stage
from tests.guide_files import ORIGIN, row, write_guide

# Imports as the command does, and dies in the transaction of the given batch, after all of it was written.
DYING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from marketplace import create_app
from marketplace.guides.importing import import_guides
from marketplace.listings.importing.guide_rows import import_rows

left = int(sys.argv[2])

def take(found, topic_ids):
    global left
    import_rows(found, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

with create_app().app_context():
    import_guides(Path(sys.argv[1]), origin="https://tramitit.com", now=datetime(2026, 11, 23, 12, tzinfo=UTC),
                  on_batch=take, retire=True)
"""


def facts() -> dict[str, Any]:
    """All that an import makes, without row numbers and revisions."""
    guides = {
        (guide.language, guide.country, guide.stem): (
            guide.topic.key,
            guide.title,
            guide.html_before,
            guide.file.content,
            guide.file.original_rows,
            dict(guide.file.links),
            guide.retired_at is not None,
        )
        for guide in db.session.scalars(select(Guide))
    }
    listings = {
        (listing.provider.name, listing.topic.key): (
            listing.status,
            sorted(kept.raw for kept in listing.rows),
        )
        for listing in db.session.scalars(select(Listing))
    }
    providers = {
        (provider.name, provider.host, provider.status) for provider in db.session.scalars(select(Provider))
    }
    db.session.rollback()
    return {"guides": guides, "listings": listings, "providers": providers}


def fill(folder: Path) -> None:
    """More than two batches; every guide links the next one, every fifth has a row of one of a few providers."""
    count = 2 * BATCH + 20
    for number in range(count):
        rows = [row(f"Provider {number % 4}", f"https://p{number % 4}.example")] if number % 5 == 0 else []
        link = f"[next]({ORIGIN}/guides/peru/guide{(number + 1) % count:03}/)"
        write_guide(folder, f"en/peru/guide{number:03}", rows=rows, body=link)


def started(stage: Stage, folder: Path, batch: int) -> subprocess.Popen[bytes]:
    """Start an import that dies in its n-th transaction; with 0, one that lives."""
    return subprocess.Popen(
        [sys.executable, "-c", DYING, str(folder), str(batch)],
        env={**stage.environ, "PATH": os.environ["PATH"]},
        cwd=Path(__file__).parent.parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def killed(stage: Stage, folder: Path, batch: int) -> None:
    """Run an import that dies in its n-th transaction."""
    process = started(stage, folder, batch)
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors.decode()


@pytest.mark.slow
def test_an_import_killed_at_any_point_and_run_again_is_like_one_run(
    app: Flask, stage: Stage, tmp_path: Path
) -> None:
    folder = tmp_path / "guides"
    fill(folder)
    import_folder(folder)
    once = facts()
    db.session.remove()
    stage.reset()

    for batch, stored in ((1, 0), (2, BATCH)):
        killed(stage, folder, batch)
        assert db.session.scalar(select(func.count(Guide.id))) == stored, "a whole batch, or nothing of it"
        db.session.rollback()
    report = import_folder(folder)
    assert report.imported == BATCH + 20
    assert facts() == once


@pytest.mark.slow
def test_links_and_retirement_are_made_good_after_a_kill(app: Flask, stage: Stage, tmp_path: Path) -> None:
    folder, once_folder = tmp_path / "guides", tmp_path / "once"
    for place in (folder, once_folder):
        write_guide(
            place,
            "en/peru/old",
            body=f"[new]({ORIGIN}/es/guides/peru/nuevo/) [gone]({ORIGIN}/guides/peru/gone/)",
        )
        write_guide(place, "en/peru/gone", rows=[row("Ana", "https://ana.example")])
    import_folder(once_folder)

    def change(place: Path) -> None:
        write_guide(place, "es/peru/nuevo")
        (place / "en/peru/gone.md").unlink()

    change(once_folder)
    import_folder(once_folder)
    once = facts()
    db.session.remove()
    stage.reset()

    import_folder(folder)
    change(folder)
    killed(stage, folder, 2)  # the new guide is stored; dies while retiring, before links are made anew
    assert import_folder(folder).retired == 1
    assert facts() == once


@pytest.mark.slow
def test_two_imports_at_once_make_what_one_makes(app: Flask, stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    fill(folder)
    import_folder(folder)
    once = facts()
    db.session.remove()
    stage.reset()

    both = [started(stage, folder, 0) for _ in range(2)]
    for process in both:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
    assert facts() == once
