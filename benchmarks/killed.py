"""Import and publish killed with -9 at random moments, then run to the end: the result is that of one quiet run."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.sites import copy_guides

PROGRAM = "from marketplace.cli import main; main()"
TABLES = {
    "topic": "SELECT key, country FROM topic",
    "guide": "SELECT language, country, stem, title, html_before, html_after, retired_at FROM guide",
    "guide_file": "SELECT g.language, g.stem, f.digest, f.original_rows FROM guide_file f JOIN guide g ON g.id = f.guide_id",
    "listing": "SELECT p.name, t.key, l.status, l.cost_basis, l.fee_min FROM listing l"
    " JOIN provider p ON p.id = l.provider_id JOIN topic t ON t.id = l.topic_id",
    "listing_row": "SELECT g.language, g.stem, r.position, r.raw FROM listing_row r JOIN guide g ON g.id = r.guide_id",
}


def main(chance: random.Random, rounds: int) -> None:
    """Print how many runs were killed, and that nothing differs."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        source = folder / "guides"
        files = copy_guides(source)
        quiet = _Site(folder / "quiet")
        duration = quiet.timed("guides", "import", source)
        csv = _listings(folder, quiet)
        publish = quiet.published(source, folder / "quiet-guides", csv)
        print(f"soak: {files} guides; a quiet import takes {duration:.1f} s")
        killed = 0
        for number in range(rounds):
            site = _Site(folder / f"site{number}")
            killed += site.killed(chance, duration, "guides", "import", source)
            site.run("guides", "import", source)
            assert site.rows() == quiet.rows(), f"round {number}: the import differs"
            target = folder / f"guides{number}"
            shutil.copytree(source, target)
            site.run("listings", "import", csv)
            killed += site.killed(chance, publish.seconds, "guides", "publish", target)
            site.run("guides", "publish", target)
            assert _digests(target) == publish.digests, f"round {number}: the published files differ"
            shutil.rmtree(site.folder)
            shutil.rmtree(target)
        print(
            f"soak: {rounds} rounds, {killed} of {2 * rounds} runs killed with -9: database and files as in a quiet run"
        )


class _Published:
    def __init__(self, seconds: float, digests: dict[str, str]) -> None:
        self.seconds = seconds
        self.digests = digests


class _Site:
    """A database of its own, worked on by commands in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("db", "upgrade")

    def _start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "INSTANCE_PATH": str(self.folder), "MARKETPLACE_ENV": "development"}
        arguments = [sys.executable, "-c", PROGRAM, *(str(part) for part in command)]
        return subprocess.Popen(arguments, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self, *command: str | Path) -> None:
        """Run a command to its end."""
        assert self._start(*command).wait() == 0, command

    def timed(self, *command: str | Path) -> float:
        """Run a command to its end; seconds it took."""
        start = time.monotonic()
        self.run(*command)
        return time.monotonic() - start

    def killed(self, chance: random.Random, duration: float, *command: str | Path) -> bool:
        """Start a command and kill it at a random moment; False where it had ended by then."""
        process = self._start(*command)
        try:
            process.wait(chance.uniform(0.2, 1.0) * duration)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        return False

    def rows(self) -> dict[str, list[str]]:
        """What the database holds, without the numbers that depend on the order of writing."""
        engine = create_engine(f"sqlite:///{self.folder / 'marketplace.sqlite3'}")
        with engine.connect() as connection:
            found = {
                name: sorted(repr(tuple(row)) for row in connection.execute(text(query)))
                for name, query in TABLES.items()
            }
        engine.dispose()
        return found

    def published(self, source: Path, target: Path, csv: Path) -> _Published:
        """Publish a copy of the guides with the listings of a file, undisturbed. On a copy of this site's database."""
        other = _Site(self.folder.with_name("published"))
        other.run("guides", "import", source)
        other.run("listings", "import", csv)
        shutil.copytree(source, target)
        seconds = other.timed("guides", "publish", target)
        return _Published(seconds, _digests(target))


def _listings(folder: Path, site: _Site) -> Path:
    engine = create_engine(f"sqlite:///{site.folder / 'marketplace.sqlite3'}")
    with engine.connect() as connection:
        keys = sorted(row.key for row in connection.execute(text("SELECT key FROM topic")))
    engine.dispose()
    path = folder / "listings.csv"
    header = "topic,provider,website,service,cost_basis,fee_min,currency,time_min,time_max,time_unit,status"
    lines = [
        f'"{key}",Soak {number},https://soak{number}.example/,Work,fixed,{100 + number},EUR,1,2,weeks,published'
        for key in keys
        for number in range(3)
    ]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
