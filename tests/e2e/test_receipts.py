"""An author takes a signed receipt away and anybody verifies it; the ledger counts the decision."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from marketplace.accounts.models import User
from marketplace.moderation.services import decide
from tests.e2e.joining import sign_in
from tests.e2e.site import Site
from tests.e2e.visitor import Album, Visitor
from tests.factories import PASSWORD, make_listing, make_review, make_topic, make_user

LANGUAGES = {"desk": ("en", "Published", "Rejected"), "phone": ("es", "Publicada", "Rechazada")}
# The ledger tells of days that are over.
DECIDED = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), demo=False)
    yield site
    site.stop()


@pytest.fixture(scope="module")
def authors(site: Site) -> dict[str, str]:
    """By width, who wrote a review that was published yesterday; one more review was rejected."""
    written = {}
    with site.seeding():
        moderator = make_user("moderator")
        for width, (language, *_) in LANGUAGES.items():
            written[width] = _judged(make_user(language=language), moderator, "publish")
        _judged(make_user(), moderator, "reject")
    return written


def _judged(author: User, moderator: User, action: str) -> str:
    review = make_review(
        make_listing(make_topic()), author, status="pending", level="confirmed", published_at=None
    )
    reasons: dict[str, str] = (
        {} if action == "publish" else {"ground": "spam", "statement": "It advertises another office."}
    )
    decide(
        "review", review.id, actor=moderator, action=action, version=review.version, now=DECIDED, **reasons
    )
    return author.email


@pytest.mark.parametrize("width", LANGUAGES)
def test_a_receipt_is_valid_until_a_byte_changes(
    width: str,
    site: Site,
    authors: dict[str, str],
    person: Callable[..., Page],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    language, published, rejected = LANGUAGES[width]
    album = Album(f"receipts-{width}", wanted=bool(request.config.getoption("--pictures")))
    author = Visitor(person(width, locale=language), site, album, language=language)
    author.open("/account/reviews/")
    sign_in(author, authors[width], PASSWORD)
    author.look("my-reviews-receipt")
    receipt = download(author, "main a[href*='/account/receipts/']", tmp_path / "receipt.json")

    # Anybody may verify: somebody else, who is not signed in.
    reader = Visitor(person(width, locale=language), site, album, language=language)
    reader.open("/about/receipts/")
    reader.look("receipts", dark=True)
    verify(reader, receipt)
    expect(reader.page.locator("main [role='status']")).to_be_visible()
    expect(reader.page.locator("dl.facts").first).to_contain_text("They answered every question")
    reader.look("receipt-valid", again=False, dark=True)
    changed = receipt.replace("They answered every question", "They answered every questiom")
    assert changed != receipt
    verify(reader, changed)
    expect(reader.page.locator("main [role='alert']")).to_be_visible()
    expect(reader.page.locator("main [role='status']")).to_have_count(0)
    expect(reader.field("receipt")).to_have_value(changed)
    reader.look("receipt-changed", again=False, dark=True)

    reader.open("/about/decisions/")
    reader.look("decisions", dark=True)
    counts = reader.page.locator("dl.facts").first
    expect(counts).to_contain_text(f"{published}: 2")
    expect(counts).to_contain_text(f"{rejected}: 1")
    table = download(reader, "main a[href$='/about/decisions.csv']", tmp_path / "decisions.csv")
    rows = list(csv.DictReader(table.splitlines()))
    assert sorted((row["kind"], row["action"], row["ground"]) for row in rows) == [
        ("review", "publish", ""),
        ("review", "publish", ""),
        ("review", "reject", "spam"),
    ]
    assert {row["month"] for row in rows} == {DECIDED.strftime("%Y-%m")}


def download(person: Visitor, link: str, path: Path) -> str:
    """Follow a link that gives a file; returns what is in it."""
    with person.page.expect_download() as given:
        person.page.locator(link).first.click()
    given.value.save_as(path)
    return path.read_text(encoding="utf-8-sig")


def verify(reader: Visitor, receipt: str) -> None:
    """Paste a receipt and send it."""
    reader.fill(receipt=receipt)
    reader.follow("main form[action*='/about/receipts/verify/'] button")
