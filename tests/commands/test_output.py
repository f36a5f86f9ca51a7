"""How commands print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketplace.commands.output import print_json, progress_bar


@dataclass
class Report:
    files: int = 2
    refused: tuple[dict[str, str], ...] = ({"path": "es/perú/a\ufffd.md", "reason": "“no”"},)
    hidden: str = "x"


def test_a_report_is_one_object_of_what_was_named(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(Report(), ("files", "refused"))
    out = capsys.readouterr().out
    assert json.loads(out) == {"files": 2, "refused": [{"path": "es/perú/a\ufffd.md", "reason": "“no”"}]}
    assert out.count("\n") == 1


@pytest.mark.slow
def test_any_terminal_can_take_it() -> None:
    code = "from tests.commands.test_output import *; print_json(Report(), ('refused',))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii:strict"},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["refused"][0]["reason"] == "“no”"


def test_a_progress_bar_is_hidden_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar([1, 2, 3], "Counting") as bar:
        assert list(bar) == [1, 2, 3]
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""
