"""What a Checkout Session sells, to whom, and what will be made of it once it is paid."""

from __future__ import annotations

from stripe_standin.errors import ApiError, invalid
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

LOCALES = tuple(
    """auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk
    sl sv th tr vi zh zh-HK zh-TW""".split()
)
MOST_ITEMS = {"payment": 100, "subscription": 20}


def read_offer(world: World, params: Params, session: StripeObject) -> StripeObject:
    """Fills the session's amounts, customer and invoice parts; returns what paying it needs. Finishes reading the call."""
    mode = session["mode"]
    lines = [_read_line(line) for line in params.items("line_items")]
    customer = params.text("customer")
    email = params.text("customer_email")
    update = params.table("customer_update")
    updates = {name: update.choice(name, ("auto", "never")) for name in ("address", "name", "shipping")}
    offer: StripeObject = {
        "subscription": _part(params, "subscription_data", mode == "subscription"),
        "intent": _part(params, "payment_intent_data", mode == "payment"),
        "invoice": _read_invoice(params, session),
        "intent_id": None,
    }
    params.finish()
    if not lines:
        raise params.missing("line_items")
    if len(lines) > MOST_ITEMS[mode]:
        raise invalid(f"At most {MOST_ITEMS[mode]} line items are taken.", "line_items")
    if customer is not None and email is not None:
        raise invalid("You may only specify one of these parameters: customer, customer_email.", "customer")
    if customer is None and params.given("customer_update"):
        raise invalid("`customer_update` can only be used with `customer`.", "customer_update")
    offer["items"] = [_item(world, line, place) for place, line in enumerate(lines)]
    _check_mode(mode, offer["items"])
    _fill_customer(world, session, customer, email, updates)
    total = sum(item["amount_total"] for item in offer["items"])
    session.update(
        amount_subtotal=total,
        amount_total=total,
        currency=offer["items"][0]["currency"],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    )
    return offer


def _part(params: Params, name: str, fits: bool) -> StripeObject:
    if params.given(name) and not fits:
        other = "subscription" if name == "subscription_data" else "payment"
        raise invalid(f"You can not pass `{name}` in another mode than `{other}`.", name)
    part = params.table(name)
    return {"metadata": part.metadata(), "description": part.text("description")}


def _read_invoice(params: Params, session: StripeObject) -> StripeObject | None:
    given = params.given("invoice_creation")
    if given and session["mode"] != "payment":
        raise invalid(
            "You can only enable invoice creation when `mode` is set to `payment`.", "invoice_creation"
        )
    creation = params.table("invoice_creation")
    enabled = creation.flag("enabled")
    data = creation.table("invoice_data")
    invoice = {
        "metadata": data.metadata(),
        "description": data.text("description"),
        "footer": data.text("footer"),
    }
    if given and enabled is None:
        raise creation.missing("enabled")
    session["invoice_creation"] = None
    if session["mode"] == "payment":
        rest = dict.fromkeys(("account_tax_ids", "custom_fields", "issuer", "rendering_options"))
        session["invoice_creation"] = {"enabled": bool(enabled), "invoice_data": {**rest, **invoice}}
    return invoice if enabled else None


def _read_line(line: Params) -> StripeObject:
    price = line.needed("price")
    quantity = line.integer("quantity", least=1, most=999_999)
    if quantity is None:
        raise line.missing("quantity")
    return {"price": price, "quantity": quantity}


def _item(world: World, line: StripeObject, place: int) -> StripeObject:
    param = f"line_items[{place}]"
    price = world.find("price", line["price"], param=f"{param}[price]")
    if not price["active"]:
        raise ApiError("The price specified is inactive. This field only accepts active prices.", param=param)
    product = world.find("product", price["product"])
    amount = price["unit_amount"] * line["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "price": price,
        "quantity": line["quantity"],
    }


def _check_mode(mode: str, items: list[StripeObject]) -> None:
    recurring = [item for item in items if item["price"]["recurring"]]
    if mode == "payment" and recurring:
        raise ApiError(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only "
            "one-time prices."
        )
    if mode == "subscription" and len(recurring) < len(items):
        raise ApiError(
            "You must provide at least one recurring price in `subscription` mode when using prices."
        )
    if len({item["currency"] for item in items}) > 1:
        raise ApiError("All prices of a Checkout Session must have the same currency.")


def _fill_customer(
    world: World, session: StripeObject, wanted: str | None, email: str | None, updates: dict[str, str | None]
) -> None:
    details = dict.fromkeys(
        ("address", "business_name", "email", "individual_name", "name", "phone", "tax_ids")
    )
    details["tax_exempt"] = "none"
    session.update(customer=wanted, customer_creation=None, customer_details=None, customer_email=email)
    if wanted is None:
        if session["mode"] == "payment":
            session["customer_creation"] = (
                "always" if session["invoice_creation"]["enabled"] else "if_required"
            )
        if email is not None:
            session["customer_details"] = {**details, "email": email}
        return
    customer = world.find("customer", wanted, param="customer")
    session["customer_details"] = {**details, "email": customer["email"]}
    if session["automatic_tax"]["enabled"] and not customer["address"] and updates["address"] != "auto":
        raise ApiError(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the "
            "Customer or set `customer_update[address]` to 'auto' to save the address entered in Checkout.",
            code="customer_tax_location_invalid",
            param="automatic_tax",
        )
    if session.get("tax_id_collection", {}).get("enabled") and updates["name"] != "auto":
        raise ApiError(
            "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an "
            "existing customer, please set `customer_update[name]` to `auto`.",
            param="tax_id_collection",
        )
