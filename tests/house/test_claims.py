"""What the site claims about reviews stands in `docs/claims.md`, word for word, with the tests that prove it."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

CHECKOUT = Path(__file__).parent.parent.parent
CATALOGUE = CHECKOUT / "translations/es/LC_MESSAGES/messages.po"
ROW = re.compile(r"^\| (?P<sentence>.+?) \| `(?P<place>[\w/.]+)` \| (?P<tests>.+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
# Every sentence of these is a claim; headings, labels and steps without a full stop are not.
WHOLE = (
    "marketplace/public/offers/labels.py",
    "templates/emails/invitation.html",
    "templates/emails/review_received.html",
    "templates/public/about/reviews_writing.html",
    "templates/public/pages/invited.html",
    "templates/public/pages/reported.html",
)
BANNED = re.compile(
    r"clients write (?:them|reviews)|a client wrote|as (?:it did )?to every client|whose proof a moderator saw",
    re.IGNORECASE,
)


def claims() -> list[re.Match[str]]:
    return list(ROW.finditer((CHECKOUT / "docs/claims.md").read_text()))


def sentences() -> dict[str, set[str]]:
    """Every English string with the files it stands in."""
    found: dict[str, set[str]] = {}
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            for text in [message.id] if isinstance(message.id, str) else message.id:
                found.setdefault(text, set()).update(place for place, _ in message.locations)
    return found


def test_a_claim_is_a_sentence_of_the_catalogue_where_it_says() -> None:
    known = sentences()
    rows = claims()
    assert len(rows) > 60
    assert not [row["sentence"] for row in rows if row["place"] not in known.get(row["sentence"], ())]


def test_each_claim_names_tests_that_exist() -> None:
    missing = []
    for row in claims():
        named = TEST.findall(row["tests"])
        assert named, row["sentence"]
        for path, name in named:
            file = CHECKOUT / "tests" / path
            if not file.is_file() or f"def {name}(" not in file.read_text():
                missing.append(f"{path}::{name}")
    assert not missing


def test_pages_and_emails_about_reviews_claim_nothing_else() -> None:
    """A plural counts as its longer form; the two emails are the same text twice."""
    told = {row["sentence"] for row in claims()}
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    texts = [message.id if isinstance(message.id, str) else message.id[1] for message in messages]
    unproven = [
        text
        for text, message in zip(texts, messages, strict=True)
        if text.endswith((".", ":"))
        and text not in told
        and {place for place, _ in message.locations} & {*WHOLE}
    ]
    assert not unproven


def test_what_was_untrue_is_said_nowhere() -> None:
    assert not [text for text in sentences() if BANNED.search(text)]
