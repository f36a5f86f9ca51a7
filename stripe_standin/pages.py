"""The pages that the stand-in hosts: their frame, amounts and times in words, invoices and receipts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.wrappers import Response

from stripe_standin.world import World

_PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} – Stand-in of Stripe</title>
<link rel="stylesheet" href="/standin.css">
</head>
<body>
<p class="banner" role="note">Stand-in of Stripe: no money moves</p>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
""")

STYLE = """:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6478; --paper: #fff; --ground: #f2f4f8;
  --line: #d5dae4; --act: #2f4fc4; --act-ink: #fff; --warn: #fff3cd; --warn-ink: #5c4400; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #a7afc0; --paper: #1b202b; --ground: #11151d;
  --line: #38404f; --act: #8fa6ff; --act-ink: #10162a; --warn: #463a12; --warn-ink: #ffe9a8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
.banner { margin: 0; padding: .6rem 1rem; background: var(--warn); color: var(--warn-ink); text-align: center;
  font-weight: 600; }
main { max-width: 34rem; margin: 1.5rem auto; padding: 1.25rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.25; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; }
a { color: var(--act); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; text-align: right; }
ul { padding: 0; list-style: none; }
li { padding: .75rem 0; border-top: 1px solid var(--line); }
.total { font-size: 1.75rem; font-weight: 650; margin: 0 0 1rem; }
.alert { padding: .6rem .9rem; border: 1px solid currentColor; border-radius: .5rem; font-weight: 600; }
.soft { color: var(--soft); }
form { display: flex; flex-wrap: wrap; gap: .6rem; margin: .75rem 0; }
button { flex: 1 1 auto; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--act); border-radius: .5rem;
  background: transparent; color: var(--act); font: inherit; font-weight: 600; cursor: pointer; }
button.main { flex-basis: 100%; background: var(--act); color: var(--act-ink); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
"""


def page(title: str, content: Markup, *, targets: Iterable[str | None] = (), status: int = 200) -> Response:
    """A page. Its forms may lead to this server and, by redirect, to the sites of the targets."""
    answer = Response(_PAGE.format(title=title, content=content), status, mimetype="text/html")
    return guarded(answer, targets)


def stylesheet() -> Response:
    """The style of all pages."""
    return guarded(Response(STYLE, mimetype="text/css"))


def see(target: str) -> Response:
    """Send the browser on after a form."""
    return guarded(Response(status=303, headers={"Location": target}), (target,))


def guarded(answer: Response, targets: Iterable[str | None] = ()) -> Response:
    """The answer with what a browser must not do."""
    sites = " ".join(dict.fromkeys(["'self'", *(_site(target) for target in targets if target)]))
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action {sites}; base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _site(target: str) -> str:
    parts = urlsplit(target)
    return f"{parts.scheme}://{parts.netloc}".translate({ord(mark): None for mark in " ;,\r\n"})


WHOLE = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())


def amount_words(amount: int, currency: str) -> str:
    """Minor units and a currency, such as "49.00 EUR"."""
    if currency in WHOLE:
        return f"{amount:,} {currency.upper()}"
    return f"{amount / 100:,.2f} {currency.upper()}"


def moment_words(moment: int) -> str:
    """Seconds since 1970, such as "23 November 2026, 12:00 UTC"."""
    found = datetime.fromtimestamp(moment, UTC)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


_ROW = Markup("<dt>{}</dt><dd>{}</dd>")


def invoice_page(world: World, wanted: str) -> Response:
    """`/invoice/<id>`. Raises ApiError when there is no such invoice."""
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
    """`/receipt/<charge>`. Raises ApiError when there is no such charge."""
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
