"""What a featured place costs in each country: set by admins, made into Stripe's products and prices by lookup key.

Stripe's prices never change: another amount is another price, which takes the lookup key over. What runs at the old one
runs on at it, and a Checkout that is open sells at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.billing.models import KINDS, MOST_SLOTS, PlacementPrice
from marketplace.billing.placements.waiting import offer_everywhere
from marketplace.billing.stripe.gateway import Gateway
from marketplace.core.errors import InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue
from marketplace.core.revisions import raise_site_revision
from marketplace.guides.models import Topic
from marketplace.guides.services import raise_topic_revisions
from marketplace.i18n.currencies import currency_digits
from marketplace.i18n.names import country_name

HIGHEST_UNITS = 10_000  # of a currency's whole units: a slip of the hand is no price
LEAST_UNITS = 1
# Those whose minor unit is the same to Stripe as to us; ISK, UGX and the three-decimal ones are not.
CURRENCIES = tuple("AUD BRL CAD CHF CZK DKK EUR GBP JPY MXN NOK NZD PLN RON SEK USD".split())


def prices() -> Sequence[PlacementPrice]:
    """Every country's price, by country."""
    return db.session.scalars(select(PlacementPrice).order_by(PlacementPrice.country)).all()


def price_of(country: str) -> PlacementPrice | None:
    """A country's price where anything is sold there."""
    price = db.session.get(PlacementPrice, country)
    return price if price is not None and (price.month_amount or price.pass_amount) else None


def billing_currency() -> str | None:
    """The one currency of all prices; None before the first. Stripe ties a customer to one currency."""
    return db.session.scalar(select(PlacementPrice.currency).limit(1))


def set_price(
    *,
    actor: User,
    country: str,
    currency: str,
    month_amount: int | None,
    pass_amount: int | None,
    topic_slots: int,
    country_slots: int,
    now: datetime,
) -> PlacementPrice:
    """Set a country's price and slots; the worker takes it to Stripe. Running placements stay as they are.

    Amounts are minor units, None where the kind is not sold. Raises `NotAllowed` for who is no admin, `NotFound` for a
    country without topics, `InvalidFields` on `currency`, `month_amount`, `pass_amount`, `topic_slots`, `country_slots`.
    """
    if actor.role != "admin" or not actor.active:
        raise NotAllowed("not_admin")
    if db.session.scalar(select(Topic.id).where(Topic.country == country).limit(1)) is None:
        raise NotFound
    _check(currency, {"month_amount": month_amount, "pass_amount": pass_amount}, topic_slots, country_slots)
    price = db.session.get(PlacementPrice, country, with_for_update=True, populate_existing=True)
    if price is None:
        price = PlacementPrice(country=country, version=0)
        db.session.add(price)
    if (price.currency, price.month_amount) != (currency, month_amount):
        price.month_price_id = None
    if (price.currency, price.pass_amount) != (currency, pass_amount):
        price.pass_price_id = None
    price.currency, price.month_amount, price.pass_amount = currency, month_amount, pass_amount
    price.topic_slots, price.country_slots = topic_slots, country_slots
    price.updated_at = now
    price.version += 1
    db.session.flush()
    enqueue("billing.price", {"country": country}, key=f"billing.price:{country}:{price.version}")
    # Empty tables and the page about advertising name the price.
    raise_topic_revisions(list(db.session.scalars(select(Topic.id).where(Topic.country == country))))
    raise_site_revision()
    offer_everywhere(now, country)
    return price


def _check(currency: str, amounts: dict[str, int | None], topic_slots: int, country_slots: int) -> None:
    problems = {}
    only = billing_currency()
    if currency not in CURRENCIES:
        problems["currency"] = "currency_unknown"
    elif only is not None and currency != only:
        problems["currency"] = "currency_other"
    else:
        unit = 10 ** currency_digits(currency)
        for field, amount in amounts.items():
            if amount is not None and not LEAST_UNITS * unit <= amount <= HIGHEST_UNITS * unit:
                problems[field] = "amount_range"
    for field, slots in (("topic_slots", topic_slots), ("country_slots", country_slots)):
        if not 0 <= slots <= MOST_SLOTS:
            problems[field] = "slots_range"
    if problems:
        raise InvalidFields(problems)


def lookup_key(country: str, kind: str) -> str:
    """The name by which Stripe finds the price in force."""
    return f"featured-{country}-{kind}"


def publish_price(country: str, *, gateway: Gateway) -> None:
    """Take a country's price to Stripe, both kinds, where it is not there yet; commits after each."""
    for kind in KINDS:
        if (price := price_of(country)) is not None and price.amount(kind) is not None:
            ensure_price(country, kind, gateway=gateway)


def ensure_price(country: str, kind: str, *, gateway: Gateway) -> str:
    """Stripe's id of the price in force, made there if need be; commits. Raises `StripeTrouble`, and `NotFound` where the
    kind is not sold."""
    price = price_of(country)
    amount = price.amount(kind) if price is not None else None
    if price is None or amount is None:
        raise NotFound
    known = price.month_price_id if kind == "month" else price.pass_price_id
    currency, version = price.currency, price.version
    db.session.rollback()
    if known is not None:
        return known
    found = _price_at_stripe(country, kind, amount, currency, gateway)
    column = PlacementPrice.month_price_id if kind == "month" else PlacementPrice.pass_price_id
    db.session.execute(
        update(PlacementPrice)
        .where(PlacementPrice.country == country, PlacementPrice.version == version)
        .values({column: found})
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return found


def _price_at_stripe(country: str, kind: str, amount: int, currency: str, gateway: Gateway) -> str:
    name = lookup_key(country, kind)
    before = gateway.price_of_lookup_key(name)
    if before is not None and (before["unit_amount"], before["currency"].upper()) == (amount, currency):
        return str(before["id"])
    product_id = f"featured-{country}"
    gateway.ensure_product(product_id, f"Featured place, {country_name(country, 'en')}")
    after = before["id"] if before is not None else "nothing"
    made = gateway.create_price(
        product_id=product_id,
        lookup_key=name,
        monthly=kind == "month",
        amount=amount,
        currency=currency,
        key=f"price:{name}:{amount}:{currency}:{after}",
    )
    return str(made["id"])
