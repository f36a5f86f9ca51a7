"""The page of a Checkout Session: what is bought, and how to pay, decline or leave."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from stripe_standin.checkout import items_of
from stripe_standin.control import Controls
from stripe_standin.errors import ApiError
from stripe_standin.pages import amount_words, moment_words, page, see
from stripe_standin.store import StripeObject

PLACE = "{CHECKOUT_SESSION_ID}"
DECLINED = "The card was declined."
_BUTTONS = Markup(
    '<form method="post">'
    '<button class="main" id="pay" name="do" value="pay">Pay</button>'
    '<button id="decline" name="do" value="decline">Decline</button>'
    '<button id="close" name="do" value="close">Close</button></form>'
)


def checkout_page(controls: Controls, request: Request, wanted: str) -> Response:
    """`/pay/<session>`. Raises ApiError when there is no such session."""
    controls.tick()
    if request.method != "POST":
        return _show(controls, wanted)
    chosen = request.form.get("do", "")
    try:
        if chosen == "pay":
            session = controls.pay(wanted)
            return see(session["success_url"].replace(PLACE, wanted))
        if chosen == "decline":
            controls.decline(wanted)
            return _show(controls, wanted, DECLINED)
    except ApiError:
        # Another tab was faster, or time ran out: the page says what the session is now.
        return _show(controls, wanted)
    session = _session(controls, wanted)
    return (
        see(session["cancel_url"]) if chosen == "close" and session["cancel_url"] else _show(controls, wanted)
    )


def _session(controls: Controls, wanted: str) -> StripeObject:
    with controls.world.change() as world:
        return world.find("checkout.session", wanted, status=404)


def _show(controls: Controls, wanted: str, alert: str = "") -> Response:
    session = _session(controls, wanted)
    targets = (session["success_url"], session["cancel_url"])
    back = _back(session["cancel_url"])
    if session["status"] != "open":
        words = (
            "This payment is complete." if session["status"] == "complete" else "This payment has expired."
        )
        return page("Nothing to pay", Markup("<p>{}</p>{}").format(words, back), targets=targets)
    with controls.world.change() as world:
        items = items_of(world, wanted)
        # A payer decides by the total; the parts are there to check it.
        parts = Markup("").join(
            Markup("<dt>{} × {}</dt><dd>{}</dd>").format(
                item["quantity"], item["description"], amount_words(item["amount_total"], item["currency"])
            )
            for item in items
        )
    total = amount_words(session["amount_total"], session["currency"])
    recurring = items[0]["price"]["recurring"]
    if recurring:
        total += _each(recurring)
    content = Markup('{}<p class="total">{}</p><dl>{}</dl>{}<p class="soft">Open until {}.</p>{}').format(
        Markup('<p class="alert" role="alert">{}</p>').format(alert) if alert else "",
        total,
        parts,
        _BUTTONS,
        moment_words(session["expires_at"]),
        back,
    )
    return page("Subscribe" if recurring else "Pay", content, targets=targets)


def _each(recurring: StripeObject) -> str:
    count = recurring["interval_count"]
    return f" every {recurring['interval']}" if count == 1 else f" every {count} {recurring['interval']}s"


def _back(target: str | None) -> Markup:
    return Markup('<p><a href="{}">Back to the shop</a></p>').format(target) if target else Markup("")
