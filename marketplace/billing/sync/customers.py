"""The customers that providers are to Stripe."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import BillingCustomer
from marketplace.billing.stripe.gateway import Gateway
from marketplace.core.extensions import db, insert_into
from marketplace.providers.models import Provider


def ensure_customer(provider_id: int, actor: User, gateway: Gateway) -> str:
    """The provider's customer at Stripe, made there if need be; commits."""
    known = customer_of(provider_id)
    if known is not None:
        db.session.rollback()
        return known
    name = db.session.scalars(select(Provider.name).where(Provider.id == provider_id)).one()
    email = actor.email
    db.session.rollback()
    # Another name or address is another call: the same key would be refused.
    shape = hashlib.sha256(f"{name}\0{email}".encode()).hexdigest()[:16]
    made = gateway.create_customer(
        name=name, email=email, provider_id=provider_id, key=f"customer:{provider_id}:{shape}"
    )
    db.session.execute(
        insert_into(BillingCustomer)
        .values(provider_id=provider_id, stripe_customer_id=made)
        .on_conflict_do_nothing()
    )
    db.session.commit()
    found = customer_of(provider_id)
    db.session.rollback()
    return found or made


def customer_of(provider_id: int) -> str | None:
    """The provider's customer at Stripe, if there is one."""
    query = select(BillingCustomer.stripe_customer_id).where(BillingCustomer.provider_id == provider_id)
    return db.session.scalar(query)
