"""Import and publish of a folder of guides against reading and writing the same files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from benchmarks.sites import copy_guides, new_site, seconds
from marketplace.commands.guides import import_folder
from marketplace.core.database import writing
from marketplace.core.extensions import db, now
from marketplace.guides.models import Topic
from marketplace.public.publish.services import PublishReport, publish_guides
from tests.factories import make_listing, make_provider


def main() -> None:
    """Print how many times as much processor time each takes as plain file work."""
    with new_site() as (_, folder):
        guides = folder / "guides"
        count = copy_guides(guides)
        plain = seconds(lambda: _read_and_write(guides), rounds=3)
        print(f"corpus: {count} files; reading and writing them takes {plain:.2f} s of processor time = 1")
        _say("import", seconds(lambda: import_folder(guides)), plain)
        _say("import again, nothing changed", seconds(lambda: import_folder(guides), rounds=3), plain)
        _say("publish, nothing to write", seconds(lambda: _publish(guides), rounds=3), plain)
        with writing():
            providers = [make_provider() for _ in range(10)]
            for topic in db.session.scalars(select(Topic)).all():
                for provider in providers:
                    make_listing(topic, provider)
            db.session.commit()
        _say("publish, ten rows into every file", seconds(lambda: _publish(guides)), plain)
        _say("publish, ten rows there already", seconds(lambda: _publish(guides), rounds=3), plain)


def _publish(guides: Path) -> PublishReport:
    return publish_guides(guides, now=now())


def _read_and_write(guides: Path) -> None:
    for path in sorted(guides.glob("*/*/*.md")):
        data = path.read_bytes()
        partial = path.with_suffix(".partial")
        partial.write_bytes(data)
        partial.replace(path)


def _say(what: str, taken: float, plain: float) -> None:
    print(f"corpus: {what}: {taken / plain:.1f}")


if __name__ == "__main__":
    main()
