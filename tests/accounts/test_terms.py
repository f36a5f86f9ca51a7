"""New terms: announced once, told to every member at least fifteen days before they apply, kept afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from marketplace.accounts import terms
from marketplace.accounts.models import User
from marketplace.accounts.terms import NEWEST, NOTICE_DAYS, VERSIONS, TermsNotice, find_version, terms_on
from marketplace.core.config import data_folder
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue, run_due
from tests.accounts.people import person, sign_up
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import make_user
from tests.public.site import words

Mailbox = Callable[[], list[EmailMessage]]
OLD = VERSIONS[-2].name


@pytest.fixture(autouse=True)
def next_day(clock: FrozenClock) -> None:
    """The daily jobs of the first day are done when a test begins."""
    clock.advance(timedelta(days=1))


@pytest.fixture
def old_terms(app: Flask, clock: FrozenClock) -> None:
    """A site on which the version before applies."""
    day = clock().date() - timedelta(days=99)
    db.session.add(TermsNotice(version=OLD, told_at=clock(), applies_on=day))
    db.session.commit()


def test_without_members_of_older_terms_the_newest_apply_at_once(
    app: Flask, clock: FrozenClock, mailbox: Mailbox
) -> None:
    make_user()
    make_user(terms_version=None, confirmed=False)
    make_user(terms_version=OLD, active=False)
    db.session.commit()
    assert terms_on(clock().date()).current is NEWEST
    assert mailbox() == []
    found = terms_on(clock().date())
    assert (found.current, found.coming, found.days) == (NEWEST, None, {NEWEST.name: clock().date()})


@pytest.mark.usefixtures("old_terms")
def test_members_are_told_once_and_new_terms_wait_for_fifteen_days(
    app: Flask, clock: FrozenClock, mailbox: Mailbox
) -> None:
    start = clock().date()
    for number, (language, version) in enumerate((("en", OLD), ("es", None), ("en", NEWEST.name))):
        make_user(email=f"m{number}@example.com", language=language, terms_version=version)
    db.session.commit()
    english, spanish = mailbox()
    assert [message["To"] for message in (english, spanish)] == ["m0@example.com", "m1@example.com"]
    assert english["Subject"] == "New terms from 10 December 2026"
    assert spanish["Subject"] == "Condiciones nuevas a partir del 10 de diciembre de 2026"
    body = english.get_body(("plain",))
    assert body is not None
    text = " ".join(str(body.get_content()).split())
    assert all(str(change) in text for change in NEWEST.changes)
    assert "/about/terms/" in text
    found = terms_on(start)
    assert (found.current.name, found.coming) == (OLD, NEWEST)
    assert found.days[NEWEST.name] > start + timedelta(days=NOTICE_DAYS)
    enqueue("terms.tell", {"version": NEWEST.name, "after": 0})
    db.session.commit()
    clock.advance(timedelta(days=NOTICE_DAYS))
    assert len(mailbox()) == 2, "nobody twice"
    assert terms_on(clock().date()).current.name == OLD
    assert terms_on(found.days[NEWEST.name]).current is NEWEST


@pytest.mark.usefixtures("old_terms")
def test_many_members_are_told_in_several_jobs(app: Flask, mailbox: Mailbox) -> None:
    values = {"created_at": terms.now(), "confirmed_at": terms.now(), "active": True}
    for number in range(terms.BATCH + 1):
        db.session.add(User(email=f"m{number}@example.com", fs_uniquifier=str(number), **values))
    db.session.commit()
    run_due(limit=5000)
    assert len(mailbox()) == terms.BATCH + 1


@pytest.mark.usefixtures("old_terms")
def test_readers_see_what_applies_what_comes_and_what_was(
    client: Client, clock: FrozenClock, mailbox: Mailbox
) -> None:
    make_user(terms_version=OLD)
    db.session.commit()
    mailbox()
    page = client.page("/about/terms/")
    assert "New terms apply from 10 December 2026." in words(page)
    assert "When these terms change" not in words(page)
    coming = words(client.page(f"/about/terms/{NEWEST.name}/"))
    assert "These terms apply from 10 December 2026." in coming
    assert "When these terms change" in coming
    clock.advance(timedelta(days=NOTICE_DAYS + 1))
    page = client.page("/es/about/terms/")
    assert "Cuando cambien estas condiciones" in words(page)
    assert "These terms do not apply any more." in words(client.page(f"/about/terms/{OLD}/"))
    assert {f"/es/about/terms/{version.name}/" for version in VERSIONS[:-1]} <= set(page.links())
    client.page("/about/terms/99/", status=404)


def test_every_version_keeps_its_text(app: Flask) -> None:
    folder = data_folder("templates") / "public/about/terms"
    assert {path.stem for path in folder.glob("*.html")} == {version.name for version in VERSIONS}
    assert find_version("0") is None


def test_the_version_that_a_member_accepts_is_kept(client: Client) -> None:
    sign_up(client)
    assert person().terms_version == NEWEST.name
