"""The site as a process of its own behind granian on a free port, for tests that need a real server."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
PROGRAM = (sys.executable, "-c", "from marketplace.cli import main; main()")
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")


class LiveServer:
    """The site at `url`, its data in `instance`; `output` is what the commands said, sign-ins included."""

    def __init__(self, instance: Path, *, demo: bool, settings: Mapping[str, str]) -> None:
        self.instance = instance
        self.instance.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environ = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        self.environ |= {"INSTANCE_PATH": str(instance), "SITE_URL": self.url, **settings}
        self.output = self.command("demo") if demo else self.command("db", "upgrade")
        self._log = (instance / "server.log").open("wb")
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "granian", *options, "wsgi:app"],
            cwd=CHECKOUT,
            env=self.environ,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait()

    def command(self, *arguments: str) -> str:
        """Run a `marketplace` command on this site's data; returns what it printed; raises when it fails."""
        done = run_command(*arguments, env=self.environ)
        if done.returncode:
            raise RuntimeError(f"marketplace {' '.join(arguments)} failed: {done.stderr}{done.stdout}")
        return done.stdout + done.stderr

    @property
    def log(self) -> str:
        """What the server wrote."""
        return (self.instance / "server.log").read_text(errors="replace")

    def stop(self) -> None:
        """End the server and its workers."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        try:
            wait_for(f"{self.url}/healthz", self._process)
        except RuntimeError:
            self.stop()
            raise RuntimeError(f"the server did not start: {self.log}") from None


def run_command(
    *arguments: str, env: Mapping[str, str], cwd: Path = CHECKOUT
) -> subprocess.CompletedProcess[str]:
    """Run a `marketplace` command in a process of its own, with these variables only."""
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server that is starting answers at `url`. Raises RuntimeError when its process ends or time is up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {url}")


def free_port() -> int:
    """A TCP port of the loopback address that nobody uses now. It lies below those that systems hand to whoever asks for
    any: until it is taken, no connection of another test gets it by chance."""
    for port in random.SystemRandom().sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


@contextmanager
def taken(port: int) -> Iterator[None]:
    """Somebody else listens on a port. Connections of who did before may hold it for a moment after their end."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                other.bind(("127.0.0.1", port))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        other.listen()
        yield
