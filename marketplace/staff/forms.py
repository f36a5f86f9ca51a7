"""Forms of the admins' pages about placements: a country's prices and slots, a refund. Shape only."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from marketplace.billing.models import DEFAULT_SLOTS, PlacementPrice
from marketplace.billing.placements.labels import error_message
from marketplace.billing.placements.prices import CURRENCIES
from marketplace.core.errors import Refusal
from marketplace.i18n.languages import address_language
from marketplace.values.amounts import AmountError, format_amount, parse_amount
from marketplace.web.fields import options
from marketplace.web.forms import PageForm
from marketplace.web.params import read_number

AMOUNTS = ("month_amount", "pass_amount")


class PriceForm(PageForm):
    """What a placement costs in a country, and how many slots there are. A kind with an empty amount is not sold."""

    currency = SelectField(_l("Currency"), validate_choice=False)
    month_amount = StringField(
        _l("One month, renews automatically"), description=_l("Leave empty if it is not sold.")
    )
    pass_amount = StringField(_l("A 30-day pass"), description=_l("Leave empty if it is not sold."))
    topic_slots = IntegerField(
        _l("Slots for each procedure"), validators=[InputRequired(_l("Enter a number from 0 to 10"))]
    )
    country_slots = IntegerField(
        _l("Slots on the country page"), validators=[InputRequired(_l("Enter a number from 0 to 10"))]
    )

    def offer(self, price: PlacementPrice | None, only: str | None, usual: str, *, fill: bool) -> None:
        """Set the currencies to choose from, or the only one, and with `fill` the current values."""
        codes = [only] if only else [usual, *(code for code in CURRENCIES if code != usual)]
        self.currency.choices = options((code, code) for code in codes)
        if not fill:
            return
        self.topic_slots.data = price.topic_slots if price else DEFAULT_SLOTS
        self.country_slots.data = price.country_slots if price else DEFAULT_SLOTS
        self.currency.data = price.currency if price else codes[0]
        for name in AMOUNTS:
            minor = getattr(price, name) if price else None
            self[name].data = (
                format_amount(minor, price.currency, address_language())
                if price and minor is not None
                else ""
            )

    def read(self) -> dict[str, int | None] | None:
        """The amounts in minor units; None, and errors beside the fields, if one cannot be read."""
        values: dict[str, int | None] = {}
        for name in AMOUNTS:
            typed = (self[name].data or "").strip()
            try:
                values[name] = (
                    parse_amount(typed, self.currency.data or "EUR", address_language()) if typed else None
                )
            except AmountError:
                self.refuse(name, error_message("amount_unreadable"))
        return None if self.errors else values

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return error_message(problem.code)


class RefundForm(PageForm):
    """Refunding a payment. `seen` is what was left of it when the page was made."""

    amount = StringField(_l("Amount to refund"))
    sure = BooleanField(_l("I confirm this refund, even if it ends the placement"))
    seen = HiddenField()

    def read(self, currency: str) -> tuple[int, int] | None:
        """(amount, what was left as seen) in minor units; None, and an error beside the field, if it cannot be read."""
        typed, seen = (self.amount.data or "").strip(), self.seen.data or ""
        try:
            amount = parse_amount(typed, currency, address_language())
        except AmountError:
            self.refuse("amount", error_message("amount_unreadable"))
            return None
        if not self.sure.data:
            self.refuse("sure", str(_("Confirm the refund. It cannot be undone")))
            return None
        return amount, read_number(seen, digits=15) or 0
