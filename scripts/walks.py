"""Which files of the package three requests run through: `python -m scripts.walks [--list]`.

A guide's page, a moderator's "Publish" with the jobs that follow it, and a signed event of Stripe's, each on the demo's
data in a temporary folder. A file counts when one of its functions is entered between the request's arrival and its answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from marketplace import create_app
from marketplace.core.config import PACKAGE
from marketplace.core.jobs.queue import run_due

SECRET = "whsec_walks"  # noqa: S105 (of a site that lives for seconds)
GUIDE = "/guides/mexico/renewing_temporary_residence/"
WALKS = ("a guide page", "a moderator's Publish", "the jobs after it", "a webhook")
LATER = timedelta(minutes=1)


def files_of(request: Callable[[], Any]) -> list[str]:
    """The package's files that a call enters, in the order of their first function."""
    found: dict[str, None] = {}

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(str(PACKAGE)) and frame.f_code.co_name != "<module>":
            found.setdefault(str(Path(name).relative_to(PACKAGE)))

    sys.setprofile(profile)
    try:
        request()
    finally:
        sys.setprofile(None)
    return list(found)


def sign_in(client: FlaskClient, email: str, password: str) -> None:
    """Sign in by the form, as a browser does."""
    page = client.get("/account/sign-in/").get_data(as_text=True)
    data = {"email": email, "password": password, "csrf_token": _token(page)}
    client.post("/account/sign-in/", data=data, headers={"Referer": "http://127.0.0.1:8000/account/sign-in/"})


def publish(client: FlaskClient) -> Callable[[], Any]:
    """The POST that publishes the first review in the queue; its page was read before."""
    queue = client.get("/staff/").get_data(as_text=True)
    address = re.findall(r'href="(/staff/queue/review/\d+/)"', queue)[0]
    page = client.get(address).get_data(as_text=True)
    data = {
        "csrf_token": _token(page),
        "version": re.findall(r'name="version"[^>]*value="(\d+)"', page)[0],
        "do": "publish",
    }
    return lambda: client.post(address, data=data)


def webhook(client: FlaskClient) -> Callable[[], Any]:
    """A signed event about a Checkout Session that nobody knows."""
    session = {"id": "cs_test_1", "object": "checkout.session", "metadata": {}}
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": session},
    }
    body = json.dumps(event).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={stamp},v1={signature}"}
    return lambda: client.post("/webhooks/stripe", data=body, headers=headers)


def jobs(app: Flask, wait: Callable[[], None]) -> Callable[[], Any]:
    """What the worker does once a decision can no longer be undone; whatever else is due is done before."""

    def work() -> int:
        with app.app_context():
            return run_due()

    work()
    wait()

    return work


def _token(page: str) -> str:
    return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]


def walks(app: Flask, password: str, wait: Callable[[], None]) -> dict[str, list[str]]:
    """The files of each walk."""
    reader, moderator = app.test_client(), app.test_client()
    sign_in(moderator, "moderator@example.com", password)
    steps: tuple[Callable[[], Callable[[], Any]], ...] = (
        lambda: lambda: reader.get(GUIDE),
        lambda: publish(moderator),
        lambda: jobs(app, wait),
        lambda: webhook(reader),
    )
    return {name: files_of(prepare()) for name, prepare in zip(WALKS, steps, strict=True)}


def main() -> None:
    """Print how many files each walk enters, and with `--list` which."""
    with tempfile.TemporaryDirectory() as folder:
        said = create_app({"INSTANCE_PATH": folder}).test_cli_runner().invoke(args=["demo"]).stdout
        stripe = {"STRIPE_API_KEY": "sk_test_walks", "STRIPE_WEBHOOK_SECRET": SECRET}
        ahead = timedelta()

        def wait() -> None:
            nonlocal ahead
            ahead = LATER

        app = create_app({"INSTANCE_PATH": folder, **stripe}, clock=lambda: datetime.now(UTC) + ahead)
        found = walks(app, re.findall(r"^Password[^:]*: (.+)$", said, re.MULTILINE)[0], wait)
    for name, files in found.items():
        print(f"{name}: {len(files)} files")
        if "--list" in sys.argv:
            print("\n".join(f"  {file}" for file in files))


if __name__ == "__main__":
    main()
