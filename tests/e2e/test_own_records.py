"""What a member can hold against us and take away: receipts, the public ledger, one's data, and leaving for good."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.joining import sign_in
from tests.e2e.site import PASSWORD, Site
from tests.e2e.visitor import Visitor

AUTHOR = "zora@example.com"
LISTING = "/guides/mexico/renewing_temporary_residence/casa-ocotillo/"
# Who leaves, by width: members of the demo with a review of the listing, and how that begins.
LEAVERS = {"desk": "jolyon@example.com", "phone": "anselm@example.com"}
WORDS = {"desk": "Solid and unhurried", "phone": "My second renewal"}


@pytest.fixture(scope="module")
def site(site: Site) -> Site:
    site.let_sign_in(AUTHOR, *LEAVERS.values())
    site.publish_reviews_of(AUTHOR)
    return site


@pytest.fixture(params=["desk", "phone"])
def visitor(request: pytest.FixtureRequest, seat: Callable[..., Visitor]) -> Callable[[], Visitor]:
    return lambda: seat(request.param)


def saved(person: Visitor, link: Locator) -> str:
    """What a link downloads."""
    with person.page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_receipt_is_verified_to_the_last_byte(visitor: Callable[[], Visitor]) -> None:
    author = visitor()
    author.open("/account/reviews/")
    sign_in(author, AUTHOR)
    author.look("reviews-with-receipt")
    text = saved(author, author.page.locator("a[download][href*='/receipt']").first)
    assert json.loads(text)["receipt"]["action"] == "publish"
    author.open("/about/receipts/")
    author.look("receipts", dark=True)
    author.fill(receipt=text)
    author.press()
    expect(author.page.locator("main [role='status']")).to_contain_text("This receipt is valid")
    author.look("receipt-valid", again=False, dark=True)
    author.open("/about/receipts/")
    author.fill(receipt=text.replace('"rating":', '"rating": ', 1))
    author.press()
    expect(author.page.locator("main")).to_contain_text("changed after we signed it")
    signature = json.loads(text)["signature"]
    other = signature[:-1] + ("1" if signature[-1] == "0" else "0")
    author.fill(receipt=text.replace(signature, other))
    author.press()
    expect(author.page.locator("main")).to_contain_text("changed after we signed it")
    expect(author.page.locator("main [role='status']")).to_have_count(0)
    author.look("receipt-changed", again=False)


def test_the_ledger_is_public_and_comes_as_a_table(visitor: Callable[[], Visitor]) -> None:
    reader = visitor()
    reader.open("/about/decisions/")
    reader.look("decisions", dark=True)
    reader.page.locator("summary").first.click()
    reader.look("decisions-grounds", again=False)
    lines = saved(
        reader, reader.page.locator("a[download][href*='/about/decisions.csv?year=']").first
    ).splitlines()
    head, *rows = csv.reader(lines)
    assert head[:7] == "month day kind action ground asked_by stars".split()
    months = Counter(row[0] for row in rows)
    newest = reader.page.locator("h3 + dl.facts").first.locator("dd b")
    assert sum(int(count) for count in newest.all_inner_texts()) == months[max(months)]


def test_a_member_takes_everything_away_and_leaves(
    request: pytest.FixtureRequest, visitor: Callable[[], Visitor]
) -> None:
    width = request.node.callspec.params["visitor"]
    email, member = LEAVERS[width], visitor()
    member.open("/account/data/")
    sign_in(member, email)
    member.look("data", dark=True)
    kept = json.loads(saved(member, member.page.locator("main a[download]")))
    name = kept["account"][0]["name"]
    assert kept["account"][0]["email"] == email
    assert any(review["text"].startswith(WORDS[width]) for review in kept["reviews"])
    member.open(LISTING)
    review = member.page.locator("article.review", has_text=WORDS[width])
    expect(review).to_contain_text(name)
    member.open("/account/data/")
    member.follow("main a[href$='/account/data/erase/']")
    member.look("erase")
    member.fill(password="not this one")
    member.press()
    member.expect_error_summary("password")
    member.fill(password=PASSWORD)
    if width == "phone":
        member.fill(take_down="y")
    member.press()
    member.look("erased")
    member.open(LISTING)
    expect(review).to_have_count(0 if width == "phone" else 1)
    expect(member.page.locator("main")).not_to_contain_text(name)
    assert "Your account has been deleted" in [
        letter.subject for letter in member.site.deliver() if letter.to == email
    ]
    member.open("/account/")
    member.fill(email=email, password=PASSWORD)
    member.press()
    expect(member.field("password")).to_have_count(1)
