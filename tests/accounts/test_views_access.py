"""Signing up, in and out, and the links of mails, as people meet them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from tests.accounts.people import GOOD_PASSWORD, is_signed_in, link_of, person, sign_in_as, sign_up, token_of
from tests.clients import Client, path_of
from tests.factories import PASSWORD, make_provider, make_user, sign_in
from tests.pages import Page, text_of

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]
NewClient = Callable[[], Client]
ANNA = {"email": "anna@example.com", "password": PASSWORD}
EVIL = [
    *("//evil.example", "///evil.example", "////evil.example/"),
    *("/\\evil.example", "\\\\evil.example", "\\/evil.example"),
    *("https://evil.example/", "https:evil.example", "https:/evil.example", "http:///evil.example"),
    *("javascript:alert(1)", "data:text/html,x"),
    *(" //evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example"),
    "/\r\nLocation:https://evil.example",
    *("http://127.0.0.1:8000@evil.example/", "http://localhost.evil.example/"),
    *("evil.example", "@evil.example", ".evil.example", "security.logout", ""),
]


def known(email: str = "anna@example.com", **values: object) -> User:
    user = make_user(email=email, **values)
    db.session.commit()
    return user


def answer(client: Client, response: object) -> tuple[int, str, str]:
    """What somebody sees of an answer: status, where it leads, what stands there."""
    assert hasattr(response, "headers")
    target = path_of(response)  # type: ignore[arg-type]
    return response.status_code, target, client.page(target).text  # type: ignore[attr-defined]


def test_the_whole_way_from_signing_up_to_a_confirmed_account(client: Client, mailbox: Mailbox) -> None:
    assert path_of(sign_up(client)) == "/account/mail/?again=confirm"
    assert "anna@example.com" in client.page("/account/mail/").text
    assert not is_signed_in(client)
    client.page("/account/sign-up/")  # looking at the form again changes nothing
    assert path_of(client.get(link_of(mailbox()[-1]))) == "/account/", "this browser chose the password"
    page = client.page("/account/").text
    assert "Your email address is confirmed" in page
    assert "Email address confirmed" in page
    assert person().signup_key is None


def test_only_the_browser_that_made_the_account_is_signed_in_by_the_link(
    client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    sign_up(client)
    link = link_of(mailbox()[-1])
    typed, opened = new_client(), new_client()
    sign_up(typed, password="another long password of eve")
    assert path_of(typed.get(link)) == "/account/sign-in/", "it asked for this address, and made no account"
    assert not is_signed_in(typed)
    assert path_of(client.get(link)) == "/account/sign-in/", "a second time nobody is signed in"
    assert not is_signed_in(client)
    sign_up(opened, email="berta@example.com")
    opened.get(link_of(mailbox()[-1]))
    assert is_signed_in(opened)


def test_an_account_that_was_closed_is_not_signed_in_by_its_link(client: Client, mailbox: Mailbox) -> None:
    sign_up(client)
    link = link_of(mailbox()[-1])
    person().active = False
    db.session.commit()
    client.get(link)
    assert not is_signed_in(client)


def test_the_same_way_in_spanish_stays_in_spanish(client: Client, mailbox: Mailbox) -> None:
    sign_up(client, page="/es/account/sign-up/")
    assert person().language == "es"
    link = link_of(mailbox()[-1])
    assert link.startswith("/es/")
    assert path_of(client.get(link)) == "/es/account/"


def test_who_was_on_the_way_somewhere_gets_there(client: Client, mailbox: Mailbox) -> None:
    sign_up(client, page="/account/sign-up/?next=/account/reviews/")
    assert path_of(client.get(link_of(mailbox()[-1]))) == "/account/reviews/"


def test_a_known_address_signs_up_like_a_new_one(
    client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    first = answer(client, sign_up(client))
    other = new_client()
    assert answer(other, sign_up(other)) == first
    assert len(db.session.scalars(select(User)).all()) == 1
    assert person().name == "Anna"


def test_signing_up_with_a_known_address_changes_nothing_about_it(app: Flask, client: Client) -> None:
    before = known(confirmed=False).password
    sign_up(client, name="Eve", password="another long password of eve")
    assert (person().password, person().confirmed_at) == (before, None)
    assert person().name != "Eve"


def test_a_known_address_with_a_bad_password_is_told_the_same_as_a_new_one(
    app: Flask, client: Client
) -> None:
    known()
    pages = [
        sign_up(client, email, password="short").get_data(as_text=True).replace(email, "")
        for email in ("anna@example.com", "berta@example.com")
    ]
    texts = [Page(html).texts("div", class_="error-summary") for html in pages]
    assert texts[0] == texts[1]


def test_two_who_sign_up_with_one_address_at_the_same_moment_make_one_account(
    app: Flask, new_client: NewClient
) -> None:
    clients = [new_client(), new_client()]
    tokens = [token_of(client, "/account/sign-up/") for client in clients]
    start, seen = threading.Barrier(2), []
    data = {"name": "Anna", "email": "anna@example.com", "password": GOOD_PASSWORD}

    def post(client: Client, token: str | None) -> None:
        start.wait()
        answer = client.post("/account/sign-up/", data={**data, "csrf_token": token})
        seen.append((answer.status_code, path_of(answer)))

    threads = [threading.Thread(target=post, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(303, "/account/mail/?again=confirm")] * 2
    assert len(db.session.scalars(select(User)).all()) == 1


def test_who_is_signed_in_needs_no_second_account(app: Flask, client: Client) -> None:
    sign_in(client, known())
    assert path_of(client.get("/account/sign-up/")) == "/account/"
    assert path_of(client.get("/account/sign-in/")) == "/account/"


def test_a_link_opened_elsewhere_asks_before_it_confirms(
    client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    """Programs that look through mails open links too."""
    sign_up(client, page="/account/sign-up/?next=/manage/")
    link, elsewhere = link_of(mailbox()[-1]), new_client()
    assert "Did you create an account" in elsewhere.page(link).text
    assert elsewhere.head(link).status_code == 200
    assert person().confirmed_at is None
    response = elsewhere.submit(link, {})
    assert path_of(response) == "/account/sign-in/?next=/manage/"
    assert person().confirmed_at is not None


def test_a_link_is_confirmed_by_nobody_without_the_token_of_the_page(
    client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    sign_up(client)
    assert new_client().post(link_of(mailbox()[-1])).status_code == 422
    assert person().confirmed_at is None


def test_a_member_who_is_signed_in_confirms_by_opening_the_link(
    app: Flask, new_client: NewClient, mailbox: Mailbox
) -> None:
    sign_up(new_client())
    link, client = link_of(mailbox()[-1]), new_client()
    sign_in(client, person())
    assert path_of(client.get(link)) == "/account/"
    assert person().confirmed_at is not None


def test_a_link_of_somebody_else_signs_the_other_out(
    app: Flask, new_client: NewClient, mailbox: Mailbox
) -> None:
    sign_up(new_client())
    client = new_client()
    sign_in(client, known("berta@example.com"))
    link = link_of(mailbox()[-1])
    client.submit(link, {})
    assert person().confirmed_at is not None
    assert not is_signed_in(client)


def test_a_link_that_was_used_says_so(client: Client, mailbox: Mailbox) -> None:
    sign_up(client)
    link = link_of(mailbox()[-1])
    client.get(link)
    assert "This email address is already confirmed" in client.page(path_of(client.get(link))).text


@pytest.mark.parametrize("path", ["/account/confirm/nonsense/", "/es/account/confirm/a.b.c/"])
def test_a_link_that_is_none_leads_to_a_new_one(client: Client, path: str) -> None:
    response = client.get(path)
    assert path_of(response) == path.partition("confirm/")[0] + "confirm/"
    (message,) = client.page(path_of(response)).texts("div", class_="message-error")
    assert ("does not work" in message) is not path.startswith("/es/")


def test_a_link_of_another_address_does_not_confirm(app: Flask, client: Client, mailbox: Mailbox) -> None:
    sign_up(client)
    link = link_of(mailbox()[-1])
    person().email = "other@example.com"
    db.session.commit()
    client.get(link)
    assert person("other@example.com").confirmed_at is None


def test_the_link_comes_again_by_the_address(client: Client, new_client: NewClient, mailbox: Mailbox) -> None:
    sign_up(client)
    other = new_client()
    first = answer(other, other.submit("/account/confirm/", {"email": "ANNA@example.com"}))
    assert len(mailbox()) == 2
    other = new_client()
    second = answer(other, other.submit("/account/confirm/", {"email": "nobody@example.com"}))
    assert first == (second[0], second[1], second[2].replace("nobody@", "anna@"))
    assert len(mailbox()) == 2


def test_a_confirmed_or_closed_account_gets_no_link_again(
    app: Flask, client: Client, mailbox: Mailbox
) -> None:
    known()
    known("closed@example.com", confirmed=False, active=False)
    for email in ("anna@example.com", "closed@example.com"):
        client.submit("/account/confirm/", {"email": email})
    assert mailbox() == []


def test_a_confirmed_member_is_told_so(app: Flask, client: Client) -> None:
    sign_in(client, known())
    assert "is confirmed" in client.page(path_of(client.get("/account/confirm/"))).text


def test_a_page_for_confirmed_members_sends_others_to_confirm(app: Flask, client: Client) -> None:
    sign_in(client, known(confirmed=False))
    response = client.get("/manage/register/?topic=mexico-visa")
    assert path_of(response) == "/account/confirm/?next=/manage/register/?topic%3Dmexico-visa"
    page = client.page(path_of(response))
    assert "Confirm your email address first" in page.text
    assert page.one("input", name="next").get("value") == "/manage/register/?topic=mexico-visa"


def test_what_an_unconfirmed_member_sent_comes_back_to_be_sent_again(app: Flask, client: Client) -> None:
    sign_in(client, known(confirmed=False))
    typed = {
        "name": "Casa",
        "description": "We do <b>paperwork</b>.",
        "csrf_token": client.token("/account/"),
    }
    answer = client.post("/manage/register/?topic=mexico-visa", data=typed)
    assert answer.status_code == 403
    page = Page(answer.get_data(as_text=True))
    form = page.form("/manage/register/?topic=mexico-visa")
    kept = {field.get("name"): field.text for field in form.iter("textarea")}
    assert kept == {"name": "Casa", "description": "We do <b>paperwork</b>."}
    assert page.one("input", name="csrf_token").get("value")


@pytest.mark.parametrize(
    ("role", "managing", "page"),
    [("member", False, "/account/"), ("member", True, "/manage/"), ("moderator", True, "/staff/")],
)
def test_who_signs_in_lands_where_their_work_is(
    app: Flask, client: Client, role: str, managing: bool, page: str
) -> None:
    user = known(role=role)
    if managing:
        make_provider(user)
    db.session.commit()
    assert path_of(sign_in_as(client, "anna@example.com", PASSWORD)) == page


def test_the_header_says_who_is_signed_in_and_public_pages_ask_for_it(app: Flask, client: Client) -> None:
    fragment = client.get("/account/who/")
    assert (fragment.get_data(as_text=True), fragment.headers["Cache-Control"]) == ("", "private, no-store")
    sign_in(client, known(name="Anna <b>L.</b>"))
    assert "Anna &lt;b&gt;L.&lt;/b&gt;" in client.get("/account/who/").get_data(as_text=True)
    assert text_of(client.page("/account/").one("bdi", class_="who")) == "Anna <b>L.</b>"
    public = client.page("/es/guides/")
    assert public.one("li", data_who="/es/account/who/")
    assert not public.all("bdi", class_="who")


def test_signing_in_leads_on(app: Flask, client: Client) -> None:
    known()
    page = path_of(client.get("/es/manage/"))
    assert page == "/es/account/sign-in/?next=/es/manage/"
    assert path_of(sign_in_as(client, "Anna@Example.com", PASSWORD, page=page)) == "/es/manage/"


@pytest.mark.parametrize("target", EVIL)
def test_signing_in_never_leads_off_the_site(app: Flask, client: Client, target: str) -> None:
    known()
    data = {**ANNA, "csrf_token": token_of(client, "/account/sign-in/"), "next": target}
    response = client.post("/account/sign-in/", data=data)
    assert response.status_code == 303
    assert response.headers["Location"] == "/account/"


@pytest.mark.parametrize(
    "target", [*EVIL[:4], *(pytest.param(one, marks=pytest.mark.slow) for one in EVIL[4:])]
)
def test_no_address_of_ours_leads_off_the_site(
    app: Flask, client: Client, new_client: NewClient, mailbox: Mailbox, target: str
) -> None:
    known()
    onward = {"next": target}
    data = {**ANNA, "csrf_token": token_of(client, "/account/sign-in/", query_string=onward)}
    response = client.post("/account/sign-in/", data=data, query_string=onward)
    assert response.headers["Location"] == "/account/"
    other = new_client()
    data = {"name": "B", "email": "berta@example.com", "password": GOOD_PASSWORD, **onward}
    data["csrf_token"] = token_of(other, "/account/sign-up/")
    assert other.post("/account/sign-up/", data=data).headers["Location"] == "/account/mail/?again=confirm"
    assert "next" not in link_of(mailbox()[-1])


def test_a_wrong_password_is_422_and_signs_nobody_in(app: Flask, client: Client) -> None:
    known()
    assert sign_in_as(client, "anna@example.com", "wrong").status_code == 422
    assert not is_signed_in(client)


def test_staying_signed_in_outlives_the_browser(app: Flask, new_client: NewClient) -> None:
    known()
    for remember, stays in ((None, False), ("y", True)):
        client = new_client()
        client.submit("/account/sign-in/", {**ANNA, "remember": remember})
        client.delete_cookie("session")
        assert is_signed_in(client) is stays


def test_signing_out_forgets_the_device_too(app: Flask, client: Client) -> None:
    known()
    client.submit("/account/sign-in/", {**ANNA, "remember": "y"})
    client.submit("/account/sign-out/", {}, on="/account/")
    assert not is_signed_in(client)
    assert client.get_cookie("remember_token") is None


def test_cookies_are_for_this_site_and_not_for_scripts(app: Flask, client: Client) -> None:
    known()
    response = client.submit("/account/sign-in/", {**ANNA, "remember": "y"})
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_a_planted_form_token_is_worth_nothing_after_signing_in(app: Flask, client: Client) -> None:
    known()
    planted = token_of(client, "/account/sign-in/")
    sign_in_as(client, "anna@example.com", PASSWORD)
    response = client.post("/account/", data={"name": "Eve", "language": "en", "csrf_token": planted})
    assert response.status_code == 422


def test_a_reset_looks_the_same_for_anybody(
    app: Flask, client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    known()
    known("closed@example.com", active=False)
    seen = set()
    for email in ("anna@example.com", "closed@example.com", "nobody@example.com"):
        other = new_client()
        status, target, text = answer(other, other.submit("/account/reset/", {"email": email}))
        seen.add((status, target, text.replace(email, "")))
    assert len(seen) == 1
    assert [message["To"] for message in mailbox()] == ["anna@example.com"]


def test_a_reset_sets_the_password_once_and_ends_other_sessions(
    app: Flask, client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    thief = new_client()
    sign_in(thief, known())
    client.submit("/account/reset/", {"email": "anna@example.com"})
    link = link_of(mailbox()[-1])
    response = client.submit(link, {"password": GOOD_PASSWORD})
    assert path_of(response) == "/account/sign-in/"
    assert not is_signed_in(thief)
    assert not is_signed_in(client)
    assert sign_in_as(client, "anna@example.com", PASSWORD).status_code == 422
    assert sign_in_as(client, "anna@example.com", GOOD_PASSWORD).status_code == 303
    again = new_client().get(link)
    assert path_of(again) == "/account/reset/"
    assert [message["Subject"] for message in mailbox()][-1] == "Your password was changed"


def test_a_second_link_is_worth_nothing_once_the_first_was_used(
    app: Flask, new_client: NewClient, mailbox: Mailbox
) -> None:
    known()
    for _ in range(2):
        new_client().submit("/account/reset/", {"email": "anna@example.com"})
    first, second = (link_of(message) for message in mailbox())
    new_client().submit(first, {"password": GOOD_PASSWORD})
    assert path_of(new_client().get(second)) == "/account/reset/"


def test_who_opens_the_link_of_a_reset_has_confirmed_the_address(
    app: Flask, client: Client, new_client: NewClient, mailbox: Mailbox
) -> None:
    """Somebody else signed up with Anna's address: when she does, the account becomes hers alone."""
    squatter = new_client()
    sign_up(squatter, password="the squatter knows this")
    sign_in_as(squatter, "anna@example.com", "the squatter knows this")
    assert is_signed_in(squatter)
    sign_up(client)
    client.submit(link_of(mailbox()[-1]), {"password": GOOD_PASSWORD})
    assert person().confirmed_at is not None
    assert not is_signed_in(squatter)
    assert sign_in_as(squatter, "anna@example.com", "the squatter knows this").status_code == 422


@pytest.mark.parametrize("path", ["/account/reset/nonsense/", "/es/account/reset/a.b/"])
def test_a_reset_link_that_is_none_leads_to_a_new_one(client: Client, path: str) -> None:
    response = client.get(path)
    assert path_of(response) == path.partition("reset/")[0] + "reset/"
    (message,) = client.page(path_of(response)).texts("div", class_="message-error")
    assert ("does not work" in message) is not path.startswith("/es/")


def test_the_address_is_filled_in_for_who_is_signed_in(app: Flask, client: Client) -> None:
    sign_in(client, known())
    assert client.page("/account/reset/").one("input", name="email").get("value") == "anna@example.com"


def test_a_new_password_signs_other_devices_out_and_keeps_this_one(
    app: Flask, client: Client, new_client: NewClient
) -> None:
    user = known()
    other = new_client()
    sign_in(client, user)
    sign_in(other, user)
    response = client.submit("/account/password/", {"password": PASSWORD, "new_password": GOOD_PASSWORD})
    assert path_of(response) == "/account/"
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_log_of_all_this_names_nobody(
    app: Flask, client: Client, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    known()
    sign_up(client, "berta@example.com")
    sign_in_as(client, "anna@example.com", "wrong")
    client.submit("/account/reset/", {"email": "anna@example.com"})
    client.get(link_of(mailbox()[-1]))
    client.post("/account/sign-in/", data={"email": "anna@example.com"})
    assert "example.com" not in caplog.text
    assert GOOD_PASSWORD not in caplog.text
