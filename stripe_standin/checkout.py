"""Checkout Sessions: what is offered to a payer, and until when."""

from __future__ import annotations

from stripe_standin.errors import ApiError, invalid
from stripe_standin.listing import equals, page, page_of
from stripe_standin.offers import LOCALES, read_offer
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

SOONEST = 30 * 60
LATEST = 24 * 60 * 60
# What the account accepts; a bank debit takes days.
WAYS_TO_PAY = ("card", "sepa_debit")
NOTHING = """after_expiration allow_promotion_codes client_secret collected_information consent consent_collection
    currency_conversion customer_account discounts integration_identifier invoice managed_payments optional_items
    origin_context payment_intent payment_link payment_method_configuration_details permissions recovered_from
    saved_payment_method_options setup_intent shipping_address_collection shipping_cost subscription
    wallet_options"""


def create_session(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/checkout/sessions`."""
    mode = params.choice("mode", ("payment", "subscription"))
    if mode is None:
        raise params.missing("mode")
    success_url = params.url("success_url")
    if success_url is None:
        raise params.missing("success_url")
    params.choice("ui_mode", ("hosted_page",))
    session = {
        "id": new_id("cs_test"),
        "object": "checkout.session",
        **dict.fromkeys(NOTHING.split()),
        **_read_surroundings(params),
        "cancel_url": params.url("cancel_url"),
        "client_reference_id": params.text("client_reference_id", longest=200),
        "created": world.now(),
        "custom_fields": [],
        "custom_text": dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
        "expires_at": _expiry(world, params),
        "livemode": False,
        "locale": params.choice("locale", LOCALES),
        "metadata": params.metadata(),
        "mode": mode,
        "payment_method_collection": "always" if mode == "subscription" else "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": _ways_to_pay(params),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": params.choice("submit_type", ("auto", "book", "donate", "pay", "subscribe")),
        "success_url": success_url,
        "ui_mode": "hosted_page",
    }
    session["url"] = f"{world.base}/pay/{session['id']}"
    offer = read_offer(world, params, session)
    world.store.put("_offer", {"id": session["id"], **offer})
    return world.save(session)


def retrieve_session(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/checkout/sessions/{session}`."""
    params.finish()
    return world.find("checkout.session", wanted, status=404)


def expire_session(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/checkout/sessions/{session}/expire`."""
    session = world.find("checkout.session", wanted, status=404)
    params.finish()
    if session["status"] != "open":
        raise ApiError(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`.",
        )
    return expire(world, session)


def expire(world: World, session: StripeObject) -> StripeObject:
    """Nobody can pay it any more."""
    session.update(status="expired", url=None)
    world.emit("checkout.session.expired", world.save(session))
    return session


def list_sessions(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/checkout/sessions`."""
    status = params.choice("status", ("complete", "expired", "open"))
    return page(
        world,
        params,
        "checkout.session",
        "/v1/checkout/sessions",
        equals(params, "customer"),
        equals(params, "subscription"),
        equals(params, "payment_intent"),
        lambda session: status is None or session["status"] == status,
    )


def list_line_items(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/checkout/sessions/{session}/line_items`."""
    world.find("checkout.session", wanted, status=404)
    return page_of(
        params, items_of(world, wanted)[::-1], f"/v1/checkout/sessions/{wanted}/line_items", "item"
    )


def items_of(world: World, session: str) -> list[StripeObject]:
    """The line items of a session, in the order of the call."""
    items: list[StripeObject] = world.find("_offer", session)["items"]
    return items


def _expiry(world: World, params: Params) -> int:
    now = world.now()
    wanted = params.integer("expires_at")
    if wanted is None:
        return now + LATEST
    if not now + SOONEST <= wanted <= now + LATEST:
        bound = "at least 30 minutes" if wanted < now + SOONEST else "less than 24 hours"
        raise invalid(
            f"The `expires_at` timestamp must be {bound} from Checkout Session creation.", "expires_at"
        )
    return wanted


def _ways_to_pay(params: Params) -> list[str]:
    """Those of the account that the call allows, or all."""
    allowed = params.texts("allowed_payment_method_types")
    found = [way for way in WAYS_TO_PAY if not allowed or way in allowed]
    if not found:
        raise invalid("No payment method types are allowed and available.", "allowed_payment_method_types")
    return found


def _read_surroundings(params: Params) -> StripeObject:
    """What is asked of the payer besides the money."""
    tax = params.table("automatic_tax").flag("enabled")
    collection = params.table("tax_id_collection")
    ids = collection.flag("enabled")
    required = collection.choice("required", ("if_supported", "never"))
    found: StripeObject = {
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {
            "enabled": bool(tax),
            "liability": {"type": "self"} if tax else None,
            "provider": "stripe" if tax else None,
            "status": None,
        },
        "billing_address_collection": params.choice("billing_address_collection", ("auto", "required")),
    }
    if ids is not None:
        found["tax_id_collection"] = {"enabled": ids, "required": required or "never"}
    return found
