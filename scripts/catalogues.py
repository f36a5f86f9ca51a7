"""Gathers the interface's strings: `make messages` brings the catalogues up to date, a test compares them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")


def extract(target: Path) -> None:
    """Write a template catalogue of all strings of code and templates; raises when a source cannot be read."""
    options = [option for keyword in KEYWORDS for option in ("-k", keyword)]
    _pybabel(
        "extract",
        *("-F", "pyproject.toml", "-o", str(target), "--project", "Marketplace", "--version", "1"),
        *("--add-location", "file", "--sort-by-file", "--add-comments", "Translators:"),
        *options,
        *("marketplace", "templates"),
    )


def update() -> None:
    """Add new strings to each language's `messages.po`, drop those that are gone, guess nothing."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        _pybabel(
            "update",
            *("-i", str(template), "-d", "translations", "-D", "messages", "--no-fuzzy-matching"),
            *("--ignore-obsolete", "--ignore-pot-creation-date", "--width", "100"),
        )


def _pybabel(command: str, *arguments: str) -> None:
    call = [sys.executable, "-m", "babel.messages.frontend", "-q", command, *arguments]
    subprocess.run(call, cwd=CHECKOUT, check=True)


if __name__ == "__main__":
    update()
