"""Tests are sentences, and show the program as it is: nothing patched, nothing skipped, no time slept away."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

TESTS = Path(__file__).parent.parent
SHORTCUTS = re.compile(
    r"\b(?:monkeypatch|mock|MagicMock|time\.sleep|pytest\.(?:skip|importorskip|xfail)|mark\.(?:skip|xfail))"
)
WORDS_OF_A_SENTENCE = 3


@lru_cache
def files() -> tuple[Path, ...]:
    return tuple(path for path in sorted(TESTS.rglob("test_*.py")) if path != Path(__file__))


def test_no_test_patches_skips_or_sleeps() -> None:
    found = {path.name: match.group() for path in files() if (match := SHORTCUTS.search(path.read_text()))}
    assert not found


def test_names_of_tests_are_sentences() -> None:
    short = [
        f"{path.name}: {node.name}"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if len(node.name.split("_")) - 1 < WORDS_OF_A_SENTENCE
    ]
    assert not short
