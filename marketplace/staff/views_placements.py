"""The admins' pages about placements: prices and slots, income, failures, alarms, refunds, and the ledger as CSV."""

from __future__ import annotations

from decimal import Decimal

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.billing.alarms import alarm_on_rejected_key, open_alarms, resolve_alarm
from marketplace.billing.ledger import income, income_totals, ledger_rows
from marketplace.billing.models import PaymentEntry
from marketplace.billing.placements import labels, queries
from marketplace.billing.placements.prices import billing_currency, prices
from marketplace.billing.placements.scopes import scope_label, scope_labels
from marketplace.billing.placements.services import any_placement, set_price
from marketplace.billing.statuses import EntryKind, PlacementState
from marketplace.billing.stripe.client import GatewayError, StripeMisconfigured
from marketplace.billing.stripe.gateway import gateway, gateway_if_any
from marketplace.billing.sync.events import event_counts
from marketplace.billing.sync.reconcile import request_reconciliation
from marketplace.billing.sync.refunds import payment_entry, refund_payment, refundable_amount
from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import topic_countries
from marketplace.i18n.languages import address_language
from marketplace.staff.forms import PriceForm, RefundForm
from marketplace.values.amounts import format_amount, from_minor
from marketplace.values.csv import csv_text
from marketplace.values.money import format_money
from marketplace.web.forms import PageForm
from marketplace.web.paging import cursor_page
from marketplace.web.params import requested_id
from marketplace.web.responses import flash_stale_page, form_page
from marketplace.web.security import access

bp = Blueprint("staff_placements", __name__)
PAGE_SIZE = 50
LEDGER_COLUMNS = (
    *("id", "occurred_at", "kind", "amount", "currency", "country", "topic", "provider", "provider_id"),
    *("placement_id", "stripe_id", "charge_id", "invoice_id"),
)


@bp.get("/staff/placements/")
@access("admin")
def overview() -> str:
    """Alarms, prices and slots, income, placements."""
    state = request.args.get("state", "")
    if state and state not in ("any", *PlacementState):
        raise NotFound
    rows = queries.staff_placements(state=state, before=requested_id("before"), limit=PAGE_SIZE + 1)
    page = cursor_page(rows, PAGE_SIZE)
    earned = income()
    alarms, failing = open_alarms(), queries.staff_placements(state=PlacementState.PAST_DUE)
    concerned = [*rows, *failing, *(alarm.placement for alarm in alarms if alarm.placement is not None)]
    return render_template(
        "staff/placements.html",
        alarms=alarms,
        unheard=event_counts().get("new", 0),
        prices={price.country: price for price in prices()},
        sold=queries.country_slots_sold(),
        countries=topic_countries(),
        income=earned,
        totals=income_totals(earned),
        failing=failing,
        rows=page.rows,
        more=page.next,
        places=scope_labels([row.scope for row in concerned], address_language()),
        state=state,
        states=PlacementState,
        stripe=gateway_if_any(),
        form=PageForm(),
        labels=labels,
    )


@bp.get("/staff/placements.csv")
@access("admin")
def ledger() -> Response:
    """The ledger as CSV: amounts as decimals, times in UTC."""
    rows = (
        {
            **line._mapping,
            "occurred_at": line.occurred_at.isoformat(),
            "amount": Decimal(from_minor(line.amount, line.currency)),
        }
        for line in ledger_rows()
    )
    answer = Response(
        csv_text(LEDGER_COLUMNS, ([row[name] for name in LEDGER_COLUMNS] for row in rows)),
        content_type="text/csv; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="placements.csv"'
    return answer


@bp.post("/staff/placements/compare/")
@access("admin")
def compare() -> BaseResponse:
    """Let the worker reconcile everything with Stripe now."""
    if PageForm().validate_on_submit():
        request_reconciliation(now())
        db.session.commit()
        flash(_("We are comparing everything with Stripe. Check again in a minute."))
    else:
        flash_stale_page()
    return redirect(url_for("staff_placements.overview"), code=303)


@bp.post("/staff/placements/alarms/<int:alarm_id>/resolve/")
@access("admin")
def resolve(alarm_id: int) -> BaseResponse:
    """Mark an alarm as resolved."""
    if PageForm().validate_on_submit():
        resolve_alarm(alarm_id, now=now())
        db.session.commit()
        flash(_("Alarm marked as dealt with."))
    else:
        flash_stale_page()
    return redirect(url_for("staff_placements.overview"), code=303)


@bp.route("/staff/placements/prices/<country>/", methods=["GET", "POST"])
@access("admin")
def price(country: str) -> BaseResponse:
    """A country's prices and slots."""
    if country not in topic_countries():
        raise NotFound
    found = {one.country: one for one in prices()}.get(country)
    form = PriceForm()
    usual = current_settings().display_currency
    form.offer(found, billing_currency(), usual, fill=request.method == "GET")
    if request.method == "GET":
        return _price_page(country, form)
    valid = form.validate()
    amounts = form.read()
    if amounts is None or not valid:
        return _price_page(country, form)
    try:
        set_price(
            actor=current_user,
            country=country,
            currency=form.currency.data or "",
            month_amount=amounts["month_amount"],
            pass_amount=amounts["pass_amount"],
            topic_slots=form.topic_slots.data,
            country_slots=form.country_slots.data,
            now=now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _price_page(country, form)
    db.session.commit()
    flash(_("Saved. New buyers will pay these prices. Current placements stay as they are."))
    return redirect(url_for("staff_placements.overview"), code=303)


def _price_page(country: str, form: PriceForm) -> Response:
    return form_page("staff/placement_price.html", form, country=country)


@bp.get("/staff/placements/<int:placement_id>/")
@access("admin")
def placement(placement_id: int) -> str:
    """One placement, its payments, and what can be refunded."""
    found = any_placement(current_user, placement_id)
    entries = queries.placement_entries(found.id)
    return render_template(
        "staff/placement.html",
        placement=found,
        place=scope_label(found.scope, address_language()),
        entries=entries,
        left={entry.id: refundable_amount(entry) for entry in entries if entry.kind == EntryKind.PAYMENT},
        stripe=gateway_if_any(),
        labels=labels,
    )


@bp.route("/staff/placements/<int:placement_id>/refund/<int:entry_id>/", methods=["GET", "POST"])
@access("admin")
def refund(placement_id: int, entry_id: int) -> BaseResponse:
    """Refund a payment, in full or in part."""
    entry = payment_entry(current_user, placement_id, entry_id)
    stripe = gateway()
    form = RefundForm()
    if request.method == "GET":
        form.amount.data = format_amount(refundable_amount(entry), entry.currency, address_language())
        return _refund_page(entry, form)
    valid = form.validate()
    asked = form.read(entry.currency)
    if asked is None or not valid:
        return _refund_page(entry, form)
    amount, seen = asked
    try:
        with alarm_on_rejected_key(now()):
            refund_payment(
                actor=current_user, entry_id=entry_id, amount=amount, seen=seen, gateway=stripe, now=now()
            )
    except NotFound:
        raise
    except (Refusal, GatewayError) as error:
        db.session.rollback()
        status = error.status if isinstance(error, Refusal) else 503
        entry = payment_entry(current_user, placement_id, entry_id)
        form.refuse("amount", _error_message(error, entry), status=status)
        return _refund_page(entry, form)
    flash(_("Refunded. It is now in the payment history."))
    return redirect(url_for("staff_placements.placement", placement_id=placement_id), code=303)


def _error_message(error: Refusal | GatewayError, entry: PaymentEntry) -> str:
    if isinstance(error, Refusal) and error.code == "amount_range":
        most = format_money(refundable_amount(entry), entry.currency, address_language())
        return str(_("Enter an amount above zero, up to %(most)s", most=most))
    if isinstance(error, Refusal):
        return labels.error_message(error.code)
    if isinstance(error, StripeMisconfigured):
        return str(
            _("Stripe does not allow our key to do this, so nothing was refunded. The alarm says why.")
        )
    return str(_("Stripe did not respond. The refund may have gone through. Check before you repeat it."))


def _refund_page(entry: PaymentEntry, form: RefundForm) -> Response:
    left = refundable_amount(entry)
    form.seen.data = str(left)
    form.seen.raw_data = None  # else the field would show again what was sent
    return form_page(
        "staff/placement_refund.html",
        form,
        placement=entry.placement,
        entry=entry,
        left=left,
        place=scope_label(entry.placement.scope, address_language()),
        labels=labels,
    )
