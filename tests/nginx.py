"""Finds the nginx that tests start with `deploy/nginx.conf`; run as a program, installs one where that is allowed.

In this order: `NGINX_PATH`, an nginx of this system. There is no test of the configuration without it: its absence is a
failure that says what to do.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.server import CHECKOUT, START_SECONDS, free_port

CONFIGURATION = CHECKOUT / "deploy" / "nginx.conf"
HOST = "papers.example"
PATIENCE = 10.0  # seconds
PLACES = os.pathsep.join(("/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/opt/homebrew/bin"))
ADVICE = (
    "The tests of deploy/nginx.conf need nginx, 1.18 or later. Install it (Debian, Ubuntu: apt-get install nginx-light; "
    "macOS: brew install nginx), or name one with NGINX_PATH=/path/to/nginx."
)


class NginxMissing(RuntimeError):
    """No nginx was found; the message says how to get one."""


def find_nginx(environ: Mapping[str, str] = os.environ, elsewhere: str = PLACES) -> str:
    """The path of an nginx. Raises `NginxMissing`."""
    named = environ.get("NGINX_PATH")
    if named:
        if not os.access(named, os.X_OK):
            raise NginxMissing(f"NGINX_PATH is {named}, which is no program. {ADVICE}")
        return named
    found = shutil.which("nginx", path=f"{environ.get('PATH', '')}{os.pathsep}{elsewhere}")
    if found is None:
        raise NginxMissing(ADVICE)
    return found


def install_nginx() -> str:
    """Find an nginx, or install Debian's as root. Raises `NginxMissing`."""
    try:
        return find_nginx()
    except NginxMissing:
        if os.environ.get("NGINX_PATH"):
            raise
    if _is_root() and shutil.which("apt-get"):
        environ = {
            **os.environ,
            "DEBIAN_FRONTEND": "noninteractive",
            "RUNLEVEL": "1",
        }  # installs, starts nothing
        subprocess.run(["apt-get", "update", "-qq"], env=environ, stdout=sys.stderr, check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "nginx-light"]
        subprocess.run(command, env=environ, stdout=sys.stderr, check=False)
    return find_nginx()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


class Nginx:
    """nginx with our configuration on a free port of the loopback address, in front of a site at another port.

    Only names and places differ from the file: ports, the certificate (made here), folders and logs. A benchmark goes
    without TLS, which its client could not keep up with.
    """

    def __init__(self, folder: Path, *, site_port: int, assets: Path, tls: bool = True) -> None:
        self.folder, self._tls = folder, tls
        self.port, self.plain_port = free_port(), free_port()
        folder.mkdir(parents=True)
        _make_certificate(folder)
        (folder / "site.conf").write_text(self._moved(site_port, assets), encoding="utf-8")
        (folder / "nginx.conf").write_text(self._frame(), encoding="utf-8")
        self._process = subprocess.Popen(
            [
                find_nginx(),
                "-p",
                str(folder),
                "-c",
                str(folder / "nginx.conf"),
                "-e",
                str(folder / "start.log"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    @property
    def pid(self) -> int:
        """The process that starts the workers."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote of requests."""
        return (self.folder / "access.log").read_text()

    def stop(self) -> None:
        """End it and its workers."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)

    def _moved(self, site_port: int, assets: Path) -> str:
        """The configuration with this machine's places; each of them must be there as often as it says."""
        text = CONFIGURATION.read_text(encoding="utf-8")
        for pattern, times, place in (
            (r"server 127\.0\.0\.1:8000;", 1, f"server 127.0.0.1:{site_port};"),
            (r"listen 80;", 1, f"listen 127.0.0.1:{self.plain_port};"),
            (r"listen 443 ssl http2;", 1, f"listen 127.0.0.1:{self.port}{' ssl' * self._tls};"),
            (r"listen \[::\]:.*;", 2, ""),
            (r"/etc/ssl/papers\.example/", 2, f"{self.folder}/"),
            (r"/var/cache/nginx/", 2, f"{self.folder}/cache-"),
            (r"/var/log/nginx/marketplace\.log", 1, f"{self.folder}/access.log"),
            (r"/var/log/nginx/marketplace\.error\.log", 1, f"{self.folder}/error.log"),
            (r"/srv/marketplace/instance/assets/", 1, f"{assets}/"),
        ):
            text, found = re.subn(pattern, place, text)
            assert found == times, f"{pattern} is there {found} times"
        return text

    def _frame(self) -> str:
        user = ["user root;"] if _is_root() else []  # the tests' folders are their user's alone
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = [f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds]
        return "\n".join(
            [
                *user,
                f"daemon off; worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/start.log;",
                "events { worker_connections 200; }",
                "http {",
                *temporary,
                f"include {self.folder}/site.conf;",
                "}",
                "",
            ]
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not (self.folder / "pid").exists() or not (self.folder / "pid").read_text().strip():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start: {(self.folder / 'start.log').read_text()}")
            time.sleep(0.02)


def until(condition: Callable[[], bool]) -> float:
    """Ask until it is so, for a kept page is served for a second; returns the seconds that it took."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > PATIENCE:
            raise AssertionError("it never came")
        time.sleep(0.05)
    return time.monotonic() - start


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    )


if __name__ == "__main__":
    try:
        print(install_nginx())
    except NginxMissing as error:
        sys.exit(str(error))
