from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.reviews.replies.models import Reply, ReplyVersion
from marketplace.reviews.replies.queries import PAGE_SIZE
from marketplace.reviews.replies.services import reject_reply
from marketplace.reviews.replies.views import review_needs
from tests.clients import Client, path_of
from tests.conftest import CountQueries
from tests.factories import NOON, make_reply, make_review, make_user, sign_in
from tests.moderation.deciding import decide_now
from tests.pages import Page, shown, text_of
from tests.reviews.answering import ANSWER, LATER, OTHER, Case, edit, make_case, published

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} %(x)s \u202eand so on"


@pytest.fixture
def case(app: Flask, client: Client) -> Case:
    case = make_case()
    sign_in(client, case.member)
    return case


def count() -> int:
    return db.session.scalar(select(func.count(Reply.id))) or 0


def the_reply() -> Reply:
    db.session.rollback()
    return db.session.scalars(select(Reply)).one()


def make_moderator() -> User:
    moderator = make_user("moderator")
    db.session.commit()
    return moderator


def decided(reply: Reply, action: str, **values: Any) -> None:
    moderator = make_user("moderator")
    given = {"version": reply.version, "now": LATER, **values}
    decide_now("reply", reply.id, actor=moderator, action=action, **given)
    db.session.commit()


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_provider_replies_a_moderator_publishes_and_readers_see_it(
    client: Client, case: Case, mailbox: Callable[[], list[EmailMessage]], prefix: str
) -> None:
    desk = client.page(prefix + case.desk)
    assert prefix + case.form in desk.links()
    old = client.get(case.page_in(prefix)).headers["ETag"]
    response = client.submit(prefix + case.form, {"text": ANSWER})
    assert path_of(response) == prefix + case.desk
    assert response.headers["Location"].endswith(f"#review-{case.review.id}")
    reply = the_reply()
    assert (reply.status, reply.language) == ("pending", prefix[1:] or "en")
    assert ANSWER in client.page(prefix + case.desk).text
    assert client.get(case.page_in(prefix)).headers["ETag"] == old
    decided(reply, "publish", now=NOON)
    response = client.get(case.page_in(prefix))
    assert response.headers["ETag"] != old
    box = Page(response.get_data(as_text=True)).one("div", class_="reply")
    assert ANSWER in text_of(box)
    assert "Nopal & <Norte>" in text_of(box)
    found = {message["To"]: message for message in mailbox()}
    assert set(found) == {case.member.email, case.author.email}
    assert "replied to your review" in found[case.author.email]["Subject"]
    assert ANSWER in found[case.author.email].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_stranger_and_a_rival_find_no_page(app: Flask, client: Client, case: Case) -> None:
    other = make_case()
    reply = published(case)
    for person in (make_user(), other.member, case.author):
        db.session.commit()
        sign_in(client, person)
        for path in (case.desk, case.form, f"{case.form}withdraw/"):
            assert client.get(path).status_code == 404
        assert client.post(case.form, data={"text": OTHER, "version": "2"}).status_code == 404
    assert client.get(case.form.replace(f"/{case.review.id}/", f"/{other.review.id}/")).status_code == 404
    assert the_reply().text == reply.text


def test_a_visitor_and_an_unconfirmed_member_are_led_to_sign_in_and_confirm(
    app: Flask, client: Client
) -> None:
    case = make_case()
    assert "/account/sign-in/" in path_of(client.get(case.form))
    case.member.confirmed_at = None
    db.session.commit()
    sign_in(client, case.member)
    assert client.get(case.form).status_code == 302
    assert case.desk.endswith("/reviews/")
    client.page(case.desk)


def test_mistakes_are_shown_and_nothing_typed_is_lost(client: Client, case: Case) -> None:
    typed = "Write to desk@nopal.example <b>now</b>"
    page = shown(client.submit(case.form, {"text": typed, "do": "send"}), 422)
    assert text_of(page.one("textarea", name="text")) == typed
    assert "Remove “desk@nopal.example”" in page.text
    page = shown(client.post(case.form, data={"text": typed, "csrf_token": "old"}), 422)
    assert "open for too long" in page.text
    assert text_of(page.one("textarea", name="text")) == typed
    for odd in ({"version": "x"}, {"version": "9" * 30}, {"language": "x" * 40}):
        data = {"text": ANSWER, "language": "en", **odd}
        assert client.post(case.form, data=data).status_code == 422
    assert count() == 0


def test_the_preview_is_the_box_that_readers_get_and_sends_nothing(client: Client, case: Case) -> None:
    page = shown(client.submit(case.form, {"text": HOSTILE, "do": "preview"}), 200)
    (box,) = [
        part for part in page.one("section", class_="preview").iter("div") if part.get("class") == "reply"
    ]
    assert "<script>alert(1)</script> {{ 7 * 7 }} %(x)s" in text_of(box)
    assert count() == 0


def test_hostile_words_are_words_wherever_they_stand(client: Client, case: Case) -> None:
    client.submit(case.form, {"text": HOSTILE})
    reply = the_reply()
    moderator = make_user("moderator")
    decided(reply, "publish")
    for path in (case.page, case.desk, case.form, f"{case.form}withdraw/"):
        assert "<script>alert(1)</script> {{ 7 * 7 }} %(x)s" in client.page(path).text
    sign_in(client, moderator)
    assert "<script>alert(1)</script>" in client.page(f"/staff/queue/reply/{reply.id}/").text


def test_a_colleague_who_was_faster_is_shown_and_nothing_is_overwritten(client: Client, case: Case) -> None:
    page = client.page(case.form)
    token = page.one("input", name="csrf_token").get("value", "")
    client.submit(case.form, {"text": ANSWER})
    late = {"text": OTHER, "language": "en", "version": "0", "csrf_token": token}
    page = shown(client.post(case.form, data=late), 409)
    assert text_of(page.one("textarea", name="text")) == OTHER
    assert ANSWER in text_of(page.one("div", class_="error-summary"))
    assert (the_reply().text, count()) == (ANSWER, 1)
    version = page.one("input", name="version").get("value", "")
    client.post(case.form, data={**late, "version": version})
    assert the_reply().text == OTHER


def test_an_edit_that_races_a_decision_is_told_what_was_decided(client: Client, case: Case) -> None:
    client.submit(case.form, {"text": ANSWER})
    page = client.page(case.form)
    hidden = {name: page.one("input", name=name).get("value", "") for name in ("csrf_token", "version")}
    decided(the_reply(), "reject", ground="reveals_client", statement="It says who she is.")
    page = shown(client.post(case.form, data={**hidden, "text": OTHER, "language": "en"}), 409)
    assert "It says who she is." in page.text
    assert text_of(page.one("textarea", name="text")) == OTHER
    assert the_reply().status == "rejected"


def test_a_decision_that_races_an_edit_shows_the_difference(client: Client, case: Case) -> None:
    reply, moderator = published(case), make_user("moderator")
    edit(reply, case.member)
    db.session.commit()
    sign_in(client, moderator)
    address = f"/staff/queue/reply/{reply.id}/"
    page = client.page(address)
    assert [text_of(part) for part in page.all("ins")]
    sent = {
        part.get("name", ""): part.get("value", "")
        for part in page.form(address).iter("input")
        if part.get("type") == "hidden"
    }
    edit(reply, case.member, text="Thank you. We have changed our checklist again.")
    db.session.commit()
    page = shown(client.post(address, data={**sent, "do": "publish"}), 409)
    assert "It was changed after you opened it" in page.text
    assert "our checklist again." in text_of(page.one("div", class_="error-summary"))
    assert the_reply().status == "pending"


def test_a_refused_reply_says_why_and_is_sent_again(client: Client, case: Case) -> None:
    client.submit(case.form, {"text": ANSWER})
    reject_reply(the_reply(), note="It says <b>who</b> she is.", now=LATER)
    db.session.commit()
    assert "It says <b>who</b> she is." in client.page(f"{case.desk}?show=answered").text
    assert "It says <b>who</b> she is." in client.page(case.form).text
    page = shown(client.submit(case.form, {"text": ANSWER}), 422)
    assert "This text was not accepted. Change it first" in page.text
    client.submit(case.form, {"text": OTHER})
    assert the_reply().status == "pending"


def test_earlier_words_are_kept_for_the_provider(client: Client, case: Case) -> None:
    reply = published(case)
    client.submit(case.form, {"text": OTHER})
    decided(the_reply(), "publish")
    assert db.session.scalars(select(ReplyVersion)).one().reply_id == reply.id
    assert "What it said before" in client.page(case.form).text
    assert ANSWER in client.page(case.form).text
    sign_in(client, make_moderator())
    assert ANSWER in client.page(f"/staff/queue/reply/{reply.id}/").text
    page = client.page(case.page)
    assert "edited on 25 November 2026" in text_of(page.one("div", class_="reply"))


def test_a_reply_is_withdrawn_after_asking_once_more(client: Client, case: Case) -> None:
    published(case)
    path = f"{case.form}withdraw/"
    assert the_reply().status == "published"
    assert path_of(client.submit(path)) == case.desk
    assert the_reply().status == "withdrawn"
    assert client.page(case.page).all("div", class_="reply") == []
    assert client.get(path).status_code == 404


def test_withdrawing_what_changed_meanwhile_is_told(client: Client, case: Case) -> None:
    reply = published(case)
    path = f"{case.form}withdraw/"
    page = client.page(path)
    sent = {name: page.one("input", name=name).get("value", "") for name in ("csrf_token", "version")}
    edit(reply, case.member)
    db.session.commit()
    assert path_of(client.post(path, data=sent)) == case.desk
    assert the_reply().status == "pending"
    assert "changed after you opened it" in client.page(case.desk).text


def test_a_review_out_of_sight_takes_no_reply(client: Client, case: Case) -> None:
    case.review.status = "hidden"
    db.session.commit()
    assert client.get(case.form).status_code == 404
    assert client.post(case.form, data={"text": ANSWER}).status_code == 404
    assert "You have no reviews yet" in client.page(case.desk).text


def test_a_suspended_provider_reads_but_does_not_reply(client: Client, case: Case) -> None:
    case.provider.status = "suspended"
    db.session.commit()
    assert case.form not in client.page(case.desk).links()
    assert client.get(case.form).status_code == 403
    assert client.post(case.form, data={"text": ANSWER, "language": "en", "version": "0"}).status_code == 403
    assert count() == 0


def test_the_list_has_pages_and_filters(client: Client, case: Case, count_queries: CountQueries) -> None:
    for _ in range(PAGE_SIZE + 2):
        make_review(case.review.listing)
    db.session.commit()
    first = client.page(case.desk)
    assert len(first.all("article")) == PAGE_SIZE
    more = next(link for link in first.links() if "before=" in link)
    assert len(client.page(more).all("article")) == 3
    assert "No reviews match this filter." in client.page(f"{case.desk}?show=answered").text
    assert client.get(f"{case.desk}?show=odd").status_code == 404
    assert client.get(f"{case.desk}?before=odd").status_code == 404
    assert "There are no older reviews" in client.page(f"{case.desk}?before=1-1").text
    with count_queries(client.application) as few:
        client.page(f"{case.desk}?show=answered")
    with count_queries(client.application) as many:
        client.page(case.desk)
    assert len(many) - len(few) <= 1


def test_reviews_without_a_reply_and_refused_replies_wait(
    app: Flask, client: Client, count_queries: CountQueries
) -> None:
    case = make_case()
    make_review(case.review.listing)
    make_reply(make_review(case.review.listing), status="rejected", note="It says who she is.")
    db.session.commit()
    provider = case.provider
    assert provider.id
    with app.test_request_context(), count_queries(app) as statements:
        needs = review_needs(None, provider=provider)
    assert [(need.count, need.title) for need in needs] == [
        (1, "A reply was not accepted"),
        (2, "2 reviews are waiting for your reply"),
    ]
    assert len(statements) == 1
    sign_in(client, case.member)
    page = client.page(f"/manage/{case.provider.slug}/")
    assert "2 things need your attention." in page.text
    assert "Reviews 3 waiting for you" in page.text


def test_nothing_waits_where_all_are_answered_or_the_provider_is_suspended(app: Flask) -> None:
    case = make_case()
    with app.test_request_context():
        case.provider.status = "suspended"
        assert review_needs(None, provider=case.provider) == []
        case.provider.status = "active"
        make_reply(case.review)
        assert review_needs(None, provider=case.provider) == []
