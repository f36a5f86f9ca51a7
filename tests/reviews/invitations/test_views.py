from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.invitations.accepting import opt_out
from marketplace.reviews.invitations.models import Invite, InviteBatch
from tests.clients import Client, path_of
from tests.factories import NOON, make_user, sign_in
from tests.pages import Page, fields_of, shown
from tests.reviews.asking import SEPTEMBER, ask, invited, offered, secret

pytestmark = pytest.mark.slow

GOOD: dict[str, Any] = {
    "period_from": "2026-10-01",
    "period_to": "2026-10-31",
    "addresses": "Ana <ana@one.example>\nbo@one.example\nbo@one.example\nNobody",
    "language": "es",
    "declared": "y",
}


@pytest.fixture
def listing(app: Flask, client: Client) -> Listing:
    """A listing of the member who is signed in."""
    found, member = offered()
    db.session.commit()
    sign_in(client, member)
    return found


def form_of(listing: Listing, prefix: str = "") -> str:
    return f"{prefix}/manage/{listing.provider.slug}/listings/{listing.id}/invite/"


def send(client: Client, listing: Listing, prefix: str = "", **values: Any) -> Any:
    """Press a button of the form, with a token of the page."""
    path = form_of(listing, prefix)
    token = client.token(path)
    return client.post(path, data={"csrf_token": token, **GOOD, **values}, content_type="multipart/form-data")


def count() -> int:
    return db.session.scalar(select(func.count(Invite.id))) or 0


def test_the_desk_leads_to_the_form(client: Client, listing: Listing) -> None:
    desk = client.page(f"/manage/{listing.provider.slug}/")
    overview = f"/manage/{listing.provider.slug}/invitations/"
    assert overview in desk.links()
    page = client.page(overview)
    assert form_of(listing) in page.links()
    assert "Nobody invited yet." in page.text


def test_a_list_is_checked_first_and_nothing_is_kept(client: Client, listing: Listing) -> None:
    page = shown(send(client, listing, do="check"), 200)
    assert "2 clients are on your list" in page.text
    assert "One email address was repeated and counts once." in page.text
    assert "Line 4: “Nobody”. This is not an email address we can write to." in page.text
    fields = fields_of(page.form(form_of(listing)))
    assert fields["addresses"][0].splitlines() == GOOD["addresses"].splitlines()
    assert (fields["period_from"], fields["declared"], fields["language"]) == (["2026-10-01"], ["y"], ["es"])
    assert count() == 0


def test_a_list_is_kept_and_shown_on_the_desk(client: Client, listing: Listing) -> None:
    response = send(client, listing, do="send")
    assert path_of(response) == f"/manage/{listing.provider.slug}/invitations/"
    page = client.page(path_of(response))
    assert "We have saved your list and are sending the emails." in page.text
    assert "1 October 2026 to 31 October 2026" in page.text
    assert "2 clients invited, nobody has written a review yet" in page.text
    assert "one.example" not in page.html
    assert count() == 2


def test_the_desk_speaks_spanish(client: Client, listing: Listing) -> None:
    response = send(client, listing, "/es", do="send")
    assert path_of(response) == f"/es/manage/{listing.provider.slug}/invitations/"
    assert "Del 1 de octubre de 2026 al 31 de octubre de 2026" in client.page(path_of(response)).text


def test_a_file_comes_back_as_lines(client: Client, listing: Listing) -> None:
    file = (BytesIO(b"correo,nombre\ncy@one.example,Cy\noops,Di\n"), "clients.csv")
    page = Page(send(client, listing, do="check", file=file).get_data(as_text=True))
    lines = fields_of(page.form(form_of(listing)))["addresses"][0].splitlines()
    assert lines[-2:] == ["cy@one.example", "oops"]
    assert "Line 6: “oops”" in page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"declared": ""}, "Confirm this. We invite all clients from a period or none of them"),
        ({"period_to": "2026-12-01"}, "Choose today or an earlier day"),
        ({"period_from": "soon"}, "Choose a day"),
        ({"addresses": "x@one.example\n" * 10_000}, "more than 5,000 lines"),
        ({"file": b"a\0"}, "This is not a text file."),
        ({"language": "xx"}, "Choose a language from the list"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    client: Client, listing: Listing, values: dict[str, Any], words: str
) -> None:
    given = {**GOOD, **values}
    if "file" in given:
        given["file"] = (BytesIO(given["file"]), "a.csv")
    if not values.get("declared", "y"):
        given.pop("declared")
    path = form_of(listing)
    token = client.token(path)
    data = {"csrf_token": token, "do": "send", **given}
    page = shown(client.post(path, data=data, content_type="multipart/form-data"), 422)
    assert words in page.text
    assert fields_of(page.form(path))["addresses"][0].split() == given["addresses"].split()
    assert count() == 0


def test_days_that_were_given_are_refused(client: Client, listing: Listing) -> None:
    ask(listing, "z@one.example")
    db.session.commit()
    page = Page(send(client, listing, do="send").get_data(as_text=True))
    assert "You have already invited the clients from 1 October 2026 to 31 October 2026" in page.text
    assert count() == 1


def test_what_is_no_address_is_shown_as_text(client: Client, listing: Listing) -> None:
    page = Page(
        send(client, listing, do="check", addresses="a@one.example\n<b>x</b>\n" + "y" * 9000).get_data(
            as_text=True
        )
    )
    assert "y" * 59 + "…" in page.text
    assert "x" not in page.texts("b")


def test_who_opted_out_is_a_number_at_most(client: Client, listing: Listing) -> None:
    other, _ = offered()
    opt_out(invited(other, "quiet@one.example"), secret=secret(), now=NOON)
    db.session.commit()
    few = Page(
        send(client, listing, do="check", addresses="quiet@one.example\nb@one.example").get_data(as_text=True)
    )
    assert "2 clients are on your list" in few.text
    assert (
        "We don’t write to anyone who was invited in the last twelve months or doesn’t want invitations."
    ) in few.text
    many = "quiet@one.example\n" + "\n".join(f"c{n}@one.example" for n in range(9))
    page = Page(send(client, listing, do="check", addresses=many).get_data(as_text=True))
    assert "We won’t write to one client" in page.text


def test_lists_cannot_be_tried_without_end(client: Client, listing: Listing) -> None:
    for _ in range(40):
        assert send(client, listing, do="check").status_code == 200
    page = shown(send(client, listing, do="send"), 429)
    assert "You have checked too many lists in an hour." in page.text
    assert "ana@one.example" in page.html
    assert count() == 0


def test_a_stale_page_keeps_nothing(client: Client, listing: Listing) -> None:
    response = client.post(form_of(listing), data={**GOOD, "csrf_token": "old", "do": "send"})
    assert response.status_code == 422
    assert count() == 0


def test_a_listing_out_of_sight_says_so(client: Client, listing: Listing) -> None:
    listing.status = "paused"
    db.session.commit()
    assert "This listing is not published" in client.page(form_of(listing), 409).text
    assert client.post(form_of(listing), data=GOOD).status_code == 409
    listing.status, listing.provider.status = "published", "suspended"
    db.session.commit()
    assert "Clients can’t see your provider at the moment" in client.page(form_of(listing), 403).text
    assert (
        "Once one of your listings is published, you can invite its clients here"
        in client.page(f"/manage/{listing.provider.slug}/invitations/").text
    )


def test_a_stranger_finds_nothing(app: Flask, new_client: Callable[[], Client], listing: Listing) -> None:
    stranger = new_client()
    sign_in(stranger, make_user("admin"))
    db.session.commit()
    for path in (form_of(listing), f"/manage/{listing.provider.slug}/invitations/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(form_of(listing), data=GOOD).status_code == 404
    theirs, member = offered()
    db.session.commit()
    sign_in(stranger, member)
    wrong = f"/manage/{theirs.provider.slug}/listings/{listing.id}/invite/"
    assert stranger.get(wrong).status_code == stranger.post(wrong, data=GOOD).status_code == 404
    assert new_client().get(form_of(listing)).status_code == 302
    assert db.session.scalar(select(func.count(InviteBatch.id))) == 0


def test_the_desk_asks_few_questions_of_the_database(
    app: Flask, client: Client, listing: Listing, count_queries: Any
) -> None:
    ask(listing, "a@one.example")
    db.session.commit()
    path = f"/manage/{listing.provider.slug}/invitations/"
    with count_queries(app) as few:
        client.page(path)
    ask(listing, *(f"c{n}@one.example" for n in range(20)), period=SEPTEMBER)
    db.session.commit()
    with count_queries(app) as many:
        client.page(path)
    assert len(many) == len(few)
