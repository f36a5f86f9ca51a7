from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.moderation.appeals.queries import APPEAL_WINDOW
from marketplace.moderation.decisions.reasons import DISPUTE_BODIES
from marketplace.moderation.models import Appeal
from marketplace.reviews.models import Review
from tests.clients import Client, path_of
from tests.clock import FrozenClock
from tests.conftest import CountQueries
from tests.factories import NOON, make_user, sign_in
from tests.moderation.appeals.test_services import TEXT, rejected
from tests.moderation.appeals.test_visitors import dismissed
from tests.moderation.deciding import GROUNDS, let_decisions_take_effect, move, subject_of
from tests.moderation.reporting import READER
from tests.moderation.waiting import MAKERS, STATEMENT, id_of, waiting_review
from tests.pages import Page


def address(review: Review) -> str:
    return f"/account/appeals/review/{review.id}/"


def test_an_author_appeals_and_another_moderator_decides(
    app: Flask, client: Client, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    review, second = rejected(), make_user("moderator")
    author = review.user
    assert author is not None
    db.session.commit()
    mails = [message.get_body(("plain",)).get_content() for message in mailbox()]  # type: ignore[union-attr]
    assert any(address(review) in text for text in mails)
    sign_in(client, author)
    assert address(review) in client.page("/account/reviews/").links()
    response = client.submit(address(review), {"text": "No."})
    assert response.status_code == 422
    assert "at least 30 characters" in response.get_data(as_text=True)
    assert client.submit(address(review), {"text": TEXT}).status_code == 303
    assert (
        "You have already appealed against this decision"
        in Page(client.get(address(review)).get_data(as_text=True)).text
    )
    made = db.session.scalars(select(Appeal)).one()
    sign_in(client, second)
    page = client.page(f"/staff/queue/appeal/{made.id}/")
    assert TEXT in page.text
    given = {"ground": "our_mistake", "statement": "It is about this office, as we see now."}
    path = f"/staff/queue/appeal/{made.id}/"
    assert client.submit(path, {**given, "do": "uphold"}).status_code in (302, 303)
    let_decisions_take_effect()
    assert (review.status, made.status) == ("published", "upheld")
    told = {message["Subject"] for message in mailbox() if message["To"] == author.email}
    assert any("was upheld" in subject for subject in told)


def test_a_stranger_finds_nothing(client: Client) -> None:
    review = rejected()
    db.session.commit()
    sign_in(client, make_user())
    db.session.commit()
    assert client.get(address(review)).status_code == 404
    assert client.get("/account/appeals/nothing/1/").status_code == 404


def link_in(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return next("/" + word.split("/", 3)[3] for word in text.split() if "/report/appeal/" in word)


def test_a_visitor_whose_report_was_dismissed_appeals_by_the_link(
    app: Flask, client: Client, mailbox: Callable[[], list[EmailMessage]], clock: FrozenClock
) -> None:
    flag, second = dismissed(), make_user("moderator")
    db.session.commit()
    mail = next(message for message in mailbox() if message["Subject"] == "Your report was dismissed")
    assert mail["To"] == READER
    link = link_in(mail)
    assert link in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    page = client.page(link)
    assert "The author’s opinion" in page.text
    assert db.session.scalars(select(Appeal)).all() == []
    response = client.submit(link, {"text": "No <b>."})
    assert response.status_code == 422
    assert "at least 30 characters" in response.get_data(as_text=True)
    assert "No &lt;b&gt;." in response.get_data(as_text=True)
    response = client.submit(f"/es{link}", {"text": TEXT})
    assert (response.status_code, path_of(response)) == (303, "/es/report/appealed/")
    assert "Tu recurso" in client.page("/es/report/appealed/").text
    assert "You have already appealed against this decision" in client.page(link, 409).text
    made = db.session.scalars(select(Appeal)).one()
    assert (made.user_id, made.language) == (None, "es")
    sign_in(client, second)
    path = f"/staff/queue/appeal/{made.id}/"
    page = client.page(path)
    assert TEXT in page.text
    assert "Rea" in page.text
    given = {"ground": "our_mistake", "statement": "The report is right, as we see now."}
    assert client.submit(path, {**given, "do": "uphold"}).status_code in (302, 303)
    let_decisions_take_effect()
    assert (flag.status, made.status) == ("pending", "upheld")
    assert "Tu recurso" in mailbox()[-1]["Subject"]
    assert mailbox()[-1]["To"] == READER


def test_links_that_are_late_or_not_ours_lead_no_further(
    app: Flask, client: Client, mailbox: Callable[[], list[EmailMessage]], clock: FrozenClock
) -> None:
    dismissed()
    link = link_in(mailbox()[-1])
    assert "This link is incomplete, or too old" in client.page(link[:-2] + "x/", 404).text
    token = {"csrf_token": client.page(link).one("input", name="csrf_token").get("value", ""), "text": TEXT}
    clock.moment = NOON + APPEAL_WINDOW
    assert "six-month limit" in client.page(link, 409).text
    assert client.post(link, data=token).status_code in (409, 422)
    assert db.session.scalars(select(Appeal)).all() == []


def test_the_page_of_the_reasons_has_every_element_however_late(
    app: Flask, client: Client, clock: FrozenClock
) -> None:
    review = rejected()
    author = review.user
    assert author is not None
    db.session.commit()
    sign_in(client, author)
    link = f"/account/decisions/review/{review.id}/"
    assert link in client.page("/account/reviews/").links()
    page = client.page(link)
    wanted = (
        "Review of ",
        "It is not shown.",
        "On the whole site",
        "No end date",
        "Our own check",
        "A person decided",
    )
    assert all(words in page.text for words in (*wanted, "About something else", STATEMENT, "go to court"))
    assert {address(review), DISPUTE_BODIES} <= set(page.links())
    assert "Nuestra propia revisión" in client.page(f"/es{link}").text
    clock.advance(APPEAL_WINDOW)
    sign_in(client, author)
    assert link in client.page("/account/reviews/").links()
    page = client.page(link)
    assert "The six-month limit for appeals has passed." in page.text
    assert address(review) not in page.links()


def test_reasons_are_for_whom_they_concern(app: Flask, client: Client, count_queries: CountQueries) -> None:
    review, published = rejected(), waiting_review()
    move("review", published, "publish")
    for user in (make_user(), make_user("moderator"), published.user):
        assert user is not None
        db.session.commit()
        sign_in(client, user)
        for number in (review.id, published.id, 999):
            assert client.get(f"/account/decisions/review/{number}/").status_code == 404
    assert client.get("/account/decisions/claim/1/").status_code == 404
    assert client.get("/account/decisions/nothing/1/").status_code == 404
    assert review.user is not None
    sign_in(client, review.user)
    with count_queries(app) as statements:
        client.page(f"/account/decisions/review/{review.id}/")
    assert len(statements) <= 8


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("listing_edit", "/manage/{slug}/listings/{id}/edit/"),
        ("provider", "/manage/{slug}/profile/"),
        ("provider_edit", "/manage/{slug}/profile/"),
        ("claim", "/manage/"),
    ],
)
def test_what_cannot_be_appealed_has_its_reasons_too(
    app: Flask, client: Client, kind: str, page: str
) -> None:
    owner = make_user()
    row = MAKERS[kind](owner)
    move(kind, row, "reject", GROUNDS[kind][0].code)
    sign_in(client, owner)
    slug, number = subject_of(kind, row).provider.slug, id_of(kind, row)
    link = f"/account/decisions/{kind}/{number}/"
    assert link in client.page(page.format(slug=slug, id=number)).links()
    told = client.page(link)
    assert STATEMENT in told.text
    assert "write to us" in told.text
    assert {"/about/contact/", DISPUTE_BODIES} <= set(told.links())
