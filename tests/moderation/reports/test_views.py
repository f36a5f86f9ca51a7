from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.services import LINK_TTL
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Client, path_of
from tests.clock import FrozenClock
from tests.factories import NOON, make_guide, make_user, sign_in
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.reporting import READER, reported, shown_review, unconfirmed
from tests.moderation.waiting import EXPLANATION, STATEMENT
from tests.pages import Page, text_of

Mailbox = Callable[[], list[EmailMessage]]
GOOD = {"reason": "fake_or_bought", "explanation": EXPLANATION, "good_faith": "y"}
VISITOR = {**GOOD, "email": READER, "name": "Rea <b>"}


@pytest.fixture
def review(app: Flask) -> Review:
    review = shown_review()
    make_guide(review.listing.topic, "es", review.listing.topic.guides[0].stem)
    recompute_ratings(review.listing_id)
    db.session.commit()
    return review


def form_of(review: Review) -> str:
    return f"/report/?review={review.id}"


def flags() -> list[Flag]:
    db.session.rollback()
    return list(db.session.scalars(select(Flag).order_by(Flag.id)))


def member(client: Client, role: str = "member", **values: Any) -> Any:
    user = make_user(role, **values)
    db.session.commit()
    sign_in(client, user)
    return user


def link_in(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    link = next(word for word in part.get_content().split() if "/report/confirm/" in word)
    return "/" + link.split("/", 3)[3]


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_member_reports_from_the_listing_s_page(client: Client, review: Review, prefix: str) -> None:
    user = member(client)
    guide = review.listing.topic.guides[0]
    listing = client.page(f"{prefix}/guides/mexico/{guide.stem}/{review.listing.provider.slug}/")
    links = [link for link in listing.links() if "/report/" in link]
    assert set(links) == {
        f"{prefix}/report/?review={review.id}",
        f"{prefix}/report/?listing={review.listing_id}",
    }
    page = client.page(f"{prefix}/report/?review={review.id}")
    assert review.text in page.text
    assert page.all("input", name="email") == []
    assert "no-store" in client.get(form_of(review)).headers["Cache-Control"]
    response = client.submit(f"{prefix}/report/?review={review.id}", GOOD)
    assert path_of(response) == f"{prefix}/report/sent/"
    client.page(path_of(response))
    (flag,) = flags()
    assert (flag.status, flag.user_id, flag.language) == ("pending", user.id, prefix.strip("/") or "en")


def test_a_visitor_reports_by_mail_and_the_link_works_once(
    client: Client, review: Review, mailbox: Mailbox
) -> None:
    response = client.submit(form_of(review), VISITOR)
    assert path_of(response) == "/report/mail/"
    assert "One more step: check your email" in client.page("/report/mail/").text
    assert flags()[0].status == "unconfirmed"
    link = link_in(mailbox()[-1])
    page = client.page(link)
    assert EXPLANATION in page.text
    assert flags()[0].status == "unconfirmed", "opening it changes nothing: mail programs do"
    assert path_of(client.submit(link)) == "/report/sent/"
    assert flags()[0].status == "pending"
    assert ("This link has already been used") in client.page(link, 409).text
    assert any(mail["Subject"] == "We have received your report" for mail in mailbox())


def test_late_and_forged_links_lead_no_further(
    client: Client, review: Review, mailbox: Mailbox, clock: FrozenClock
) -> None:
    client.submit(form_of(review), VISITOR)
    link = link_in(mailbox()[-1])
    assert "This link is incomplete or more than three days old" in client.page(link[:-2] + "x/", 404).text
    token = {"csrf_token": client.page(link).one("input", name="csrf_token").get("value", "")}
    clock.moment = NOON + LINK_TTL
    assert client.page(link, 404)
    assert client.post(link, data=token).status_code in (404, 422)
    assert flags()[0].status == "unconfirmed"


def test_one_without_a_confirmed_address_reports_like_a_visitor(client: Client, review: Review) -> None:
    member(client, confirmed=False)
    assert client.page(form_of(review)).all("input", name="email") != []


def test_all_that_is_wrong_is_said_and_nothing_is_lost(client: Client, review: Review) -> None:
    response = client.submit(
        form_of(review), {"explanation": "Too <short>", "email": "nobody", "name": "Rea <b>"}
    )
    assert response.status_code == 422
    page = Page(response.get_data(as_text=True))
    for words in (
        "Choose a reason",
        "at least 30 characters",
        "Enter your email address",
        "Confirm that what you say is true as far as you know",
    ):
        assert words in page.text
    assert page.one("input", name="name").get("value") == "Rea <b>"
    assert text_of(page.one("textarea", name="explanation")).strip() == "Too <short>"
    assert flags() == []


def test_a_second_report_is_refused_with_what_was_typed(client: Client, review: Review) -> None:
    member(client)
    client.submit(form_of(review), GOOD)
    response = client.submit(form_of(review), GOOD)
    assert response.status_code == 409
    page = Page(response.get_data(as_text=True))
    assert "You have already reported this" in page.text
    assert EXPLANATION in text_of(page.one("textarea", name="explanation"))
    assert len(flags()) == 1


def test_a_visitor_is_not_told_what_an_address_reported(client: Client, review: Review) -> None:
    flag = unconfirmed(review)
    flag.status = "pending"
    db.session.commit()
    assert path_of(client.submit(form_of(review), VISITOR)) == "/report/mail/"


@pytest.mark.parametrize(
    "query",
    ["", "review=0", "review=99999", "review=x", "review=٣", "review=99999999999", "listing=99999", "provider=99999",
     "reply=1", "review=1&listing=1"],
)  # fmt: skip
def test_unknown_things_are_not_found(client: Client, review: Review, query: str) -> None:
    assert client.get(f"/report/?{query}").status_code == 404


def test_what_is_not_shown_is_not_found(client: Client, review: Review) -> None:
    review.status = "hidden"
    db.session.commit()
    assert client.get(form_of(review)).status_code == 404
    assert client.get(f"/report/?listing={review.listing_id}").status_code == 200
    review.listing.provider.status = "suspended"
    db.session.commit()
    assert client.get(f"/report/?listing={review.listing_id}").status_code == 404
    assert client.get(f"/report/?provider={review.listing.provider_id}").status_code == 404


def test_one_address_gets_five_mails_a_day(
    client: Client, review: Review, mailbox: Mailbox, clock: FrozenClock
) -> None:
    for _ in range(5):
        assert client.submit(form_of(review), VISITOR).status_code == 302
    response = client.submit(form_of(review), {**VISITOR, "email": READER.upper()})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 3600
    assert EXPLANATION in response.get_data(as_text=True)
    assert len(flags()) == len(mailbox()) == 5
    clock.advance(timedelta(days=1))
    assert client.submit(form_of(review), VISITOR).status_code == 302


def test_one_network_sends_ten_an_hour(client: Client, review: Review) -> None:
    for number in range(10):
        sent = {**VISITOR, "email": f"reader{number}@one.example"}
        assert client.submit(form_of(review), sent).status_code == 302
    assert client.submit(form_of(review), {**VISITOR, "email": "last@one.example"}).status_code == 429
    assert len(flags()) == 10


def test_one_account_sends_twenty_a_day(client: Client, clock: FrozenClock) -> None:
    reviews = [shown_review() for _ in range(21)]
    member(client)
    for number, review in enumerate(reviews):
        if number % 7 == 0:
            clock.advance(timedelta(hours=1, seconds=1))
        assert client.submit(form_of(review), GOOD).status_code == (302 if number < 20 else 429)


def test_what_is_reported_stays_where_it_is_and_the_record_of_a_provider_is_public(
    client: Client, review: Review
) -> None:
    provider = review.listing.provider
    guide = review.listing.topic.guides[0]
    listing, page = f"/guides/mexico/{guide.stem}/{provider.slug}/", f"/providers/{provider.slug}/"
    reported(review)
    assert review.text in client.page(listing).text
    assert "Reports this provider has made about reviews" not in client.page(page).text
    assert f"/report/?provider={provider.id}" in client.page(page).links()
    owner = provider.members[0]
    etag = client.get(page).headers["ETag"]
    flag = reported(review, db.session.get_one(type(make_user()), owner.user_id))
    assert client.get(page).headers["ETag"] != etag
    assert "Reports this provider has made about reviews: 1 (0 upheld, 0 dismissed)" in client.page(page).text
    assert flag.by_provider_id == provider.id
    assert review.text in client.page(listing).text
    assert db.session.scalar(select(func.count(Flag.id))) == 2


def desk(client: Client, flag: Flag, do: str, **values: str) -> Any:
    address = f"/staff/queue/flag/{flag.id}/" + ("?move=dismiss" if do == "dismiss" else "")
    hidden = {
        element.get("name", ""): element.get("value", "")
        for element in client.page(address).form(address).iter("input")
        if element.get("type") == "hidden"
    }
    return client.post(address, data={**hidden, "do": do, **values})


@pytest.mark.parametrize(
    ("do", "ground", "becomes"), [("uphold", "same_text", "hidden"), ("dismiss", "no_breach", "published")]
)
def test_a_moderator_decides_on_the_desk(
    client: Client, review: Review, do: str, ground: str, becomes: str
) -> None:
    flag = reported(review)
    member(client, "moderator")
    page = client.page(f"/staff/queue/flag/{flag.id}/")
    assert EXPLANATION in page.text
    assert review.text in page.text
    assert len(page.all(data_key="u")) == len(page.all(data_key="d")) == 1
    dismissing = client.page(f"/staff/queue/flag/{flag.id}/?move=dismiss")
    assert [element.get("value") for element in dismissing.all("input", name="ground")] == [
        "no_breach",
        "unsubstantiated",
        "opinion",
    ]
    refused = desk(client, flag, do)
    assert refused.status_code == 422
    assert desk(client, flag, do, ground=ground, statement=STATEMENT).status_code == 302
    let_decisions_take_effect()
    assert (flag.status, review.status) == ({"uphold": "upheld", "dismiss": "dismissed"}[do], becomes)
    assert "Report about" in client.page("/staff/decisions/").text
