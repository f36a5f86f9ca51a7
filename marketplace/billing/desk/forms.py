"""The form for buying a placement. It checks shape only."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from marketplace.billing.models import PlacementPrice
from marketplace.billing.placements.labels import KIND_LABELS, error_message
from marketplace.billing.statuses import PlacementKind
from marketplace.core.errors import Refusal
from marketplace.i18n.languages import address_language
from marketplace.values.money import format_money
from marketplace.web.fields import options
from marketplace.web.forms import PageForm


class BuyForm(PageForm):
    """Pay by the month or for thirty days."""

    kind = RadioField(_l("How do you want to pay?"), validate_choice=False)

    def offer(self, price: PlacementPrice, chosen: str | None = None) -> None:
        """Set the kinds on sale in a country, with their prices. `chosen` or the first is preselected on the page, but a
        form sent without a choice stays without one."""
        sold = [kind for kind in PlacementKind if price.amount(kind) is not None]
        self.kind.choices = options((kind, _kind_label(price, kind)) for kind in sold)
        if not self.is_submitted() and sold:
            self.kind.data = chosen if chosen in sold else sold[0]

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return error_message(problem.code)


def _kind_label(price: PlacementPrice, kind: str) -> str:
    amount = format_money(price.amount(kind) or 0, price.currency, address_language())
    if kind == PlacementKind.MONTH:
        return str(_("%(amount)s a month until you cancel", amount=amount))
    return str(_("%(amount)s once for a %(kind)s", amount=amount, kind=KIND_LABELS[kind]))
