"""The mails: each in its reader's language, with one link, once for each occasion."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from marketplace.billing.placements.mails import WRITERS, tell_admins, tell_members
from marketplace.core.extensions import db
from marketplace.providers.models import ProviderMember
from tests.billing.shop import Shop
from tests.factories import NOON, make_user

Mailbox = Callable[[], list[EmailMessage]]
ADMIN_REASONS = ("provider", "listing", "stale", "dispute", "inquiry", "late", "refund_failed")
REASONS = {"hidden": ("provider", "listing", "stale"), "ended": ("over", "unpaid", "refunded", "other")}


@pytest.mark.parametrize("code", WRITERS)
def test_every_mail_says_who_and_where_with_one_link(shop: Shop, mailbox: Mailbox, code: str) -> None:
    placement = shop.claim()
    reasons = REASONS.get(code, ("",))
    for reason in reasons:
        tell_members(placement, code, key=reason, end=NOON, reason=reason)
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
        tell_members(placement, "started", key="1", end=NOON)
    tell_members(placement, "started", key="2", end=NOON)
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
    tell_admins(placement, reason, key="1")
    tell_admins(placement, reason, key="1")
    db.session.commit()
    letters = mailbox()
    assert [letter["To"] for letter in letters] == [shop.admin.email]
    assert "/staff/" in letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
