"""Tries one fault: plants it in a copy of the checkout and runs the tests that should notice."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.faults import Site, planted

CHECKOUT = Path(__file__).resolve().parent.parent
# Pure modules that stand beside the features, or in the folder `values`.
SHARED = (
    "amounts cost_reading currencies currency_marks dates disguises exchange money names rates timeframe "
    "timeframe_reading"
).split()
LEFT_OUT = (".git", ".venv", "__pycache__", "build", "dist", "instance", ".*_cache", ".hypothesis")
COMPILE = "-m babel.messages.frontend -q compile -d translations -D".split()
OPTIONS = "-x -q -p no:cacheprovider --database sqlite --hypothesis-profile quick".split()
# What a run of tests may take: of the processor, which a busy machine does not lengthen; by the clock; and of memory.
SECONDS = 120
LONGEST = 600
MEMORY = 8 * 2**30


class Copy:
    """A copy of the checkout in a folder, with its catalogues compiled: tests run there, and import what stands there."""

    def __init__(self, folder: Path, marks: str) -> None:
        self.root = folder / "checkout"
        self.marks = marks
        shutil.copytree(CHECKOUT, self.root, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        # Compiled modules are kept from one run to the next, whatever the machine's habit.
        self.environ = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": ""}
        for domain in {path.stem for path in self.root.glob("translations/*/LC_MESSAGES/*.po")}:
            subprocess.run([sys.executable, *COMPILE, domain], cwd=self.root, check=True, capture_output=True)

    def write(self, path: str, source: str) -> None:
        """Put another text in place of a module's, and forget what was compiled of it."""
        target = self.root / path
        target.write_text(source)
        for compiled in target.parent.glob(f"__pycache__/{target.stem}.*.pyc"):
            compiled.unlink()

    def steps(self, path: str) -> list[list[str]]:
        """The tests of a module: those of its own file, of its folder, of the folders above it up to its feature's."""
        inside = Path(*Path(path).parts[1:])
        folders = [folder.as_posix() for folder in (inside.parent, *inside.parent.parents) if folder.name]
        shared = [] if folders else [f"test_{name}.py" for name in sorted({*SHARED, inside.stem})]
        wanted = [
            [(inside.parent / f"test_{inside.name}").as_posix()],
            *([folder] for folder in folders),
            shared,
        ]
        found = [
            [f"tests/{name}" for name in names if (self.root / "tests" / name).exists()] for names in wanted
        ]
        return [names for names in found if names]

    def test(self, targets: Sequence[str], done: Sequence[str] = ()) -> tuple[str, str]:
        """Run tests but those already done: (passed, killed or timeout; the first test that failed)."""
        ignored = [f"--ignore={name}" for name in done]
        call = [sys.executable, "-m", "pytest", *OPTIONS, "-m", self.marks, *ignored]
        call += [f"--basetemp={self.root.parent / 'pytest'}", *(name for name in targets if name not in done)]
        process = subprocess.Popen(
            call,
            cwd=self.root,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_bound,
        )
        try:
            output, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            return "timeout", ""
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode == -signal.SIGXCPU:
            return "timeout", ""
        if process.returncode < 0:
            raise RuntimeError(f"the tests were ended by signal {-process.returncode}: {output[-2000:]}")
        failed = re.search(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", output, re.MULTILINE)
        # 5: no test is left of those chosen.
        return (
            ("passed", "")
            if process.returncode in (0, 5)
            else ("killed", failed[1] if failed else output[-300:])
        )


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def attempt(tree: Copy, site: Site, way: str, unmutated: dict[str, float]) -> dict[str, Any]:
    """Plant a fault, run its tests step by step until one fails, take the fault out again; what became of it. `unmutated`
    has the seconds of tests that are known to pass without a fault, and gets more."""
    path, steps = site.spot.path, tree.steps(site.spot.path)
    if not steps:
        raise RuntimeError(f"no tests for {path}")
    source = (tree.root / path).read_text()
    # The last step holds all before it: what fails without a fault would say nothing.
    whole = " ".join(steps[-1])
    if whole not in unmutated:
        began = time.monotonic()
        status, failed = tree.test(steps[-1])
        if status != "passed":
            raise RuntimeError(f"{whole} without a fault: {status} {failed}")
        unmutated[whole] = round(time.monotonic() - began, 1)
    began = time.monotonic()
    status, failed, done = "passed", "", list[str]()
    tree.write(path, planted(source, site))
    try:
        for targets in steps:
            if status == "passed" and set(targets) - set(done):
                status, failed = tree.test(targets, done)
                done += targets
    finally:
        tree.write(path, source)
    return {
        "status": "survived" if status == "passed" else status,
        "by": failed,
        "seconds": round(time.monotonic() - began, 1),
        "found": f"{path}:{site.spot.node.lineno}",
        "found_by": way,
    }
