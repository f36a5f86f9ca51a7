"""The coverage page: for moderators only, filterable, paged, with a file to take away."""

from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.staff.views import TOPICS_PER_PAGE
from tests.clients import Client
from tests.factories import make_listing, make_topic, make_user, sign_in
from tests.pages import Page


def moderator(client: Client, role: str = "moderator") -> None:
    user = make_user(role)
    db.session.commit()
    sign_in(client, user)


def titles(page: Page) -> list[str]:
    return page.texts("a", class_="title-link")


def test_the_page_counts_what_is_served_and_lists_what_is_not(app: Flask, client: Client) -> None:
    served, unserved = make_topic(), make_topic("spain")
    make_listing(served)
    moderator(client)
    page = client.page("/staff/coverage/")
    assert "2 procedures: 1 with listings, 1 without." in page.text
    assert "Mexico 1 of 1" in page.text
    assert "Spain 0 of 1" in page.text
    assert "English 1 of 2" in page.text
    assert titles(page) == [unserved.guides[0].title]
    assert unserved.key in page.text


def test_a_listing_that_is_not_shown_serves_nobody(app: Flask, client: Client) -> None:
    make_listing(make_topic(), status="paused")
    moderator(client)
    assert "One procedure: 0 with listings, 1 without." in client.page("/staff/coverage/").text


def test_unserved_topics_can_be_filtered_by_country_and_language(app: Flask, client: Client) -> None:
    mexican, spanish = make_topic(), make_topic("spain", languages=("es",))
    moderator(client)
    assert titles(client.page("/staff/coverage/?country=mexico")) == [mexican.guides[0].title]
    page = client.page("/staff/coverage/?country=spain&language=es")
    assert titles(page) == [spanish.guides[0].title]
    assert [option.get("value") for option in page.all("option") if "selected" in option.attrib] == [
        "spain",
        "es",
    ]
    assert (
        "No procedures without listings match these filters"
        in client.page("/staff/coverage/?country=spain&language=en").text
    )
    assert (
        "No procedures without listings match these filters"
        in client.page("/staff/coverage/?country=%3Cb%3E").text
    )


def test_the_list_comes_in_pages_and_keeps_its_filter(app: Flask, client: Client) -> None:
    for _ in range(TOPICS_PER_PAGE + 1):
        make_topic(languages=("en",))
    moderator(client)
    first = client.page("/staff/coverage/?country=mexico")
    assert len(titles(first)) == TOPICS_PER_PAGE
    (following,) = [link for link in first.links() if "page=2" in link]
    assert "country=mexico" in following
    assert len(titles(client.page(following))) == 1
    client.page("/staff/coverage/?page=3", status=404)
    client.page("/staff/coverage/?page=none", status=404)


def test_the_page_speaks_the_language_of_its_address(app: Flask, client: Client) -> None:
    topic = make_topic()
    moderator(client)
    page = client.page("/es/staff/coverage/")
    assert [link for link in page.links() if link.endswith(f"/{topic.guides[1].stem}/")]


def test_without_guides_the_page_says_so(app: Flask, client: Client) -> None:
    moderator(client)
    page = client.page("/staff/coverage/")
    assert "0 with listings" in page.text
    assert not page.all("table")


def test_the_file_has_every_topic_and_is_not_kept_by_caches(app: Flask, client: Client) -> None:
    served = make_topic(key="=HYPERLINK(1)")
    make_topic(languages=("en",))
    make_listing(served)
    moderator(client)
    answer = client.get("/staff/coverage.csv")
    lines = answer.get_data(as_text=True).split("\r\n")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coverage.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert lines[0] == '"topic","country","languages","listings"'
    assert '"\'=HYPERLINK(1)","mexico","en es","1"' in lines
    assert len(lines) == 4


def test_admins_may_look_too(app: Flask, client: Client) -> None:
    moderator(client, role="admin")
    client.page("/staff/coverage/")


def test_members_are_not_told_that_the_page_exists(app: Flask, client: Client) -> None:
    moderator(client, role="member")
    client.page("/staff/coverage/", status=404)
    assert client.get("/staff/coverage.csv").status_code == 404


def test_visitors_are_asked_to_sign_in(app: Flask, client: Client) -> None:
    for path in ("/staff/coverage/", "/staff/coverage.csv"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/account/sign-in/" in answer.headers["Location"]
