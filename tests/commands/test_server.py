"""`marketplace run` and `marketplace worker` as processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO

import pytest
from flask import Flask

from marketplace.commands.server import QuietRequestHandler
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import enqueue
from tests.clients import Runner
from tests.conftest import Stage
from tests.postbox import Postbox
from tests.production import PRODUCTION
from tests.server import CHECKOUT, PROGRAM, free_port


@contextmanager
def started(
    stage: Stage, *arguments: str, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A command's process and what it says on standard error."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **stage.environ, **settings},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    limit = threading.Timer(60, process.kill)
    limit.start()
    try:
        yield process, process.stderr
    finally:
        limit.cancel()
        process.kill()
        process.communicate()


def wait_for(said: IO[str], words: str) -> str:
    """Read until a line has these words."""
    for line in said:
        if words in line:
            return line
    raise AssertionError(f"it never said {words!r}")


def put_mail() -> None:
    message = {"id": "a", "written": "2026-11-23T12:00:00+00:00", "to": "person@example.com", "subject": "s"}
    # Due by the true clock, which the other process follows.
    long_ago = now() - timedelta(days=999)
    enqueue("mail.deliver", {**message, "text": "t\n", "html": None, "language": "en"}, run_at=long_ago)
    db.session.commit()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_prints_its_address_serves_and_stops_on_a_signal(
    app: Flask, stage: Stage, number: signal.Signals
) -> None:
    port = free_port()
    with started(stage, "run", "--port", str(port), SITE_URL=f"http://127.0.0.1:{port}") as (process, said):
        assert f"http://127.0.0.1:{port} " in wait_for(said, "Marketplace is at")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert answer.status == 200
        process.send_signal(number)
        assert process.wait(20) == 0


@pytest.mark.slow
def test_run_does_the_jobs_too_unless_configured_otherwise(app: Flask, stage: Stage) -> None:
    put_mail()
    with (
        Postbox() as postbox,
        started(stage, "run", "--port", str(free_port()), MAIL_URL=postbox.url) as (_, said),
    ):
        assert "http://127.0.0.1:8000" in wait_for(said, "Links in emails lead to")
        assert postbox.arrived.wait(20)


@pytest.mark.slow
def test_the_worker_does_jobs_until_it_is_stopped(app: Flask, stage: Stage) -> None:
    put_mail()
    with Postbox() as postbox, started(stage, "worker", MAIL_URL=postbox.url) as (process, said):
        wait_for(said, "Worker started")
        assert postbox.arrived.wait(20)
        process.terminate()
        wait_for(said, "Worker stopped")
        assert process.wait(20) == 0


@pytest.mark.slow
def test_a_port_that_is_taken_is_named(app: Flask, stage: Stage) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with started(stage, "run", "--port", str(port)) as (process, said):
            assert str(port) in wait_for(said, "in use by another program")
            assert process.wait(20) == 1


def test_once_does_what_is_due_and_ends(runner: Runner) -> None:
    put_mail()
    first, second = (runner.invoke(args=["worker", "--once"]) for _ in range(2))
    assert int(first.stderr.split()[0]) >= 1
    assert second.stderr.startswith("0 jobs done")


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("/search/?q=my+illness", "200 GET /search/"),
        ("/account/reset/secret.token/", "200 GET /account/reset/..."),
        ("/es/account/confirm/secret.token/?next=/manage/", "200 GET /es/account/confirm/..."),
        ("/account/reset/", "200 GET /account/reset/"),
        ("/guides/\x1b[31m/", "200 GET /guides/\\x1b[31m/"),
    ],
)
def test_the_request_log_has_no_addresses_and_no_queries(
    capsys: pytest.CaptureFixture[str], asked: str, line: str
) -> None:
    handler = QuietRequestHandler.__new__(QuietRequestHandler)
    handler.path, handler.command = asked, "GET"
    handler.log_request(200)
    assert capsys.readouterr().err == f"{line}\n"


def test_a_site_in_production_says_at_its_start_which_settings_it_lacks(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    ended = make_app(**PRODUCTION).test_cli_runner().invoke(args=["worker", "--once"])
    assert ended.exit_code == 0
    said = [record.getMessage() for record in caplog.records if record.name == "marketplace.core.logs"]
    assert [line.partition(" ")[0] for line in said] == ["MAIL_URL", "TRUSTED_PROXIES"]
