"""Files stay small enough to be read at once; one that outgrows its bound is split by noun."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PYTHON_LINES = 300
FUNCTION_LINES = 60
TEMPLATE_LINES = 120


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def named(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("folder", ["marketplace", "stripe_standin", "scripts", "benchmarks"])
def test_python_files_are_short(folder: str) -> None:
    long = {
        named(path): lines_of(path)
        for path in (CHECKOUT / folder).rglob("*.py")
        if lines_of(path) > PYTHON_LINES
    }
    assert not long


def test_functions_are_short() -> None:
    long = {}
    for path in (CHECKOUT / "marketplace").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    long[f"{named(path)}:{node.name}"] = length
    assert not long


def test_templates_are_short() -> None:
    found = (CHECKOUT / "templates").rglob("*.html")
    assert not {named(path): lines_of(path) for path in found if lines_of(path) > TEMPLATE_LINES}
