"""The command that runs the stand-in beside a program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from stripe_standin.command import run
from tests.stripe_standin.shop import address_in, until

CHECKOUT = Path(__file__).parent.parent.parent
SHOW = (
    "import os, pathlib, sys; names = ('STRIPE_API_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_API_BASE'); "
    "pathlib.Path(sys.argv[1]).write_text('\\n'.join(os.environ[n] for n in names)); sys.exit(7)"
)
WAIT = (
    "import pathlib, signal, sys, threading; done = threading.Event(); got = []; "
    "signal.signal(signal.SIGTERM, lambda n, f: (got.append(n), done.set())); "
    "signal.signal(signal.SIGINT, lambda n, f: (got.append(n), done.set())); "
    "pathlib.Path(sys.argv[1]).touch(); done.wait(30); sys.exit(40 + got[0])"
)


def start(folder: Path, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "stripe_standin", "--folder", str(folder / "state"), *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environ},
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _out, said = process.communicate(timeout=30)
    return process.returncode, said


def test_the_command_refuses_production_in_one_line(tmp_path: Path) -> None:
    status, said = finish(start(tmp_path, MARKETPLACE_ENV="production"))
    assert (status, said) == (2, "stripe_standin: the stand-in of Stripe does not run in production\n")
    assert not (tmp_path / "state").exists()


def test_a_child_is_told_where_stripe_is_and_gives_its_status(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    status, said = finish(start(tmp_path, "--", sys.executable, "-c", SHOW, str(seen)))
    key, secret, base = seen.read_text().split("\n")
    assert (status, key, secret) == (7, "sk_test_standin", "whsec_standin")
    assert base.startswith("http://127.0.0.1:")
    assert base in said
    assert "http://127.0.0.1:8000/webhooks/stripe" in said


def test_events_go_to_the_site_that_the_environment_names(tmp_path: Path) -> None:
    _status, said = finish(start(tmp_path, sys.executable, "-c", "", SITE_URL="http://127.0.0.1:8123/"))
    assert "http://127.0.0.1:8123/webhooks/stripe" in said
    _status, said = finish(start(tmp_path, "--endpoint", "http://127.0.0.1:1/x", sys.executable, "-c", ""))
    assert "http://127.0.0.1:1/x" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_are_passed_on_to_the_child(tmp_path: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready"
    process = start(tmp_path, "--", sys.executable, "-c", WAIT, str(ready))
    until(ready.exists)
    process.send_signal(number)
    assert finish(process)[0] == 40 + number


def test_a_child_that_was_killed_gives_a_shells_status(tmp_path: Path) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert finish(start(tmp_path, "--", sys.executable, "-c", code))[0] == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_alone_it_serves_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path)
    assert process.stderr is not None
    url = address_in(process.stderr.readline())
    client = stripe.StripeClient("sk_test_standin", base_addresses={"api": url})
    assert client.v1.customers.create().id
    process.send_signal(number)
    assert finish(process)[0] == 0


def test_a_child_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    status, said = finish(start(tmp_path, "--", str(tmp_path / "nothing")))
    assert status == 127
    assert "nothing" in said


def test_what_cannot_work_is_said_in_one_line(tmp_path: Path) -> None:
    status, said = finish(start(tmp_path, "--endpoint", "nowhere"))
    assert status == 2
    assert said.count("\n") == 1
    assert "must begin with http" in said


def test_a_command_in_this_process_refuses_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--folder", str(tmp_path)], {"MARKETPLACE_ENV": "production"}) == 2
    assert "production" in capsys.readouterr().err


def test_the_module_says_how_it_is_run() -> None:
    call = [sys.executable, "-m", "stripe_standin", "--help"]
    done = subprocess.run(
        call, cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True, check=True
    )
    assert "--folder" in done.stdout
    assert "no money moves" in done.stdout
