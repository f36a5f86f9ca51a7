"""What a placement costs in each country, and Stripe's products and prices for it, found by lookup key.

Prices at Stripe never change: a new amount is a new price, which takes over the lookup key. Subscriptions and open Checkouts
keep the old one.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from marketplace.billing.models import PlacementPrice
from marketplace.billing.statuses import PlacementKind
from marketplace.billing.stripe.amounts import to_stripe
from marketplace.billing.stripe.gateway import Gateway
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.i18n.currencies import currency_digits
from marketplace.i18n.names import country_name

# What Stripe charges cards in, of the countries that have guides and their neighbours.
CURRENCIES = tuple(
    "ARS AUD BOB BRL CAD CHF CLP COP CZK DKK EUR GBP HUF ISK JPY MXN NOK NZD PEN PLN PYG RON SEK USD".split()
)
# Whole units from a slip's price to a dear one: money of small units has larger numbers.
_SMALL_UNITS = frozenset("ARS CLP COP HUF ISK JPY PYG".split())
LEAST_UNITS = 1
MOST_UNITS = 10_000
MOST_SMALL_UNITS = 50_000_000


def price_range(currency: str) -> tuple[int, int]:
    """The least and the highest price of a currency, in minor units: guards against slips."""
    unit = 10 ** currency_digits(currency)
    return LEAST_UNITS * unit, (MOST_SMALL_UNITS if currency in _SMALL_UNITS else MOST_UNITS) * unit


def prices() -> Sequence[PlacementPrice]:
    """Every country's price, by country."""
    return db.session.scalars(select(PlacementPrice).order_by(PlacementPrice.country)).all()


def price_of(country: str) -> PlacementPrice | None:
    """A country's price, or None if nothing is sold there."""
    price = db.session.get(PlacementPrice, country)
    return price if price is not None and (price.month_amount or price.pass_amount) else None


def billing_currency() -> str | None:
    """The currency of all prices, None before the first. Stripe ties a customer to one currency."""
    return db.session.scalar(select(PlacementPrice.currency).limit(1))


def lookup_key(country: str, kind: str) -> str:
    """The key by which Stripe finds the current price."""
    return f"featured-{country}-{kind}"


def publish_price(country: str, *, gateway: Gateway) -> None:
    """Create a country's prices at Stripe where they do not exist yet. Commits after each kind."""
    for kind in PlacementKind:
        if (price := price_of(country)) is not None and price.amount(kind) is not None:
            ensure_price(country, kind, gateway=gateway)


def ensure_price(country: str, kind: str, *, gateway: Gateway) -> str:
    """Stripe's id of the current price, created there if needed. Commits. Raises `GatewayError`, and `NotFound` if the
    kind is not sold."""
    price = price_of(country)
    amount = price.amount(kind) if price is not None else None
    if price is None or amount is None:
        raise NotFound
    known = price.month_price_id if kind == PlacementKind.MONTH else price.pass_price_id
    currency, version, account = price.currency, price.version, price.account
    db.session.rollback()
    present = gateway.account()
    if known is not None and account == present:
        return known
    found = _price_at_stripe(country, kind, amount, currency, gateway)
    columns = {
        PlacementKind.MONTH: PlacementPrice.month_price_id,
        PlacementKind.PASS: PlacementPrice.pass_price_id,
    }
    # The ids of another account go: each kind is made anew when it is asked for.
    kept = (
        {column: column for column in columns.values()}
        if account == present
        else dict.fromkeys(columns.values())
    )
    db.session.execute(
        update(PlacementPrice)
        .where(PlacementPrice.country == country, PlacementPrice.version == version)
        .where(PlacementPrice.account == account)
        .values({**kept, columns[PlacementKind(kind)]: found, PlacementPrice.account: present})
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return found


def forget_prices(country: str) -> None:
    """Forget Stripe's ids of a country's prices: it does not know one of them any more. In the caller's transaction."""
    gone = update(PlacementPrice).where(PlacementPrice.country == country)
    gone = gone.values(month_price_id=None, pass_price_id=None)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _price_at_stripe(country: str, kind: str, amount: int, currency: str, gateway: Gateway) -> str:
    name = lookup_key(country, kind)
    units = to_stripe(amount, currency)
    before = gateway.price_of_lookup_key(name)
    if before is not None and (before["unit_amount"], before["currency"].upper()) == (units, currency):
        return str(before["id"])
    product_id = f"featured-{country}"
    gateway.ensure_product(product_id, f"Featured placement, {country_name(country, 'en')}")
    after = before["id"] if before is not None else "nothing"
    made = gateway.create_price(
        product_id=product_id,
        lookup_key=name,
        monthly=kind == PlacementKind.MONTH,
        amount=units,
        currency=currency,
        key=f"price:{name}:{units}:{currency}:{after}",
    )
    return str(made["id"])
