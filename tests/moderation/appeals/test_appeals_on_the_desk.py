"""Appeals as moderators find and read them."""

from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision
from tests.clients import Client, path_of
from tests.factories import make_user, sign_in
from tests.moderation.appeals.test_visitors import appeal, dismissed
from tests.moderation.waiting import APPEAL, wait_longer, waiting_appeal, waiting_review

APPEALS = "/staff/?kind=appeal"
GIVEN = {"ground": "stands", "statement": "We read it again, and it is as it was said."}
ADVICE = "marketplace staff create ADDRESS --role moderator"


def enter(client: Client, user: object) -> None:
    db.session.commit()
    sign_in(client, user)  # type: ignore[arg-type]


def path(number: int, show: str = "?only=appeal") -> str:
    return f"/staff/queue/appeal/{number}/{show}"


def test_the_queue_shows_appeals_apart_and_goes_through_them(app: Flask, client: Client) -> None:
    reviews = [waiting_review() for _ in range(2)]
    for review in reviews:
        wait_longer(review, 20)
    first, second = waiting_appeal(), waiting_appeal()
    wait_longer(first, 3)
    wait_longer(second, 2)
    enter(client, make_user("moderator"))
    queue = client.page("/staff/")
    assert "All (4)" in queue.text
    assert "Appeal (2)" in queue.text
    assert path(second.id) in client.page("/staff/?show=appeals").links(), "as it was called"
    page = client.page(APPEALS)
    assert APPEAL in page.text
    assert path(second.id) in page.links()
    assert all(f"/staff/queue/review/{review.id}/" not in link for review in reviews for link in page.links())
    (opened,) = page.all(data_open="")
    assert opened.get("data-next") == path(second.id)
    response = client.submit(path(first.id, "?move=dismiss&only=appeal"), {**GIVEN, "do": "dismiss"})
    assert path_of(response) == path(second.id)
    response = client.submit(path(second.id, "?move=dismiss&only=appeal"), {**GIVEN, "do": "dismiss"})
    assert path_of(response) == APPEALS
    page = client.page(APPEALS)
    assert "Nothing like that is waiting" in page.text
    assert "Appeal (0)" in page.text
    assert "Appeal (" not in client.page("/staff/").text


def test_unknown_filters_are_not_found(app: Flask, client: Client) -> None:
    waiting_appeal()
    enter(client, make_user("moderator"))
    for query in ("show=reviews", "kind=nothing", "risk=very"):
        assert client.get(f"/staff/?{query}").status_code == 404


def test_an_appeal_s_page_says_what_upholding_and_dismissing_do(app: Flask, client: Client) -> None:
    made, report = waiting_appeal(), appeal(dismissed())
    enter(client, make_user("moderator"))
    page = client.page(path(made.id, ""))
    assert "Uphold this appeal" in page.text
    assert "The decision is reversed" in page.text
    assert "Statement to the person appealing" in page.text
    assert "report" not in page.text.partition("Uphold this appeal")[2].partition("History")[0].lower()
    assert "Dismiss this appeal" in client.page(path(made.id, "?move=dismiss")).text
    page = client.page(path(report.id, ""))
    assert "The decision is withdrawn, and a different moderator reads the case again" in page.text
    assert page.one("textarea", name="statement").get("lang") == "es", "the language of the appeal"


def test_who_decided_first_reads_that_another_must_and_how_one_is_made(app: Flask, client: Client) -> None:
    made, other = waiting_appeal(), waiting_review()
    enter(client, made.decision.actor)
    page = client.page(path(made.id, ""))
    assert "You made the first decision" in page.text
    assert "No other moderator or admin can decide this" in page.text
    assert ADVICE in page.text
    assert page.all("textarea", name="statement") == []
    make_user("admin")
    db.session.commit()
    page = client.page(path(made.id, ""))
    assert "You made the first decision" in page.text
    assert ADVICE not in page.text
    before = len(db.session.scalars(db.select(Decision)).all())
    token = client.page(f"/staff/queue/review/{other.id}/").one("input", name="csrf_token").get("value", "")
    sent = {
        **GIVEN,
        "csrf_token": token,
        "do": "dismiss",
        "version": str(find_subject("appeal", made.id).version),
    }
    assert client.post(path(made.id, "?move=dismiss"), data=sent).status_code == 403
    db.session.expire_all()
    assert (made.status, len(db.session.scalars(db.select(Decision)).all())) == ("pending", before)


def test_the_keys_shown_are_those_of_the_open_item(app: Flask, client: Client) -> None:
    review, first = waiting_review(), waiting_appeal()
    enter(client, make_user("moderator"))
    for address, keys in (
        (path(first.id, ""), {"u", "d"}),
        (f"/staff/queue/review/{review.id}/", {"p", "r"}),
    ):
        assert set(client.page(address).texts("kbd")) & {"u", "d", "p", "r"} == keys
