"""What is committed says nothing of the machines it was written on, and pins nothing to one registry."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
TEXT = frozenset(
    ".py .html .txt .md .toml .css .js .svg .po .cfg .ini .in .json .yaml .yml .mako .csv .sh".split()
) | {""}
REGISTRIES = re.compile(
    r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|--(?:extra-)?index[-]url|--find[-]links"
)
MACHINE_PATHS = re.compile(r"(?<![\w.\-/}])/(?:work|root|opt/pypi|home/[a-z]\w*|Users/[A-Za-z]\w*)/")
CONFLICT = re.compile(r"^(?:<{7} |>{7} |={7}$)", re.MULTILINE)
GENERATED = ("static/vendor/",)


@lru_cache
def tracked() -> list[str]:
    call = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(call, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    return sorted(name for name in listed.split("\0") if name and (CHECKOUT / name).is_file())


def texts() -> list[str]:
    return [name for name in tracked() if Path(name).suffix in TEXT and not name.startswith(GENERATED)]


@pytest.mark.parametrize(
    "pattern", [REGISTRIES, MACHINE_PATHS, CONFLICT], ids=["registries", "machines", "conflicts"]
)
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    found = {}
    for name in texts():
        if match := pattern.search((CHECKOUT / name).read_text(errors="replace")):
            found[name] = match.group()
    assert not found


def test_nothing_large_or_made_is_committed() -> None:
    large = {name for name in tracked() if (CHECKOUT / name).stat().st_size > 1_000_000}
    made = {name for name in tracked() if name.endswith((".mo", ".pyc", ".sqlite3", ".whl", ".pot"))}
    assert not large | made


def test_text_ends_with_a_line_end_and_has_no_blanks_before_it() -> None:
    # The sample guides are bytes as their format has them: mostly without a line end.
    wrong = []
    for name in texts():
        # A mail's signature begins with two hyphens and a blank.
        if name.startswith(("marketplace/samples/", "templates/emails/")) or Path(name).suffix == ".svg":
            continue
        text = (CHECKOUT / name).read_text()
        if text and (not text.endswith("\n") or re.search(r"[ \t]+$", text, re.MULTILINE)):
            wrong.append(name)
    assert not wrong


def test_every_pin_carries_a_hash() -> None:
    for path in (CHECKOUT / "requirements").glob("*.txt"):
        pins = re.split(r"\n(?=\S)", path.read_text().strip())
        assert pins
        assert not [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin or "==" not in pin]
