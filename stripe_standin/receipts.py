"""Pages to print: an invoice, and the receipt of a charge."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Response

from stripe_standin.frame import page
from stripe_standin.words import amount_words, moment_words
from stripe_standin.world import World

_ROW = Markup("<dt>{}</dt><dd>{}</dd>")


def invoice_page(world: World, wanted: str) -> Response:
    """`/invoice/<id>`. Raises Refusal when there is no such invoice."""
    with world.change():
        invoice = world.find("invoice", wanted, status=404)
    currency = invoice["currency"]
    lines = [
        (line["description"], amount_words(line["amount"], currency)) for line in invoice["lines"]["data"]
    ]
    rows = [
        ("Date", moment_words(invoice["created"])),
        ("For", invoice["customer_name"] or invoice["customer_email"] or invoice["customer"]),
        *lines,
        ("Total", amount_words(invoice["total"], currency)),
        ("Paid", amount_words(invoice["amount_paid"], currency)),
        ("Status", invoice["status"]),
    ]
    return page(f"Invoice {invoice['number']}", _table(rows))


def receipt_page(world: World, wanted: str) -> Response:
    """`/receipt/<charge>`. Raises Refusal when there is no such charge."""
    with world.change():
        charge = world.find("charge", wanted, status=404)
    rows = [
        ("Date", moment_words(charge["created"])),
        ("Amount", amount_words(charge["amount"], charge["currency"])),
        ("Card", f"Visa ending in {charge['payment_method_details']['card']['last4']}"),
        ("Status", charge["status"]),
    ]
    if charge["amount_refunded"]:
        rows.append(("Refunded", amount_words(charge["amount_refunded"], charge["currency"])))
    return page("Receipt", _table(rows))


def _table(rows: list[tuple[str, str]]) -> Markup:
    return Markup("<dl>{}</dl>").format(Markup("").join(_ROW.format(*row) for row in rows))
