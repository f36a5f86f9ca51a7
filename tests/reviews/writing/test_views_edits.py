from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review, ReviewEdit, ReviewVersion
from marketplace.reviews.writing.versions import keep_version
from tests.clients import Client, path_of
from tests.factories import NOON, make_review, make_user, sign_in
from tests.moderation.deciding import decide_now
from tests.pages import shown, text_of
from tests.reviews.drafting import NEW, waiting_edit

MINE = "/account/reviews/"


@pytest.fixture
def review(member: Any, listing: Listing) -> Review:
    told = {"real_cost": 430050, "real_currency": "MXN", "real_time": 13, "real_time_unit": "business_days"}
    review = make_review(listing, member, rating=4, outcome="Card received", **told)
    db.session.commit()
    return review


def address(review: Review, rest: str = "", prefix: str = "") -> str:
    return f"{prefix}/account/reviews/{review.id}/edit/{rest}"


def edits() -> list[ReviewEdit]:
    return list(db.session.scalars(select(ReviewEdit)))


def test_the_form_begins_with_what_was_told(client: Client, review: Review) -> None:
    page = client.page(address(review))
    assert text_of(page.one("textarea", name="text")) == review.text
    assert page.one("input", name="rating", value="4").get("checked") is not None
    for name, value in (
        ("real_cost", "4300.50"),
        ("real_time", "13"),
        ("outcome", "Card received"),
        ("experience_day", "1"),
    ):
        assert page.one("input", name=name).get("value") == value
    assert "Edit your review of Nopal <y> Norte" in page.text
    assert page.one("option", value="MXN").get("selected") is not None


def test_sending_it_as_it_is_says_that_nothing_changed(client: Client, review: Review) -> None:
    assert "You have not changed anything yet" in shown(client.submit(address(review)), 422).html
    assert edits() == []


def test_a_change_of_a_published_review_waits_and_the_old_text_is_shown(
    client: Client, review: Review
) -> None:
    old = review.text
    response = client.submit(address(review), {"text": NEW, "rating": "2"})
    assert (response.status_code, path_of(response)) == (302, MINE)
    (edit,) = edits()
    assert (edit.status, edit.text, edit.rating, edit.real_cost) == ("pending", NEW, 2, 430050)
    page = client.page(MINE)
    assert "A moderator will read your change" in page.text
    assert "Your change is waiting for a moderator" in page.text
    for text in (old, NEW):
        assert text in page.text
    assert {address(review), address(review, "drop/")} <= set(page.links())


def test_a_change_of_a_waiting_review_is_taken_at_once(client: Client, review: Review) -> None:
    old, review.status, review.published_at = review.text, "pending", None
    db.session.commit()
    client.submit(address(review), {"text": NEW})
    db.session.expire_all()
    assert (review.text, review.version, review.status) == (NEW, 2, "pending")
    page = client.page(MINE)
    assert ("You have changed your review") in page.text
    assert "One earlier version" in page.text
    assert old in page.text


def test_the_form_speaks_spanish_and_goes_on_in_spanish_numbers(client: Client, review: Review) -> None:
    page = client.page(address(review, prefix="/es"))
    assert page.one("html").get("lang") == "es"
    assert page.one("input", name="real_cost").get("value") == "4300,50"
    client.submit(address(review, prefix="/es"), {"text": NEW})
    assert edits()[0].real_cost == 430050
    assert client.page("/es" + MINE).one("html").get("lang") == "es"


def test_mistakes_are_shown_and_everything_typed_is_kept(client: Client, review: Review) -> None:
    wrong = {"text": "Call 612 345 678 <b>now</b>, it is thirty characters", "real_cost": "about ten"}
    page = shown(client.submit(address(review), wrong), 422)
    assert "There are 2 problems" in page.text
    assert text_of(page.one("textarea", name="text")) == wrong["text"]
    assert page.one("input", name="real_cost").get("value") == "about ten"
    assert edits() == []


def test_a_stale_page_comes_back_with_everything(client: Client, review: Review) -> None:
    page = shown(client.post(address(review), data={"text": NEW, "csrf_token": "old"}), 422)
    assert text_of(page.one("textarea", name="text")) == NEW
    assert edits() == []


def test_the_preview_says_that_it_was_edited_and_sends_nothing(client: Client, review: Review) -> None:
    page = shown(client.submit(address(review), {"rating": "2", "text": NEW, "do": "preview"}))
    article = text_of(page.one("article"))
    assert NEW in article
    assert "edited on" in article
    assert edits() == []


def test_a_refused_change_is_told_with_its_statement_and_can_be_sent_again(
    client: Client, member: Any
) -> None:
    edit = waiting_edit(member, status="rejected", note="It names <an> employee.", version=3)
    db.session.commit()
    page = client.page(MINE)
    assert "Your change was not accepted" in page.text
    assert "It names <an> employee." in page.text
    form = client.page(address(edit.review))
    assert "It names <an> employee." in form.text
    assert text_of(form.one("textarea", name="text")) == NEW
    client.submit(address(edit.review), {"text": f"{NEW} Without names."})
    db.session.expire_all()
    assert (edit.status, edit.note, edit.version) == ("pending", "", 4)


def test_dropping_asks_first_and_leaves_the_review(client: Client, member: Any) -> None:
    edit = waiting_edit(member)
    review = edit.review
    db.session.commit()
    assert NEW in client.page(address(review, "drop/")).text
    assert len(edits()) == 1
    response = client.submit(address(review, "drop/"))
    assert path_of(response) == MINE
    assert edits() == []
    assert "You have discarded your change. The review stays as it is" in client.page(MINE).text
    again = client.get(address(review, "drop/"), follow_redirects=True)
    assert "There is no longer a change to this review that you can discard" in again.get_data(as_text=True)
    client.post(address(review, "drop/"))
    assert db.session.scalars(select(Review.status)).one() == "published"


def test_a_stale_page_drops_nothing(client: Client, member: Any) -> None:
    review = waiting_edit(member).review
    db.session.commit()
    assert client.post(address(review, "drop/"), data={"csrf_token": "old"}).status_code == 422
    assert len(edits()) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [("rejected", "was not published"), ("hidden", "A moderator hid"), ("withdrawn", "You withdrew")],
)
def test_what_cannot_be_edited_says_why_before_and_after_typing(
    client: Client, review: Review, status: str, words: str
) -> None:
    token = client.token(address(review))
    review.status = status
    db.session.commit()
    assert words in client.page(address(review), status=409).text
    fields = {
        "rating": "2",
        "text": NEW,
        "language": "en",
        "experience_month": "10",
        "experience_year": "2026",
    }
    page = shown(client.post(address(review), data={**fields, "csrf_token": token}), 409)
    assert words in page.text
    assert text_of(page.one("textarea", name="text")) == NEW
    assert address(review) not in client.page(MINE).links()
    assert edits() == []


def test_strangers_find_nothing_and_visitors_sign_in(
    client: Client, member: Any, new_client: Callable[[], Client]
) -> None:
    review = waiting_edit().review
    db.session.commit()
    for path in (address(review), address(review, "drop/"), "/account/reviews/99999999999/edit/"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"text": NEW}).status_code == 404
    for path in (address(review), address(review, "drop/")):
        assert path_of(new_client().get(path)).startswith("/account/sign-in/")
    assert len(edits()) == 1


def test_an_unconfirmed_member_edits_nothing(client: Client, listing: Listing) -> None:
    unconfirmed = make_user(confirmed=False)
    review = make_review(listing, unconfirmed)
    db.session.commit()
    sign_in(client, unconfirmed)
    assert client.get(address(review)).status_code == 302


def test_my_reviews_say_what_was_covered_and_what_stood_there(client: Client, review: Review) -> None:
    text = "Mr Smith lost my papers and never called me back."
    keep_version(review, cause="edited", now=NOON)
    review.text, review.status = text, "pending"
    db.session.commit()
    moderator = make_user("moderator")
    decide_now(
        "review", review.id, actor=moderator, action="publish", version=1, covered=["text-3-8"], now=NOON
    )
    db.session.commit()
    page = client.page(MINE)
    assert "A moderator covered personal data" in page.text
    assert "Mr ▇▇▇▇ lost my papers" in page.text
    assert text in page.text
    assert "2 earlier versions" in page.text
    assert db.session.scalar(select(func.count()).select_from(ReviewVersion)) == 2


def test_hostile_text_is_shown_as_typed(client: Client, review: Review) -> None:
    text = '</textarea><script>alert("1")</script> {{ 7*7 }} | **x** ‮ 👍 and more than thirty'
    client.submit(address(review), {"text": text})
    for path in (MINE, address(review), address(review, "drop/")):
        assert text in client.page(path).text
