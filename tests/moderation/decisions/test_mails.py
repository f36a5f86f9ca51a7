from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.mail.queue import queue_mail
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.mails import queue_decision_mails
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision
from marketplace.providers.models import ProviderMember
from marketplace.reviews.replies.services import edit_reply
from tests.factories import NOON, make_provider, make_user
from tests.moderation.deciding import decide_now, move
from tests.moderation.desk import body
from tests.moderation.waiting import (
    MAKERS,
    STATEMENT,
    waiting_edit,
    waiting_listing,
    waiting_reply,
    waiting_review,
    waiting_review_edit,
)
from tests.reviews.proving import make_proof

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]


def by_reader(mailbox: Mailbox) -> dict[str, EmailMessage]:
    return {message["To"]: message for message in mailbox()}


def test_the_author_reads_why_the_review_is_not_published(app: Flask, mailbox: Mailbox) -> None:
    author = make_user()
    move("review", waiting_review(author), "reject", "same_text")
    (message,) = mailbox()
    assert message["To"] == author.email
    assert "was not published" in message["Subject"]
    for part in ("plain", "html"):
        assert STATEMENT in body(message, part)
        assert "Same text twice" in body(message, part)
        assert "/account/reviews/" in body(message, part)


def test_a_published_review_is_told_to_author_and_provider(app: Flask, mailbox: Mailbox) -> None:
    author, owner = make_user(), make_user()
    review = waiting_review(author, owner, rating=2)
    move("review", review, "publish")
    found = by_reader(mailbox)
    assert set(found) == {author.email, owner.email}
    assert "is published" in found[author.email]["Subject"]
    assert "does not count" in body(found[author.email])
    assert "2 stars" in found[owner.email]["Subject"]
    assert review.text in body(found[owner.email])
    assert f"/{review.listing.provider.slug}/" in body(found[owner.email])
    assert author.name not in body(found[owner.email])


def test_a_documented_review_is_said_to_count(app: Flask, mailbox: Mailbox) -> None:
    author = make_user()
    review = waiting_review(author)
    moderator = make_user("moderator")
    make_proof(review, moderator)
    move("review", review, "publish", actor=moderator, level="documented")
    assert "It counts towards the average." in body(by_reader(mailbox)[author.email])


def test_a_proof_seen_later_is_told_to_the_author_alone(app: Flask, mailbox: Mailbox) -> None:
    review = waiting_review()
    move("review", review, "publish")
    before = len(mailbox())
    moderator = make_user("moderator")
    make_proof(review, moderator)
    move("review", review, "document", actor=moderator)
    messages = mailbox()
    assert len(messages) == before + 1
    assert any("now counts" in message["Subject"] for message in messages)


def test_every_reader_gets_the_letter_in_the_own_language(app: Flask, mailbox: Mailbox) -> None:
    author, owner = make_user(language="es"), make_user(language="en")
    review = waiting_review(author, owner)
    move("review", review, "publish")
    found = by_reader(mailbox)
    assert found[author.email]["Content-Language"] == "es"
    assert "/es/account/reviews/" in body(found[author.email])
    assert found[owner.email]["Content-Language"] == "en"
    assert "/es/" not in body(found[owner.email])
    assert "There is a new review of your service." in body(found[owner.email])


def test_a_guide_s_title_comes_in_the_reader_s_language(app: Flask, mailbox: Mailbox) -> None:
    listing = waiting_listing(make_user(language="es"))
    spanish = next(guide for guide in listing.topic.guides if guide.language == "es")
    spanish.title = "Renovar la residencia"
    move("listing", listing, "publish")
    (message,) = mailbox()
    assert "Renovar la residencia" in message["Subject"]
    assert "/es/manage/" in body(message)


@pytest.mark.parametrize("kind", ["listing", "listing_edit", "provider", "provider_edit", "claim"])
def test_a_rejection_is_told_with_ground_and_statement(app: Flask, mailbox: Mailbox, kind: str) -> None:
    reader = make_user()
    ground = "impersonation" if kind in ("provider", "provider_edit", "claim") else "not_a_service"
    move(kind, MAKERS[kind](reader), "reject", ground)
    (message,) = mailbox()
    assert message["To"] == reader.email
    assert STATEMENT in body(message)
    assert STATEMENT in body(message, "html")
    assert "/manage/" in body(message)


@pytest.mark.parametrize("kind", ["listing", "listing_edit", "provider", "provider_edit", "claim"])
def test_an_approval_is_told_to_the_members(app: Flask, mailbox: Mailbox, kind: str) -> None:
    reader = make_user()
    move(kind, MAKERS[kind](reader), "publish")
    (message,) = mailbox()
    assert message["To"] == reader.email
    assert message["Subject"]


@pytest.mark.parametrize(
    ("action", "status", "ground", "words"),
    [
        ("suspend", "active", "unlawful", ("has been suspended", "are now hidden", "Unlawful, or without")),
        ("reinstate", "suspended", "our_mistake", ("has been reinstated", "are shown again", "Our mistake")),
    ],
)
def test_a_provider_s_members_read_why_its_standing_changed_and_how_to_answer(
    app: Flask, mailbox: Mailbox, action: str, status: str, ground: str, words: tuple[str, str, str]
) -> None:
    first, second = make_user(language="es"), make_user()
    provider = make_provider(first, status=status)
    db.session.add(ProviderMember(provider_id=provider.id, user_id=second.id, created_at=NOON))
    move("provider", provider, action, ground)
    found = by_reader(mailbox)
    assert set(found) == {first.email, second.email}
    assert words[0] in found[second.email]["Subject"]
    assert f"\n\n{STATEMENT}\n\n" in body(found[second.email])
    for part in ("plain", "html"):
        text = body(found[second.email], part)
        assert all(word in text for word in words[1:])
        assert STATEMENT in text
        assert "/about/contact/" in text
        assert "/manage/" not in text
    assert found[first.email]["Content-Language"] == "es"
    assert "/es/about/contact/" in body(found[first.email])
    assert STATEMENT in body(found[first.email])
    assert words[0] not in found[first.email]["Subject"]


@pytest.mark.parametrize(
    ("action", "ground", "words"),
    [
        (
            "warn",
            "faked_reviews",
            ("There is a warning on the page of", "reason to doubt", "Fake or bought reviews"),
        ),
        ("clear", "unfounded", ("has been removed", "no longer shown", "Shown to be unfounded")),
    ],
)
def test_members_read_why_there_is_a_warning(
    app: Flask, mailbox: Mailbox, action: str, ground: str, words: tuple[str, str, str]
) -> None:
    first, second = make_user(language="es"), make_user()
    provider = make_provider(first, warned_at=NOON if action == "clear" else None)
    db.session.add(ProviderMember(provider_id=provider.id, user_id=second.id, created_at=NOON))
    move("provider", provider, action, ground)
    found = by_reader(mailbox)
    assert set(found) == {first.email, second.email}
    assert words[0] in found[second.email]["Subject"]
    for part in ("plain", "html"):
        text = body(found[second.email], part)
        assert all(word in text for word in (*words[1:], STATEMENT, "/about/contact/"))
    assert "/es/about/contact/" in body(found[first.email])
    assert words[1] not in body(found[first.email])


def test_text_from_outside_is_text_in_letters(app: Flask, mailbox: Mailbox) -> None:
    edit = waiting_edit()
    edit.listing.provider.name = "<b>Fine & Co</b>\u202e"
    review = waiting_review(text="<script>alert(1)</script> and thirty characters more")
    review.listing.provider.name = "%(x)s {{ 7 * 7 }}\tName"
    move("listing_edit", edit, "publish")
    move("review", review, "publish")
    messages = mailbox()
    assert len(messages) == 3
    for message in messages:
        assert "<script>" not in body(message, "html")
        assert "<b>Fine" not in body(message, "html")
    assert any("%(x)s {{ 7 * 7 }} Name" in message["Subject"] for message in messages)


def test_an_author_is_told_of_a_reply_once_and_not_of_its_changes(app: Flask, mailbox: Mailbox) -> None:
    owner, author = make_user(language="es"), make_user()
    reply = waiting_reply(owner, author, text="Thank you <b>for</b> writing.")
    move("reply", reply, "publish")
    found = by_reader(mailbox)
    assert set(found) == {owner.email, author.email}
    assert "replied to your review" in found[author.email]["Subject"]
    assert "Thank you <b>for</b> writing." in body(found[author.email])
    assert "Thank you &lt;b&gt;for&lt;/b&gt; writing." in body(found[author.email], "html")
    assert f"/{reply.provider.slug}/" in body(found[author.email])
    assert f"/es/manage/{reply.provider.slug}/reviews/" in body(found[owner.email])
    edit_reply(reply, actor=owner, text="Thank you again.", language="en", version=reply.version, now=NOON)
    move("reply", reply, "publish")
    assert sorted(message["To"] for message in mailbox()) == sorted([owner.email, owner.email, author.email])


def test_a_provider_reads_why_a_reply_is_refused_hidden_and_shown_again(app: Flask, mailbox: Mailbox) -> None:
    owner = make_user()
    reply = waiting_reply(owner, make_user(active=False))
    move("reply", reply, "publish")
    edit_reply(reply, actor=owner, text="Thank you again.", language="en", version=reply.version, now=NOON)
    move("reply", reply, "reject", "pressures_author")
    move("reply", reply, "hide", "reveals_client")
    move("reply", reply, "restore", "our_mistake")
    letters = {message["Subject"]: message for message in mailbox()}
    ends = ("is published", "was not published", "is hidden", "is shown again")
    told = {end: next(letters[one] for one in letters if one.endswith(end)) for end in ends}
    assert {message["To"] for message in told.values()} == {owner.email}
    for end in ends[1:]:
        for part in ("plain", "html"):
            assert STATEMENT in body(told[end], part)
    assert "The version published before is still shown." in body(told["was not published"])
    assert "Puts pressure on the author" in body(told["was not published"], "html")


def test_a_letter_leaves_once_however_often_it_is_queued(app: Flask, mailbox: Mailbox) -> None:
    review = waiting_review()
    decision = Decision(subject="review", subject_id=review.id, version=1, action="publish", decided_at=NOON)
    db.session.add(decision)
    db.session.flush()
    for _ in range(2):
        queue_decision_mails(find_subject("review", review.id), decision, Choice(now=NOON))
    db.session.commit()
    assert len(mailbox()) == 2


def test_the_letters_are_known_to_the_mail(app: Flask) -> None:
    """What the templates need is in the context that `letters` gives; nothing else is asked for."""
    with pytest.raises(Exception, match="undefined"):
        queue_mail("a@example.com", "review_decided", language="en")


NUMBERED = "Mr Smith lost my papers, NIE X1234567L, and never called back."
KEYS = ("text-3-8", "text-29-38")


def test_nobody_reads_in_a_letter_what_was_covered(app: Flask, mailbox: Mailbox) -> None:
    author, owner = make_user(), make_user()
    review = waiting_review(author, owner, text=NUMBERED)
    decide_now(
        "review", review.id, actor=make_user("moderator"), action="publish", version=1, covered=KEYS, now=NOON
    )
    db.session.commit()
    found = by_reader(mailbox)
    for part in ("plain", "html"):
        assert "covered personal data" in body(found[author.email], part)
        assert "Mr ▇▇▇▇ lost my papers, NIE ▇▇▇▇, and" in body(found[owner.email], part)
        assert "covered personal data" not in body(found[owner.email], part)
        for message in found.values():
            assert "X1234567L" not in body(message, part)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_author_alone_is_told_of_a_change_in_the_own_language(
    app: Flask, mailbox: Mailbox, language: str
) -> None:
    author = make_user(language=language)
    edit = waiting_review_edit(author, make_user(), text=NUMBERED)
    number = edit.review_id
    decide_now(
        "review_edit",
        number,
        actor=make_user("moderator"),
        action="publish",
        version=2,
        covered=KEYS,
        now=NOON,
    )
    db.session.commit()
    (message,) = mailbox()
    assert (message["To"], message["Content-Language"]) == (author.email, language)
    said = {
        "en": ("was accepted", "replaces the old one", "covered personal data"),
        "es": ("Se aceptó", "sustituye al anterior", "tapó"),
    }
    subject, shown, covered = said[language]
    assert subject in message["Subject"]
    for part in ("plain", "html"):
        assert shown in body(message, part)
        assert covered in body(message, part)


def test_the_author_reads_why_a_change_is_not_published(app: Flask, mailbox: Mailbox) -> None:
    author = make_user()
    move("review_edit", waiting_review_edit(author), "reject", "same_text")
    (message,) = mailbox()
    assert message["To"] == author.email
    assert "was not accepted" in message["Subject"]
    for part in ("plain", "html"):
        assert STATEMENT in body(message, part)
        assert "Your review stays as it was." in body(message, part)
        assert "/account/reviews/" in body(message, part)
