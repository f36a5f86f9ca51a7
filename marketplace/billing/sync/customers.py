"""The customers of providers at Stripe: one for each account and mode that we sell with, under the address of a member."""

from __future__ import annotations

import hashlib
from email.utils import parseaddr
from typing import Any

from sqlalchemy import delete, select, update

from marketplace.accounts.models import User
from marketplace.billing.models import BillingCustomer
from marketplace.billing.stripe.gateway import Gateway, gateway_if_any
from marketplace.billing.sync.accounts import is_present
from marketplace.core.extensions import current_settings, db, insert_into
from marketplace.core.jobs.queue import enqueue
from marketplace.providers.membership import providers_of
from marketplace.providers.models import Provider, ProviderMember


def ensure_customer(provider_id: int, actor: User, gateway: Gateway, *, lost: str = "") -> str:
    """The provider's customer in the present account, created if there is none; `lost` is one that Stripe has deleted.
    Commits."""
    email = actor.email
    db.session.rollback()  # Stripe may be asked
    account = gateway.account()
    known = customer_of(provider_id, account) or _adopt_customer(provider_id, gateway)
    if known is not None:
        db.session.rollback()
        return known
    name = db.session.scalars(select(Provider.name).where(Provider.id == provider_id)).one()
    db.session.rollback()
    # Another name or address is another call: Stripe would reject the same key.
    digest = hashlib.sha256(f"{name}\0{email}\0{account}\0{lost}".encode()).hexdigest()[:16]
    made = gateway.create_customer(
        name=name, email=email, provider_id=provider_id, key=f"customer:{provider_id}:{digest}"
    )
    db.session.execute(
        insert_into(BillingCustomer)
        .values(provider_id=provider_id, account=account, stripe_customer_id=made)
        .on_conflict_do_nothing()
    )
    db.session.commit()
    found = customer_of(provider_id, account)
    db.session.rollback()
    return found or made


def customer_of(provider_id: int, account: str) -> str | None:
    """The id of the provider's customer in an account at Stripe, if there is one."""
    query = select(BillingCustomer.stripe_customer_id).where(BillingCustomer.provider_id == provider_id)
    return db.session.scalar(query.where(BillingCustomer.account == account))


def own_customer(provider_id: int) -> str | None:
    """The provider's customer in the account and mode that we sell with now, without asking Stripe; None where there is
    none, or nothing is sold."""
    stripe = gateway_if_any()
    if stripe is None:
        return None
    rows = db.session.execute(
        select(BillingCustomer.account, BillingCustomer.stripe_customer_id)
        .where(BillingCustomer.provider_id == provider_id)
        .order_by(BillingCustomer.account.desc())
    )
    fitting = (known for account, known in rows if not account or is_present(account, stripe.known_account))
    return next(fitting, None)


def _adopt_customer(provider_id: int, gateway: Gateway) -> str | None:
    """A customer from before accounts were kept, if Stripe knows it in the present one. Commits."""
    known = customer_of(provider_id, "")
    db.session.rollback()
    if known is None or not gateway.has_customer(known):
        return None
    mine = update(BillingCustomer).where(
        BillingCustomer.provider_id == provider_id, BillingCustomer.account == ""
    )
    db.session.execute(mine.values(account=gateway.account()).execution_options(synchronize_session=False))
    db.session.commit()
    return known


def forget_customer(provider_id: int, account: str) -> None:
    """Forget a customer that Stripe has deleted. Commits."""
    gone = delete(BillingCustomer).where(
        BillingCustomer.provider_id == provider_id, BillingCustomer.account == account
    )
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.commit()


def leave_customers(sender: object, *, user: User, **_: Any) -> None:
    """A member's account is erased: where their address is on a provider's customer, another takes its place. In the
    erasure's transaction; Stripe is asked by a job, which is told no address."""
    for provider in providers_of(user):
        if db.session.scalar(
            select(BillingCustomer.provider_id).where(BillingCustomer.provider_id == provider.id).limit(1)
        ):
            enqueue("billing.readdress", {"provider": provider.id})


def readdress_customer(provider_id: int, *, gateway: Gateway) -> None:
    """Give the provider's customer the address of a member, the one who is longest there, where it has nobody's; where none
    is left, our own, so that Stripe keeps nobody's. Raises `GatewayError`."""
    members = db.session.scalars(
        select(User.email)
        .join(ProviderMember, ProviderMember.user_id == User.id)
        .where(ProviderMember.provider_id == provider_id)
        .order_by(ProviderMember.created_at, User.id)
    ).all()
    db.session.rollback()
    known = customer_of(provider_id, gateway.account())
    db.session.rollback()
    if known is None or not gateway.has_customer(known):
        return
    if gateway.customer_email(known) not in members:
        gateway.readdress(
            known, email=members[0] if members else parseaddr(current_settings().mail_sender)[1]
        )
