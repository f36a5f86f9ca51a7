"""The command: serve from a folder, alone or beside another command that is told where Stripe is."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from stripe_standin.server import NotInProduction, StandIn, refuse_production
from stripe_standin.store import FolderInUse

KEY = "sk_test_standin"
SECRET = "whsec_standin"  # noqa: S105 - opens nothing but a stand-in
DEFAULT_SITE = "http://127.0.0.1:8000"
REFUSED = 2
NOT_FOUND = 127


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Serve until stopped, or as long as the command runs; returns the status to exit with."""
    options = _parser().parse_args(arguments)
    command: list[str] = options.command[1:] if options.command[:1] == ["--"] else options.command
    endpoint = options.endpoint or f"{environ.get('SITE_URL', DEFAULT_SITE).rstrip('/')}/webhooks/stripe"
    try:
        refuse_production(environ)
        standin = StandIn(
            options.folder, key=KEY, secret=SECRET, endpoint=endpoint, automatic=True, port=options.port
        )
        standin.start()
    except (NotInProduction, FolderInUse, OSError, ValueError) as error:
        _say(str(error))
        return REFUSED
    try:
        signals = Signals()
        _say(f"the stand-in of Stripe is at {standin.url}, events go to {endpoint}")
        if command:
            return _accompany(command, environ, standin.url, signals)
        signals.stopped.wait()
        return 0
    finally:
        standin.stop()


class Signals:
    """Ctrl-C and TERM, from when this is made: they set `stopped`, and are passed on to the child when there is one."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    def pass_to(self, child: subprocess.Popen[bytes]) -> None:
        """Pass on what came and what will come."""
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.stopped.set()
        # A terminal sends Ctrl-C to the child as well: it decides when to end, and gets it once.
        if number == signal.SIGINT and sys.stdin is not None and sys.stdin.isatty():
            return
        if self._child is None:
            self._early.append(number)
        elif self._child.poll() is None:
            self._child.send_signal(number)


def _accompany(command: list[str], environ: Mapping[str, str], url: str, signals: Signals) -> int:
    """Run the command as a child; returns its status as a shell would."""
    settings = {"STRIPE_API_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_API_BASE": url}
    try:
        child = subprocess.Popen(command, env={**environ, **settings})  # noqa: S603 - the developer's own command
    except OSError as error:
        _say(str(error))
        return NOT_FOUND
    signals.pass_to(child)
    status = child.wait()
    return 128 - status if status < 0 else status


def _say(words: str) -> None:
    sys.stderr.write(f"stripe_standin: {words}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stripe_standin",
        description="A stand-in of Stripe for development: no money moves.",
    )
    parser.add_argument("--folder", type=Path, required=True, help="where its state is kept")
    parser.add_argument("--port", type=int, default=0, help="by default the folder's own, or a free one")
    parser.add_argument("--endpoint", default="", help="where events go (default $SITE_URL/webhooks/stripe)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="run beside it, told where it is")
    return parser


def main() -> int:
    """The command with this process's arguments and environment."""
    return run(sys.argv[1:], os.environ)
