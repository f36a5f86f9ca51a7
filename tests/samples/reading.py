"""Reading the sample guides and the demo data, for the tests that check them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from marketplace.samples import DemoData, guides_folder, load_demo

LANGUAGES = {"en", "es"}
COUNTRIES = {"mexico", "spain", "colombia"}


@lru_cache
def demo() -> DemoData:
    return load_demo()


def guide_files() -> list[Path]:
    return sorted(path for path in guides_folder().glob("*/*/*.md") if path.name != "_index.md")


def guide_name(path: Path) -> str:
    return path.relative_to(guides_folder()).as_posix()


def keys_of(path: Path) -> list[str]:
    """Every `translationKey` of the front matter, in order."""
    front = re.split(r"^---[ ]*$", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.MULTILINE)[1]
    return re.findall(r"^translationKey: *['\"]?([^'\"\n]+)", front, re.MULTILINE)


def topic_of(path: Path) -> str:
    return next(iter(keys_of(path)), f"{path.parent.name}-{path.stem}")


def languages_of_topics() -> dict[str, set[str]]:
    topics: dict[str, set[str]] = {}
    for path in guide_files():
        topics.setdefault(topic_of(path), set()).add(path.parent.parent.name)
    return topics


def rows_of(path: Path) -> list[str]:
    """The lines of the file's only table after its delimiter."""
    lines = path.read_text(encoding="utf-8").split("\n")
    [delimiter] = [number for number, line in enumerate(lines) if re.fullmatch(r"\|[ :|-]*-[ :|-]*\|", line)]
    rows = []
    for line in lines[delimiter + 1 :]:
        if not line.startswith("|"):
            break
        rows.append(line)
    return rows
