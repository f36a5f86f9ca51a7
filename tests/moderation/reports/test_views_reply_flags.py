"""Reports of replies in the browser."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.models import ReviewEdit
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.writing.edits import publish_edit
from tests.clients import Client, path_of
from tests.factories import NOON, make_guide, make_user
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.kinds.test_flags import LATER
from tests.moderation.reporting import READER, reported
from tests.moderation.reporting_replies import reported_reply, shown_reply
from tests.moderation.reports.test_views import desk, flags, link_in, member
from tests.moderation.waiting import EXPLANATION, NEW_TEXT, STATEMENT
from tests.pages import Page

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]
GOOD = {"reason": "reveals_client", "explanation": EXPLANATION, "good_faith": "y"}


@pytest.fixture
def reply(app: Flask) -> Reply:
    reply = shown_reply()
    make_guide(reply.listing.topic, "es", reply.listing.topic.guides[0].stem)
    recompute_ratings(reply.listing.id)
    db.session.commit()
    return reply


def form_of(reply: Reply) -> str:
    return f"/report/?reply={reply.id}"


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_member_reports_a_reply_from_the_listing_s_page(client: Client, reply: Reply, prefix: str) -> None:
    user = member(client)
    guide = reply.listing.topic.guides[0]
    listing = client.page(f"{prefix}/guides/mexico/{guide.stem}/{reply.provider.slug}/")
    assert f"{prefix}{form_of(reply)}" in listing.links()
    page = client.page(f"{prefix}{form_of(reply)}")
    assert reply.text in page.text
    assert reply.review.text in page.text
    assert path_of(client.submit(f"{prefix}{form_of(reply)}", GOOD)) == f"{prefix}/report/sent/"
    (flag,) = flags()
    assert (flag.subject, flag.reply_id, flag.status, flag.user_id) == ("reply", reply.id, "pending", user.id)
    response = client.submit(f"{prefix}{form_of(reply)}", GOOD)
    assert response.status_code == 409
    assert EXPLANATION in response.get_data(as_text=True)


def test_a_visitor_confirms_the_report_of_a_reply_by_mail(
    client: Client, reply: Reply, mailbox: Mailbox
) -> None:
    assert path_of(client.submit(form_of(reply), {**GOOD, "email": READER})) == "/report/mail/"
    link = link_in(mailbox()[-1])
    page = client.page(link)
    assert reply.text in page.text
    assert "Shows who the client is" in page.text
    assert path_of(client.submit(link)) == "/report/sent/"
    assert flags()[0].status == "pending"


def test_what_is_hidden_is_not_found_and_a_wrong_reason_is_refused(client: Client, reply: Reply) -> None:
    member(client)
    response = client.submit(form_of(reply), {**GOOD, "reason": "own_or_rival"})
    assert response.status_code == 422
    assert "Choose a reason" in Page(response.get_data(as_text=True)).text
    reply.status = "hidden"
    db.session.commit()
    assert client.get(form_of(reply)).status_code == 404
    assert flags() == []


@pytest.mark.parametrize(
    ("do", "ground", "becomes"),
    [("uphold", "pressures_author", "hidden"), ("dismiss", "no_breach", "published")],
)
def test_a_moderator_decides_on_the_report_of_a_reply(
    client: Client, reply: Reply, do: str, ground: str, becomes: str
) -> None:
    flag = reported_reply(reply)
    member(client, "moderator")
    guide = reply.listing.topic.guides[0]
    listing = f"/guides/mexico/{guide.stem}/{reply.provider.slug}/"
    assert reply.text in client.page(listing).text
    queue = client.page("/staff/")
    assert f"Report about {reply.provider.name}" in queue.text
    page = client.page(f"/staff/queue/flag/{flag.id}/")
    for words in (
        EXPLANATION,
        reply.text,
        reply.review.text,
        "Shows who the client is",
        "The reply will be hidden",
    ):
        assert words in page.text
    assert [element.get("value") for element in page.all("input", name="ground")] == [
        "insult_or_private_data",
        "contact_details",
        "about_something_else",
        "reveals_client",
        "pressures_author",
    ]
    assert f"/staff/queue/reply/{reply.id}/" in page.links()
    assert desk(client, flag, do, ground=ground, statement=STATEMENT).status_code == 302
    let_decisions_take_effect()
    assert reply.status == becomes
    assert (reply.text in client.page(listing).text) is (becomes == "published")


def test_a_review_edited_while_it_is_read_is_not_decided_on(client: Client, reply: Reply) -> None:
    review = reply.review
    flag = reported(review)
    former = review.text
    member(client, "moderator")
    address = f"/staff/queue/flag/{flag.id}/"
    hidden = {
        element.get("name", ""): element.get("value", "")
        for element in client.page(address).form(address).iter("input")
        if element.get("type") == "hidden"
    }
    told = {name: getattr(review, name) for name in ("rating", "language", "experience_on")}
    review.edit = ReviewEdit(text=NEW_TEXT, version=2, submitted_at=NOON, **told)
    db.session.flush()
    publish_edit(review.edit, now=LATER)
    db.session.commit()
    sent = {**hidden, "do": "uphold", "ground": "same_text", "statement": STATEMENT}
    response = client.post(address, data=sent)
    assert response.status_code == 409
    page = Page(response.get_data(as_text=True))
    assert "It was changed after you opened it" in page.text
    assert "came two weeks later" in page.text
    assert "came on the day" in former
    assert STATEMENT in page.text
    let_decisions_take_effect()
    assert (flag.status, review.status) == ("pending", "published")
    assert "Changed since the report" in client.page(address).text
    assert desk(client, flag, "uphold", ground="same_text", statement=STATEMENT).status_code == 302
    let_decisions_take_effect()
    assert (flag.status, review.status) == ("upheld", "hidden")


def test_a_moderator_sees_what_else_was_reported_of_it_and_by_whom(client: Client, reply: Reply) -> None:
    reporter = make_user()
    flag, other = reported_reply(reply, reporter), reported_reply(reply)
    mine = reported(reply.review, reporter)
    other.status, mine.status = "dismissed", "upheld"
    db.session.commit()
    member(client, "moderator")
    page = client.page(f"/staff/queue/flag/{flag.id}/")
    assert "Changed since" not in page.text
    assert "Their other reports1 upheld, 0 dismissed, 0 waiting" in page.text
    assert "Other reports about this 0 upheld, 1 dismissed, 0 waiting" in page.text
    assert f"/staff/queue/flag/{other.id}/" in page.links()
    assert "none" in client.page(f"/staff/queue/flag/{mine.id}/").text
