"""The demo site of one story: a server process, the worker run when the story says so, mail read as its readers do."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import select

from marketplace import create_app
from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.reviews.models import Review
from stripe_standin.server import StandIn
from tests.moderation.deciding import decide_now
from tests.postbox import read_letter
from tests.server import LiveServer, run_command

PASSWORD = "marketplace-demo"
LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


@dataclass(frozen=True)
class Shop:
    """The demo site with its worker, and the stand-in of Stripe behind it."""

    site: LiveServer
    stripe: StandIn

    @property
    def url(self) -> str:
        """Where the site is."""
        return self.site.url


@contextmanager
def selling(folder: Path) -> Iterator[Shop]:
    """A shop of its own in a folder."""
    address: list[str] = []

    def deliver(body: bytes, headers: dict[str, str]) -> int:
        asked = urllib.request.Request(f"{address[0]}/webhooks/stripe", data=body, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    with StandIn(folder / "stripe", deliver=deliver, automatic=True) as stripe:
        settings = {
            "STRIPE_API_KEY": "sk_test_standin",
            "STRIPE_WEBHOOK_SECRET": "whsec_standin",
            "STRIPE_API_BASE": stripe.url,
        }
        live = LiveServer(folder / "site", demo=True, settings=settings)
        address.append(live.url)
        try:
            yield Shop(live, stripe)
        finally:
            live.stop()


class Letter:
    """One mail, as the person it is for reads it."""

    def __init__(self, data: bytes) -> None:
        message = read_letter(data)
        body = message.get_body(("plain",))
        assert body is not None
        self.to = str(message["To"])
        self.subject = str(message["Subject"])
        self.language = str(message["Content-Language"])
        self.text = str(body.get_content())

    @property
    def link(self) -> str:
        """The one link that the mail is about: the first, above the signature."""
        found = LINK.search(self.text)
        assert found, f"no link in:\n{self.text}"
        return found.group()


class Site:
    """The demo site in a folder of its own. No worker runs beside it: `deliver` is the worker."""

    def __init__(self, folder: Path) -> None:
        self._server = LiveServer(folder / "instance", demo=True, settings={"WORKER": "external"})
        # The worker lives half a minute ahead: mails of decisions wait until those cannot be undone.
        self._worker = create_app(
            self._server.environ, clock=lambda: datetime.now(UTC) + timedelta(seconds=30)
        )
        self._mail = self._server.instance / "mail"
        self.url = self._server.url

    def stop(self) -> None:
        """End the server."""
        self._server.stop()
        with self._worker.app_context():
            db.engine.dispose()

    def deliver(self) -> list[Letter]:
        """Let the worker do what is due; returns the mails that this wrote."""
        before = set(self._mail.glob("*.eml"))
        with self._worker.app_context():
            run_due()
        return [Letter(path.read_bytes()) for path in sorted(set(self._mail.glob("*.eml")) - before)]

    def let_sign_in(self, *emails: str) -> None:
        """Give members of the demo who have no password the one that the others have."""
        with self._worker.app_context(), writing():
            for user in db.session.scalars(select(User).where(User.email.in_(emails))):
                user.password = hash_password(PASSWORD)
            db.session.commit()

    def publish_reviews_of(self, email: str) -> None:
        """A moderator published this member's waiting reviews a minute ago: nothing of that can be undone any more."""
        with self._worker.app_context(), writing():
            moderator = db.session.scalars(select(User).where(User.role == "moderator")).first()
            assert moderator is not None
            mine = select(Review).join(User, User.id == Review.user_id)
            for review in db.session.scalars(
                mine.where(User.email == email, Review.status == "pending")
            ).all():
                before = datetime.now(UTC) - timedelta(minutes=1)
                version = review.version
                decide_now(
                    "review", review.id, actor=moderator, action="publish", version=version, now=before
                )
            db.session.commit()

    def import_listings(self, lines: str) -> None:
        """Run `marketplace listings import`, as the operator, on these lines."""
        path = self._server.instance / "listings.csv"
        path.write_text(lines)
        said = json.loads(self._server.command("listings", "import", str(path), "--json"))
        assert said["refused"] == []

    def publish(self, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
        """Run `marketplace guides publish` on a folder of guides: exit status, and what it says of it."""
        done = run_command("guides", "publish", str(folder), "--json", *options, env=self._server.environ)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)
