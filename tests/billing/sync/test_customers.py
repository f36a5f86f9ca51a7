"""Whose address stands at Stripe when a member leaves, and what a cancelled place holds up."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from sqlalchemy import select

from marketplace.accounts.privacy.services import erase_account
from marketplace.billing.sync.customers import readdress_customer
from marketplace.core.extensions import current_settings, db
from marketplace.core.jobs.queue import Job
from marketplace.providers.models import ProviderMember
from tests.billing.shop import Shop, send
from tests.factories import NOON, make_user, sign_in


def join(shop: Shop) -> str:
    colleague = make_user()
    number = shop.seller.provider.id
    db.session.add(
        ProviderMember(provider_id=number, user_id=colleague.id, created_at=NOON + timedelta(days=1))
    )
    db.session.commit()
    return colleague.email


def address(shop: Shop) -> str:
    return str(shop.objects("customer")[0]["email"])


def test_the_address_of_who_leaves_leaves_stripe_with_them(shop: Shop) -> None:
    shop.buy()
    leaving = shop.seller.member
    email, staying = leaving.email, join(shop)
    assert address(shop) == email
    erase_account(leaving, take_down=False, now=shop.clock())
    db.session.commit()
    payloads = db.session.scalars(select(Job.payload).where(Job.task == "billing.readdress")).all()
    assert payloads == [{"provider": shop.seller.provider.id}], "a job is told no address"
    shop.work()
    assert address(shop) == staying
    assert shop.statuses("subscription") == ["active"]
    readdress_customer(shop.seller.provider.id, gateway=shop.gateway)
    assert address(shop) == staying


def test_a_cancelled_place_holds_up_no_erasure_and_leaves_a_neutral_address(shop: Shop) -> None:
    place = shop.buy()
    shop.stripe.portal_cancel(place.subscription_id)
    shop.deliver()
    assert shop.state_of(place) == "canceling"
    shop.seller.listing.status = "withdrawn"
    db.session.commit()
    erase_account(shop.seller.member, take_down=False, now=shop.clock())
    db.session.commit()
    shop.work()
    assert address(shop) == parseaddr(current_settings().mail_sender)[1]


def test_a_cancelled_place_can_be_ended_at_once(shop: Shop) -> None:
    place = shop.buy()
    shop.stripe.portal_cancel(place.subscription_id)
    shop.deliver()
    client = shop.app.test_client()
    sign_in(client, shop.seller.member)
    page = f"/manage/{shop.seller.provider.slug}/placements/{place.id}/"
    assert "End it now, without a refund" in client.page(page).text
    assert send(client, f"{page}end/", on=page).status_code == 303
    shop.deliver()
    assert shop.outcome(place) == ("ended", "canceled")
    assert shop.statuses("subscription") == ["canceled"]
    assert shop.statuses("refund") == []
    assert send(client, f"{page}end/", on="/account/").status_code == 303, "once more changes nothing"
