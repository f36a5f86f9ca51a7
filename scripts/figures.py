"""The figures of the house: files a folder, small modules, families, comparisons, lines. `python -m scripts.figures`."""

from __future__ import annotations

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scripts.catalogues import CHECKOUT

PACKAGE = CHECKOUT / "marketplace"
SMALL = 60
FAMILY = 3
STATUS_WORDS = frozenset(
    "pending published rejected hidden withdrawn draft paused active suspended removed unclaimed approved open upheld "
    "dismissed confirmed invited documented unverified".split()
)


def modules(folder: Path = PACKAGE) -> list[Path]:
    """Every Python file below a folder."""
    return sorted(folder.rglob("*.py"))


def lines(folder: Path) -> int:
    """Lines of all Python files below a folder."""
    return sum(len(path.read_text().splitlines()) for path in modules(folder))


def files_by_folder() -> dict[str, int]:
    """How many Python files each folder of the package holds."""
    return dict(Counter(path.parent.relative_to(CHECKOUT).as_posix() for path in modules()))


def small_modules() -> list[Path]:
    """The modules of 60 lines or fewer; `__init__.py` only says what its folder is for."""
    return [
        path for path in modules() if path.stem != "__init__" and len(path.read_text().splitlines()) <= SMALL
    ]


def families() -> dict[str, list[str]]:
    """Three or more modules of one folder that share the part of their name before the first underscore."""
    found: dict[str, list[str]] = {}
    for path in modules():
        if not path.stem.startswith("_"):
            found.setdefault(f"{path.parent.relative_to(PACKAGE)}/{path.stem.split('_')[0]}", []).append(
                path.stem
            )
    return {prefix: names for prefix, names in sorted(found.items()) if len(names) >= FAMILY}


def kind_comparisons() -> list[str]:
    """Comparisons of something called `kind` in moderation's code and templates."""
    found = []
    for path in modules(PACKAGE / "moderation"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and _names_kind(node):
                found.append(f"{path.relative_to(CHECKOUT)}:{node.lineno}")
    for path in sorted((CHECKOUT / "templates" / "moderation").rglob("*.html")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            found += [f"{path.relative_to(CHECKOUT)}:{number}"] * len(
                re.findall(r"\bkind (?:==|!=|in|not in)\s", line)
            )
    return found


def _names_kind(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    return any(
        (isinstance(side, ast.Name) and side.id == "kind")
        or (isinstance(side, ast.Attribute) and side.attr == "kind")
        for side in sides
    )


def bare_status_words() -> list[str]:
    """Status words that stand in the package as plain strings, outside the enums and constraints that declare them."""
    return [f"{path.relative_to(CHECKOUT)}:{line}" for path in modules() for line in _status_lines(path)]


def _status_lines(path: Path) -> Iterator[int]:
    tree = ast.parse(path.read_text())
    declared: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            getattr(base, "id", "") == "StrEnum" for base in node.bases
        ):
            declared |= {id(inner) for inner in ast.walk(node)}
        # `@access("open")` names a rule of access.
        for decorator in getattr(node, "decorator_list", ()):
            declared |= {id(inner) for inner in ast.walk(decorator)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in STATUS_WORDS and id(node) not in declared:
            yield node.lineno


def main() -> None:
    """Print every figure with its name."""
    counts = sorted(files_by_folder().values())
    print(f"Python files a folder, median / most: {statistics.median(counts):g} / {counts[-1]}")
    print(f"families of three or more modules with one prefix: {len(families())} {sorted(families())}")
    print(f"modules of {SMALL} lines or fewer: {len(small_modules())}")
    print(f"comparisons with `kind` in moderation: {len(kind_comparisons())}")
    print(f"status words as bare strings: {len(bare_status_words())}")
    print(f"lines of the package; of tests: {lines(PACKAGE):,}; {lines(CHECKOUT / 'tests'):,}")


if __name__ == "__main__":
    main()
