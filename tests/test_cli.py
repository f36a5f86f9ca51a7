"""The console script: from any folder, with one line where it cannot work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import CHECKOUT, run_command


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "INSTANCE_PATH": str(folder)}
    return run_command(*arguments, env={**environ, **settings}, cwd=folder)


@pytest.mark.slow
def test_it_works_from_any_folder(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "upgrade").returncode == 0
    done = run(tmp_path, "guides", "coverage", "--json")
    assert (done.returncode, done.stdout) == (0, '{"topics": [], "served": 0, "unserved": 0}\n')


def test_a_database_without_tables_is_told_in_a_line(tmp_path: Path) -> None:
    done = run(tmp_path, "guides", "coverage")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "marketplace db upgrade" in done.stderr


@pytest.mark.slow
def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    done = run(tmp_path, "guides", "coverage", DATABASE_URL="postgresql://ana:kennwort@127.0.0.1:1/x")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "The database cannot be used" in done.stderr
    assert "kennwort" not in done.stderr


@pytest.mark.slow
def test_all_commands_are_named(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help").stdout
    for name in ("guides", "listings", "rates", "demo", "staff", "worker", "run", "db"):
        assert f"\n  {name} " in shown


@pytest.mark.slow
def test_the_web_server_is_not_given_an_application_of_wrong_settings(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "INSTANCE_PATH": str(tmp_path), "WORKER": "many"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        env=environ,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "WORKER must be embedded or external, not 'many'.\n"
