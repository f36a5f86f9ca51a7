"""The page of the Customer Portal: subscriptions, card and invoices."""

from __future__ import annotations

from contextlib import suppress

from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from stripe_standin.control import Controls
from stripe_standin.customers import card_is_good
from stripe_standin.errors import ApiError
from stripe_standin.pages import amount_words, moment_words, page, see
from stripe_standin.store import StripeObject
from stripe_standin.subscriptions import ends_at, is_over

STATUSES = {
    "active": "Active",
    "past_due": "Payment failed",
    "incomplete": "Waiting for the first payment",
    "canceled": "Ended",
    "incomplete_expired": "Never begun",
}
_BUTTON = Markup('<button name="do" value="{}:{}">{}</button>')


def portal_page(controls: Controls, request: Request, wanted: str) -> Response:
    """`/portal/<session>`. Raises ApiError when there is no such session."""
    controls.tick()
    with controls.world.change() as world:
        session = world.find("billing_portal.session", wanted, status=404)
    if request.method == "POST":
        # A button of a page that is no longer true is refused: show what is.
        with suppress(ApiError):
            _do(controls, session, request.form.get("do", ""))
        return see(f"/portal/{wanted}")
    return _show(controls, session)


def _do(controls: Controls, session: StripeObject, chosen: str) -> None:
    action, _, wanted = chosen.partition(":")
    features = _features(controls, session)
    if action in ("card", "badcard") and features["payment_method_update"]["enabled"]:
        controls.set_card(session["customer"], action == "card")
        return
    if wanted not in {subscription["id"] for subscription in _subscriptions(controls, session)}:
        return
    if action == "cancel" and features["subscription_cancel"]["enabled"]:
        controls.portal_cancel(wanted, features["subscription_cancel"]["mode"] == "at_period_end")
    elif action == "keep":
        controls.portal_resume(wanted)
    elif action == "pay":
        controls.pay_invoice(wanted)


def _show(controls: Controls, session: StripeObject) -> Response:
    features = _features(controls, session)
    subscriptions = Markup("").join(
        _subscription(subscription, features, _title(controls, subscription))
        for subscription in _subscriptions(controls, session)
    )
    parts = [Markup("<h2>Subscriptions</h2>")]
    parts.append(Markup("<ul>{}</ul>").format(subscriptions) if subscriptions else Markup("<p>None.</p>"))
    if features["payment_method_update"]["enabled"]:
        parts.append(_card(controls, session["customer"]))
    if features["invoice_history"]["enabled"]:
        parts.append(_invoices(controls, session["customer"]))
    if session["return_url"]:
        parts.append(
            Markup('<p><a href="{}" id="back">Back to the site</a></p>').format(session["return_url"])
        )
    return page("Your subscriptions", Markup("").join(parts))


def _subscription(subscription: StripeObject, features: StripeObject, title: str) -> Markup:
    buttons = Markup("")
    words = f"The period ends {moment_words(ends_at(subscription))}"
    if is_over(subscription):
        words = f"Ended {moment_words(subscription['ended_at'])}"
    elif subscription["cancel_at"] is not None:
        words = f"Ends {moment_words(subscription['cancel_at'])}"
        buttons += _BUTTON.format("keep", subscription["id"], "Keep it")
    elif features["subscription_cancel"]["enabled"]:
        later = features["subscription_cancel"]["mode"] == "at_period_end"
        buttons += _BUTTON.format(
            "cancel", subscription["id"], "Cancel at period end" if later else "Cancel now"
        )
    if subscription["status"] == "past_due":
        buttons += _BUTTON.format("pay", subscription["id"], "Pay what is open")
    form = Markup('<form method="post">{}</form>').format(buttons) if buttons else Markup("")
    status = STATUSES.get(subscription["status"], subscription["status"])
    return Markup('<li><strong>{}</strong><br><span class="soft">{}. {}.</span>{}</li>').format(
        title, status, words, form
    )


def _title(controls: Controls, subscription: StripeObject) -> str:
    price = subscription["items"]["data"][0]["price"]
    with controls.world.change() as world:
        product = world.find("product", price["product"])
    name = subscription["description"] or product["name"]
    return f"{name}: {amount_words(price['unit_amount'], price['currency'])} every {price['recurring']['interval']}"


def _card(controls: Controls, customer: str) -> Markup:
    with controls.world.change() as world:
        good = card_is_good(world, customer)
    words = "The card on file works." if good else "The card on file is refused."
    buttons = _BUTTON.format("card", customer, "Use a card that works")
    buttons += _BUTTON.format("badcard", customer, "Use a card that is refused")
    return Markup('<h2>Card</h2><p>{}</p><form method="post">{}</form>').format(words, buttons)


def _invoices(controls: Controls, customer: str) -> Markup:
    with controls.world.change() as world:
        found = [invoice for invoice in world.store.each("invoice") if invoice["customer"] == customer]
    rows = Markup("").join(
        Markup('<li><a href="/invoice/{}">{}</a><br><span class="soft">{}, {}, {}</span></li>').format(
            invoice["id"],
            invoice["number"],
            amount_words(invoice["total"], invoice["currency"]),
            invoice["status"],
            moment_words(invoice["created"]),
        )
        for invoice in reversed(found)
    )
    return Markup("<h2>Invoices</h2>{}").format(
        Markup("<ul>{}</ul>").format(rows) if rows else Markup("<p>None.</p>")
    )


def _subscriptions(controls: Controls, session: StripeObject) -> list[StripeObject]:
    with controls.world.change() as world:
        return [
            subscription
            for subscription in world.store.each("subscription")
            if subscription["customer"] == session["customer"]
        ]


def _features(controls: Controls, session: StripeObject) -> StripeObject:
    with controls.world.change() as world:
        configuration = world.find("billing_portal.configuration", session["configuration"])
    features: StripeObject = configuration["features"]
    return features
