"""The mails: each in its reader's language, with one link, once for each occasion."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from flask import current_app

from marketplace.billing.placements.notifications import notify_admins, notify_members
from marketplace.core.config import data_folder
from marketplace.core.extensions import db
from marketplace.providers.models import ProviderMember
from tests.billing.shop import Shop
from tests.factories import NOON, make_user

Mailbox = Callable[[], list[EmailMessage]]
ADMIN_REASONS = ("provider", "listing", "stale", "dispute", "dispute_won", "inquiry", "late", "refund_failed")
REASONS = {
    "hidden": ("provider", "listing", "stale"),
    "ended": ("over", "unpaid", "canceled", "refunded", "dispute", "other"),
}
DATED = ("started", "payment_failed", "canceling", "slot_free", "pass_ending")
MAILS = sorted(
    path.stem for path in data_folder("templates").glob("emails/placement/*.txt") if path.stem != "admin"
)


def words_of(mail: str, reason: str = "") -> Any:
    """What a mail says: `subject`, `paragraphs`, `link`."""
    values = {
        "provider": "Casa Ocotillo",
        "where": "the Mexico page",
        "day": "24 December 2026",
        "amount": "€20",
    }
    template = current_app.jinja_env.get_template(f"emails/placement/{mail}.txt")
    return template.make_module({**values, "reason": reason})


def text_of(mail: str, reason: str = "") -> str:
    words = words_of(mail, reason)
    return " ".join([words.subject, *words.paragraphs, words.link])


@pytest.mark.parametrize("mail", MAILS)
def test_each_mail_names_the_provider_the_place_and_no_empty_day(request_context: None, mail: str) -> None:
    for reason in REASONS.get(mail, ("",)):
        text = text_of(mail, reason)
        assert "Casa Ocotillo" in text
        assert "the Mexico page" in words_of(mail, reason).subject
        assert ("24 December 2026" in text) == (mail in DATED)


@pytest.mark.parametrize(("mail", "reasons"), [("hidden", 3), ("ended", 5)])
def test_each_reason_has_its_own_sentence(request_context: None, mail: str, reasons: int) -> None:
    assert len({text_of(mail, reason) for reason in REASONS[mail]}) == reasons


def test_a_partial_refund_names_the_amount_and_that_the_placement_continues(request_context: None) -> None:
    text = text_of("given_part")
    assert "€20" in text
    assert "The placement continues as before" in text


def test_admins_read_what_to_do(request_context: None) -> None:
    texts = {tuple(words_of("admin", reason).paragraphs) for reason in ADMIN_REASONS}
    assert len(texts) == len(ADMIN_REASONS)
    assert words_of("admin", "late").subject == "Featured placement of Casa Ocotillo: the Mexico page"


@pytest.mark.parametrize("code", MAILS)
def test_every_mail_says_who_and_where_with_one_link(shop: Shop, mailbox: Mailbox, code: str) -> None:
    placement = shop.claim()
    reasons = REASONS.get(code, ("",))
    for reason in reasons:
        notify_members(placement, code, key=reason, end=NOON, reason=reason)
    db.session.commit()
    letters = mailbox()
    assert len(letters) == len(reasons)
    for letter in letters:
        text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert shop.seller.provider.name in text
        assert text.count(f"/manage/{shop.seller.provider.slug}/placements/{placement.id}/") == 1
        assert letter["To"] == shop.seller.member.email


def test_each_member_reads_in_their_own_language_once(shop: Shop, mailbox: Mailbox) -> None:
    spanish = make_user(language="es")
    db.session.add(ProviderMember(provider_id=shop.seller.provider.id, user_id=spanish.id, created_at=NOON))
    placement = shop.claim()
    for _ in range(3):
        notify_members(placement, "started", key="1", end=NOON)
    notify_members(placement, "started", key="2", end=NOON)
    db.session.commit()
    letters = mailbox()
    assert len(letters) == 4
    found = {letter["To"]: letter["Content-Language"] for letter in letters}
    assert found == {shop.seller.member.email: "en", spanish.email: "es"}
    links = [letter.get_body(("plain",)).get_content() for letter in letters]  # type: ignore[union-attr]
    assert sum("/es/manage/" in text for text in links) == 2


@pytest.mark.parametrize("reason", ADMIN_REASONS)
def test_admins_are_told_with_a_link_to_their_own_page(shop: Shop, mailbox: Mailbox, reason: str) -> None:
    make_user(role="admin", active=False)
    make_user(role="moderator")
    placement = shop.claim()
    notify_admins(placement, reason, key="1")
    notify_admins(placement, reason, key="1")
    db.session.commit()
    letters = mailbox()
    assert [letter["To"] for letter in letters] == [shop.admin.email]
    assert "/staff/" in letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
