from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_module_says_how_it_is_run() -> None:
    call = [sys.executable, "-m", "stripe_standin", "--help"]
    done = subprocess.run(
        call, cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True, check=True
    )
    assert "--folder" in done.stdout
    assert "no money moves" in done.stdout
