"""`marketplace demo`: one command to a site with something on it, safe to repeat."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace import create_app
from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.guides.models import Guide, Topic
from marketplace.listings.models import Listing
from marketplace.moderation.models import Decision
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.samples import guides_folder
from tests.clients import Client, Runner
from tests.conftest import Stage
from tests.factories import make_guide, make_topic
from tests.guide_files import write_guide
from tests.production import PRODUCTION

TABLES = (Topic, Guide, User, Provider, Listing, Review, Decision)


def counts() -> dict[str, int]:
    found = {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in TABLES
    }
    db.session.rollback()
    return found


def sign_ins(output: str) -> tuple[list[str], str]:
    """The addresses and the password that the command printed."""
    match = re.search(r"Password for all of them: (\S+)", output)
    assert match is not None
    return re.findall(r"^  (\S+@\S+)", output, re.MULTILINE), match[1]


@pytest.mark.slow
def test_the_demo_fills_a_site_and_may_be_repeated(runner: Runner, client: Client) -> None:
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0
    filled = counts()
    assert filled["topic"] == 12
    assert min(filled.values()) >= 2
    assert "http://127.0.0.1:8000/" in first.stdout
    again = runner.invoke(args=["demo"])
    assert (again.exit_code, again.stdout) == (0, first.stdout)
    assert "Added 0 members, 0 providers, 0 listings, 0 reviews, 0 featured placements." in again.stderr
    assert counts() == filled
    for path in ("/", "/es/", "/guides/", "/guides/mexico/", "/providers/", "/es/search/?q=residencia"):
        assert client.page(path).one("h1") is not None


@pytest.mark.slow
def test_the_sign_ins_printed_work_and_each_finds_its_desk(
    runner: Runner, new_client: Callable[[], Client]
) -> None:
    emails, password = sign_ins(runner.invoke(args=["demo"]).stdout)
    assert len(emails) >= 3
    answers = set()
    for email in emails:
        browser = new_client()
        browser.submit("/account/sign-in/", {"email": email, "password": password})
        assert browser.page("/account/").one("h1") is not None
        answers.add((browser.get("/manage/").status_code, browser.get("/staff/").status_code))
    assert {(200, 200), (200, 404)} <= answers, "staff, and people who are not"


def test_a_site_with_other_guides_is_left_alone(runner: Runner) -> None:
    make_guide(make_topic("peru", languages=()), "en", "card")
    db.session.commit()
    before = counts()
    result = runner.invoke(args=["demo"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not samples" in result.stderr
    assert counts() == before


@pytest.mark.slow
def test_the_demo_retires_nothing(runner: Runner, tmp_path: Path) -> None:
    """A site that holds only some of the samples gets the others."""
    name = next(guides_folder().glob("en/mexico/[a-z]*.md")).stem
    write_guide(tmp_path, f"en/mexico/{name}", (guides_folder() / f"en/mexico/{name}.md").read_bytes())
    runner.invoke(args=["guides", "import", str(tmp_path)])
    assert runner.invoke(args=["demo"]).exit_code == 0
    assert db.session.scalar(select(func.count(Guide.id)).where(Guide.retired_at.is_not(None))) == 0
    assert counts()["guide"] == 24


def test_production_has_no_demo(stage: Stage, make_app: Callable[..., Flask]) -> None:
    app = make_app(**PRODUCTION)
    result = app.test_cli_runner().invoke(args=["demo"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "MARKETPLACE_ENV" in result.stderr


@pytest.mark.slow
def test_the_demo_migrates_an_empty_database_first(tmp_path: Path) -> None:
    app = create_app({"INSTANCE_PATH": str(tmp_path)})
    result = app.test_cli_runner().invoke(args=["demo"], catch_exceptions=False)
    assert result.exit_code == 0
    assert app.test_client().get("/readyz").status_code == 200
    assert app.test_client().get("/guides/mexico/").status_code == 200
    with app.app_context():
        db.engine.dispose()
