"""A wheel built from the tree carries all that the program needs, and runs without the tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from scripts.catalogues import CHECKOUT
from tests.server import free_port, wait_for

pytestmark = pytest.mark.slow
DATA = ("templates/", "static/", "migrations/", "translations/")


def run(*call: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in call], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the tree as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script of the wheel in an environment of its own that borrows the tested environment's libraries."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    site = Path(paths["purelib"])
    libraries = sysconfig.get_paths()["purelib"]
    python = Path(paths["scripts"]) / "python"
    install = f"-m pip --python {python} install -qq --no-deps --no-index".split()
    run(sys.executable, *install, wheel, cwd=folder)
    # A path file in a folder that a path file names is not followed, so the checkout stays out.
    (site / "libraries.pth").write_text(libraries + "\n")
    return Path(paths["scripts"]) / "marketplace"


def test_the_wheel_carries_code_and_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    for folder in DATA:
        there = {
            path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / folder).rglob("*") if wanted(path)
        }
        packed = {name.removeprefix("marketplace/_data/") for name in names if f"_data/{folder}" in name}
        assert there <= packed
    assert not [name for name in names if re.search(r"__pycache__|\.pyc$|\.sqlite3$|^tests/|\.pot$", name)]


def test_the_wheel_carries_compiled_catalogues(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "marketplace/_data/translations/es/LC_MESSAGES/messages.mo" in names


def test_the_demo_runs_from_the_wheel_in_any_folder(program: Path, tmp_path: Path) -> None:
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "INSTANCE_PATH": str(tmp_path / "instance"),
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    python = program.parent / "python"
    where = run(python, "-c", "import marketplace; print(marketplace.__file__)", cwd=tmp_path, env=environ)
    assert Path(where.strip()).is_relative_to(program.parent.parent)
    run(program, "demo", cwd=tmp_path, env=environ)
    serving = subprocess.Popen(
        [str(program), "run", "--port", str(port)],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", serving)
        for path in ("/", "/es/", "/readyz"):
            assert fetch(f"http://127.0.0.1:{port}{path}") == 200
    finally:
        serving.terminate()
        serving.wait(20)


def wanted(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".po"}


def fetch(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
