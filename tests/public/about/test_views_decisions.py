from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.moderation.decisions.log import log_action
from marketplace.moderation.ledger.services import seal_log, verify_log
from marketplace.moderation.models import Decision
from marketplace.public.about.views_decisions import COLUMNS, PAGE_SIZE
from marketplace.reviews.models import Review
from tests.clients import Client
from tests.conftest import CountQueries
from tests.factories import NOON, make_user
from tests.moderation.deciding import GROUNDS, decide_now
from tests.moderation.waiting import STATEMENT, waiting_review

PAGE = "/about/decisions/"
YESTERDAY = NOON - timedelta(days=1)


@pytest.fixture
def rejected(app: Flask) -> Decision:
    review = waiting_review(submitted_at=YESTERDAY)
    given = {"ground": "about_something_else", "statement": STATEMENT}
    actor = make_user("moderator", name="Mod Seven")
    made = decide_now("review", review.id, actor=actor, action="reject", version=1, now=YESTERDAY, **given)
    db.session.commit()
    return made


def test_a_decision_is_shown_without_names(client: Client, rejected: Decision) -> None:
    page = client.page(PAGE)
    assert "About something else" in page.text
    assert "the author" in page.text
    assert rejected.statement not in page.text
    assert "Mod Seven" not in page.text
    review = db.session.get_one(Review, rejected.subject_id)
    assert review.listing.provider.name not in page.text
    assert review.text not in page.text
    assert not [link for link in page.links() if "staff" in link]


def test_every_ground_is_listed(client: Client) -> None:
    text = client.page(PAGE).text
    with client.application.test_request_context():
        labels = [str(ground.label) for grounds in GROUNDS.values() for ground in grounds]
    assert all(label in text for label in labels)
    assert "Nothing has been decided yet." in text


def test_the_table_has_codes_and_stars_in_bands(client: Client, rejected: Decision) -> None:
    response = client.get("/about/decisions.csv")
    header, row = csv.reader(io.StringIO(response.get_data(as_text=True)))
    assert tuple(header) == COLUMNS
    assert header[:7] == ["month", "day", "kind", "action", "ground", "asked_by", "stars"]
    assert row[:7] == ["2026-11", "2026-11-22", "review", "reject", "about_something_else", "author", "4-5"]
    assert header[7:9] == ["decision_visibility", "decision_provision"]
    assert row[7:11] == [
        "DECISION_VISIBILITY_CONTENT_REMOVED",
        "",
        "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    ]
    assert response.headers["ETag"]


def test_the_table_covers_a_year_and_the_page_links_every_year(client: Client, rejected: Decision) -> None:
    values = {"subject": "review", "subject_id": 1, "version": 1, "asked_by": "author"}
    for day in (datetime(2024, 12, 31, 23, 59, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)):
        db.session.add(Decision(**values, action="publish", decided_at=day))
    db.session.commit()
    links = [link for link in client.page(PAGE).links() if ".csv" in link]
    assert [link.partition("?")[2] for link in links] == ["year=2026", "year=2025", "year=2024"]
    tables = [client.get(link).get_data(as_text=True) for link in links]
    assert [[row[1] for row in csv.reader(io.StringIO(table))][1:] for table in tables] == [
        ["2026-11-22"],
        ["2025-01-01"],
        ["2024-12-31"],
    ]
    assert client.get("/about/decisions.csv").get_data(as_text=True) == tables[0]
    for wrong in ("2023", "2027", "x", "", "99999999999999999999"):
        assert client.get(f"/about/decisions.csv?year={wrong}").status_code == 404


def test_an_unknown_code_is_shown_unchanged(client: Client, app: Flask) -> None:
    values = {"subject": "review", "subject_id": 1, "version": 1, "action": "reject", "ground": "=former <b>"}
    db.session.add(Decision(**values, decided_at=YESTERDAY))
    db.session.commit()
    assert "=former <b>" in client.page(PAGE).text
    assert "'=former" in client.get("/about/decisions.csv").get_data(as_text=True)


def test_older_ones_come_in_pages_with_the_same_few_queries(
    app: Flask, client: Client, count_queries: CountQueries
) -> None:
    values = {"subject": "review", "subject_id": 1, "version": 1, "action": "publish", "asked_by": "author"}
    db.session.add_all(Decision(**values, rating=4, decided_at=YESTERDAY) for _ in range(PAGE_SIZE + 3))
    db.session.commit()
    with count_queries(app) as statements:
        page = client.page(PAGE)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) <= 5
    (older,) = [link for link in page.links() if "before=" in link]
    assert len(client.page(older).all("tr")) == 4
    assert client.get(f"{PAGE}?before=x").status_code == 404


def test_the_head_of_the_log_is_told_from_the_next_day_on(client: Client, rejected: Decision) -> None:
    assert "SHA-256" not in client.page(PAGE).text, "nothing is sealed"
    seal_log(now=YESTERDAY)
    db.session.commit()
    head = verify_log(now=NOON).head
    log_action("see_proof", "proof", 1, actor_id=1, at=NOON)
    seal_log(now=NOON)
    db.session.commit()
    page = client.page(PAGE + "?before=999")
    assert "SHA-256" not in page.text
    raise_site_revision()
    db.session.commit()
    page = client.page(PAGE)
    assert head in page.text
    assert verify_log(now=NOON).head not in page.text
    assert "/about/decisions/heads.csv" in page.links()
    text = client.get("/about/decisions/heads.csv").get_data(as_text=True)
    told = list(csv.reader(io.StringIO(text)))
    assert told == [["day", "entries", "head"], ["2026-11-22", "1", head]]
    assert "al final del" in client.page(f"/es{PAGE}").text
