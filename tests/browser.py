"""Finds the Chromium that browser tests drive; run as a program, installs one where that is allowed.

In this order: `CHROME_PATH`, a Chromium or Chrome of this system, the one that Playwright downloaded. There is no browser
test without a browser: its absence is a failure that says what to do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    "The browser tests need Chromium. Install it (Debian, Ubuntu: apt-get install chromium; elsewhere: "
    ".venv/bin/playwright install chromium), or name one with CHROME_PATH=/path/to/chrome."
)
# Quiet: no updates, no field trials, no look-ups of other hosts.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserMissing(RuntimeError):
    """No browser was found; the message says how to get one."""


def find_browser() -> str:
    """The path of a Chromium. Raises `BrowserMissing`."""
    named = os.environ.get("CHROME_PATH")
    if named:
        if not os.access(named, os.X_OK):
            raise BrowserMissing(f"CHROME_PATH is {named}, which is no program. {ADVICE}")
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for place in (*MAC_PLACES, _downloaded()):
        if place and os.access(place, os.X_OK):
            return place
    raise BrowserMissing(ADVICE)


def launch_options() -> dict[str, object]:
    """What Playwright's `chromium.launch` is given."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {
        "executable_path": find_browser(),
        "headless": True,
        "args": [*ARGUMENTS, *(["--no-sandbox"] if root else [])],
    }


def install_browser() -> str:
    """Find a browser, or install Debian's as root, or Playwright's. Raises `BrowserMissing`."""
    try:
        return find_browser()
    except BrowserMissing:
        if os.environ.get("CHROME_PATH"):
            raise
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environ, stdout=sys.stderr, check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(command, env=environ, stdout=sys.stderr, check=False)
    else:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False
        )
    return find_browser()


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


if __name__ == "__main__":
    try:
        print(install_browser())
    except BrowserMissing as error:
        sys.exit(str(error))
