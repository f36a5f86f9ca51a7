"""Products and prices."""

from __future__ import annotations

from stripe_standin.errors import ApiError, invalid
from stripe_standin.listing import equals, is_flag, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

INTERVALS = ("day", "week", "month", "year")
TAX_BEHAVIORS = ("exclusive", "inclusive", "unspecified")
MOST_AMOUNT = 99_999_999


def create_product(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/products`."""
    wanted = params.text("id")
    now = world.now()
    product = {
        "id": wanted or new_id("prod"),
        "object": "product",
        "active": params.flag("active") is not False,
        "created": now,
        "default_price": None,
        "description": params.text("description"),
        "images": params.texts("images"),
        "livemode": False,
        "marketing_features": [],
        "metadata": params.metadata(),
        "name": params.needed("name"),
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": params.text("statement_descriptor"),
        "tax_code": params.text("tax_code"),
        "unit_label": params.text("unit_label"),
        "updated": now,
        "url": params.url("url"),
    }
    params.finish()
    if wanted and world.store.get("product", wanted):
        raise ApiError("Product already exists.", code="resource_already_exists", param="id")
    return world.save(product)


def retrieve_product(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/products/{id}`."""
    params.finish()
    return world.find("product", wanted, status=404)


def update_product(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/products/{id}`."""
    product = world.find("product", wanted, status=404)
    for name in ("description", "tax_code", "unit_label"):
        if params.given(name):
            product[name] = params.text(name, empty=True) or None
    if params.given("url"):
        product["url"] = params.url("url", empty=True) or None
    product["name"] = params.text("name") or product["name"]
    product["metadata"] = params.metadata(product["metadata"])
    active = params.flag("active")
    default = params.text("default_price")
    if params.given("images"):
        product["images"] = params.texts("images")
    params.finish()
    if active is not None:
        product["active"] = active
    if default is not None:
        product["default_price"] = world.find("price", default, param="default_price")["id"]
    product["updated"] = world.now()
    return world.save(product)


def list_products(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/products`."""
    ids = params.texts("ids")
    return page(
        world,
        params,
        "product",
        "/v1/products",
        is_flag(params, "active"),
        equals(params, "url"),
        lambda product: not ids or product["id"] in ids,
    )


def create_price(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/prices`."""
    amount = params.integer("unit_amount", least=0, most=MOST_AMOUNT)
    product = params.needed("product")
    lookup_key = params.text("lookup_key", longest=200)
    transfer = params.flag("transfer_lookup_key")
    price = {
        "id": new_id("price"),
        "object": "price",
        "active": params.flag("active") is not False,
        "billing_scheme": params.choice("billing_scheme", ("per_unit",)) or "per_unit",
        "created": world.now(),
        "currency": _currency(params),
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": lookup_key,
        "metadata": params.metadata(),
        "nickname": params.text("nickname"),
        "product": product,
        "recurring": _recurring(params),
        "tax_behavior": params.choice("tax_behavior", TAX_BEHAVIORS) or "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if params.given("recurring") else "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
    if amount is None:
        raise params.missing("unit_amount")
    params.finish()
    world.find("product", product, param="product")
    _take_lookup_key(world, lookup_key, transfer)
    return world.save(price)


def retrieve_price(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/prices/{price}`."""
    params.finish()
    return world.find("price", wanted, status=404)


def update_price(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/prices/{price}`. The amount of a price never changes: make another price."""
    price = world.find("price", wanted, status=404)
    active = params.flag("active")
    lookup_key = params.text("lookup_key", longest=200, empty=True)
    transfer = params.flag("transfer_lookup_key")
    price["metadata"] = params.metadata(price["metadata"])
    if params.given("nickname"):
        price["nickname"] = params.text("nickname", empty=True) or None
    behavior = params.choice("tax_behavior", TAX_BEHAVIORS)
    params.finish()
    if active is not None:
        price["active"] = active
    if behavior is not None and behavior != price["tax_behavior"]:
        if price["tax_behavior"] != "unspecified":
            raise invalid("The tax behavior cannot be changed once it is set.", "tax_behavior")
        price["tax_behavior"] = behavior
    if lookup_key is not None and lookup_key != price["lookup_key"]:
        _take_lookup_key(world, lookup_key, transfer)
        price["lookup_key"] = lookup_key or None
    return world.save(price)


def list_prices(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/prices`."""
    keys = params.texts("lookup_keys")
    return page(
        world,
        params,
        "price",
        "/v1/prices",
        is_flag(params, "active"),
        equals(params, "product"),
        equals(params, "currency"),
        equals(params, "type"),
        lambda price: not keys or price["lookup_key"] in keys,
    )


def _currency(params: Params) -> str:
    currency = params.needed("currency").lower()
    if len(currency) != 3 or not currency.isalpha():
        raise invalid(f"Invalid currency: {currency}", "currency")
    return currency


def _recurring(params: Params) -> StripeObject | None:
    if not params.given("recurring"):
        return None
    recurring = params.table("recurring")
    interval = recurring.choice("interval", INTERVALS)
    if interval is None:
        raise recurring.missing("interval")
    return {
        "interval": interval,
        "interval_count": recurring.integer("interval_count", least=1) or 1,
        "meter": None,
        "usage_type": recurring.choice("usage_type", ("licensed",)) or "licensed",
    }


def _take_lookup_key(world: World, key: str | None, transfer: bool | None) -> None:
    """A key names one price. Another price gives it up only when the call says so."""
    holder = next((price for price in world.store.each("price") if key and price["lookup_key"] == key), None)
    if holder is None:
        return
    if not transfer:
        raise ApiError(
            f"A price (`{holder['id']}`) already uses that lookup key.",
            code="resource_already_exists",
            param="lookup_key",
        )
    world.save({**holder, "lookup_key": None})
