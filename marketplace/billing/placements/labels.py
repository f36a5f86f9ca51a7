"""What members and admins read about placements: states, reasons, errors, alarms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_babel.speaklater import LazyString

from marketplace.billing.models import Placement
from marketplace.billing.statuses import (
    AlarmKind,
    EndReason,
    EntryKind,
    HiddenReason,
    PlacementKind,
    PlacementState,
)
from marketplace.billing.stripe.client import GatewayError, StripeBusy, StripeMisconfigured, StripeRefused
from marketplace.i18n.dates import format_date, format_moment
from marketplace.i18n.languages import address_language

Labels = Mapping[str, LazyString]

KIND_LABELS: Labels = {PlacementKind.MONTH: _l("monthly"), PlacementKind.PASS: _l("30-day pass")}

STATE_LABELS: Labels = {
    PlacementState.RESERVED: _l("Reserved"),
    PlacementState.PENDING: _l("Purchase started"),
    PlacementState.HELD: _l("Waiting for payment"),
    PlacementState.ACTIVE: _l("Live"),
    PlacementState.CANCELING: _l("Live, cancelled"),
    PlacementState.PAST_DUE: _l("Payment failed"),
    PlacementState.RELEASED: _l("Not bought"),
    PlacementState.REFUNDED: _l("Refunded"),
    PlacementState.ENDED: _l("Ended"),
}

# What a state means, for the provider. `day` and `moment` are when it ends.
STATE_SENTENCES: Labels = {
    PlacementState.RESERVED: _l("A slot is available and kept for you until %(moment)s."),
    PlacementState.PENDING: _l(
        "The payment page has not opened yet. We are holding the slot for you in the meantime."
    ),
    PlacementState.HELD: _l(
        "We hold the slot for you while the payment page is open, for up to half an hour."
    ),
    PlacementState.ACTIVE: _l("It is paid for until %(day)s and renews automatically."),
    PlacementState.CANCELING: _l("It is shown until %(day)s, with nothing more to pay."),
    PlacementState.PAST_DUE: _l(
        "The card was declined. To keep the placement, change the card and pay what is owed "
        "by %(day)s. Otherwise it ends on that day."
    ),
    PlacementState.REFUNDED: _l("The payment was refunded in full."),
}
PASS_SENTENCE = _l("It is shown until %(day)s, then ends automatically.")
LATE_SENTENCE = _l("The payment arrived after the slot had gone. We refunded it in full.")
# The sentences above that address the provider, for admins.
ADMIN_STATE_SENTENCES: Labels = {
    PlacementState.RESERVED: _l("The slot is kept for the provider until %(moment)s."),
    PlacementState.PENDING: _l("The payment page has not opened yet. The slot is held in the meantime."),
    PlacementState.HELD: _l("The slot is held while the payment page is open, for up to half an hour."),
    PlacementState.PAST_DUE: _l("The card was declined. The placement ends on %(day)s if nothing is paid."),
}

RELEASE_SENTENCES: Labels = {
    EndReason.PAYMENT_FAILED: _l("We did not receive the payment. Nothing was charged."),
    EndReason.DROPPED: _l("You gave up the slot. Nothing was charged."),
    EndReason.LAPSED: _l("The 24 hours ran out, and the slot went to the next provider on the list."),
    EndReason.REFUSED: _l("The payment page could not be opened. Nothing was charged."),
    EndReason.ACCOUNT: _l("It was begun in test mode or with another Stripe account. Nothing was charged."),
    EndReason.LATE: _l(
        "The payment arrived after the slot had gone. We have not refunded it yet, but we will."
    ),
}
NOT_PAID = _l("It was not paid for in time. Nothing was charged.")
DROPPED_BY_PROVIDER = _l("The provider gave up the slot. Nothing was charged.")

END_SENTENCES: Labels = {
    EndReason.OVER: _l("Its 30 days ended on %(day)s."),
    EndReason.UNPAID: _l("It ended on %(day)s because we did not receive the payment."),
    EndReason.REFUNDED: _l("It ended on %(day)s because the payment was refunded."),
    EndReason.DISPUTE: _l("It ended on %(day)s because the payment was disputed with the bank."),
    EndReason.ACCOUNT: _l(
        "It was bought in test mode or with another Stripe account, so it has not been shown since %(day)s."
    ),
}
CANCELLED = _l("It ended on %(day)s because it was cancelled.")

# Why nothing can be bought for a listing or a country now.
OBSTACLES: Labels = {
    HiddenReason.PROVIDER: _l("Your provider is suspended, so you can’t buy anything."),
    HiddenReason.LISTING: _l(
        "You don’t have a published listing there. Once you do, you can get a featured placement."
    ),
    HiddenReason.STALE: _l(
        "The cost and time have not been confirmed for too long. Confirm them first, then "
        "you can get a featured placement."
    ),
}

# Why a paid placement is not shown, for the provider.
HIDDEN_SENTENCES: Labels = {
    HiddenReason.PROVIDER: _l(
        "It is paid for but not shown because the provider is suspended. A monthly placement "
        "still renews, but it can be cancelled."
    ),
    HiddenReason.LISTING: _l(
        "It is paid for but not shown because the listing is not published. Show the listing "
        "in the tables again."
    ),
    HiddenReason.STALE: _l(
        "It is paid for but not shown because the cost and time have not been confirmed for "
        "too long. Confirm them."
    ),
}
# The same for admins.
ADMIN_HIDDEN_SENTENCES: Labels = {
    HiddenReason.PROVIDER: _l("It is paid for but hidden because the provider is suspended."),
    HiddenReason.LISTING: _l("It is paid for but hidden because its listing is not published."),
    HiddenReason.STALE: _l("It is paid for but hidden because its data has not been confirmed for too long."),
}

ENTRY_LABELS: Labels = {
    EntryKind.PAYMENT: _l("Payment"),
    EntryKind.REFUND: _l("Refund"),
    EntryKind.REFUND_FAILED: _l("Refund that did not go through"),
    EntryKind.DISPUTE: _l("Disputed with the bank"),
    EntryKind.DISPUTE_WON: _l("Dispute won"),
}

# What an alarm means, and what to do about it.
ALARM_LABELS: Labels = {
    AlarmKind.ORPHAN: _l(
        "Stripe reported something that does not belong to any placement. Check in Stripe "
        "whose payment it is."
    ),
    AlarmKind.WRONG_MODE: _l(
        "An event from the other mode (test or live) arrived. Check the endpoint in Stripe."
    ),
    AlarmKind.STUCK_EVENT: _l(
        "We tried ten times to process an event and failed. Check the log. We are still trying."
    ),
    AlarmKind.DISPUTE: _l(
        "A buyer’s bank took a payment back. The placement has ended. If you object, respond in "
        "Stripe. If the bank agrees with you, the placement comes back."
    ),
    AlarmKind.DISPUTE_WON: _l(
        "A dispute was decided in our favour, but the slot has been sold. If one is free in "
        "time, the placement comes back. Decide whether to refund the rest."
    ),
    AlarmKind.INQUIRY: _l(
        "A buyer’s bank is asking about a payment. Respond in Stripe. The placement stays."
    ),
    AlarmKind.LATE_REFUND: _l("A payment arrived after its slot had gone, and was refunded."),
    AlarmKind.REFUND_FAILED: _l("A refund did not go through. Check in Stripe what needs to be done."),
    AlarmKind.MISCONFIGURED: _l("Stripe rejects our key. Check STRIPE_API_KEY and what it is allowed to do."),
    AlarmKind.FORBIDDEN: _l(
        "Our Stripe key lacks a permission. Add it to the key in Stripe. Until then, we try "
        "again every hour what it did not allow."
    ),
    AlarmKind.REFUSED: _l("Stripe refused to open its payment page. The code says why."),
    AlarmKind.OTHER_ACCOUNT: _l(
        "A placement was bought in test mode or with another Stripe account. It is not shown. If its account "
        "returns, it comes back where a slot is free."
    ),
    AlarmKind.MISMATCH: _l(
        "Something in Stripe still differs from our records. Compare again, then look into it."
    ),
}

# Refusals by their code.
ERROR_MESSAGES: Labels = {
    "kind_unknown": _l("Choose how you want to pay"),
    "not_sold": _l("Featured placements are not on sale there at the moment."),
    "not_shown": _l(
        "Only a published listing with confirmed data, of a provider in good standing, can be featured."
    ),
    "slots_full": _l("Someone took the last slot. You can join the waiting list for free."),
    "slot_free": _l("A slot is available now. You can take it straight away."),
    "placement_live": _l("You already have a featured placement there."),
    "checkout_over": _l(
        "That payment page is closed. Nothing was charged. Start again if you still want the slot."
    ),
    "provider_suspended": _l("Your provider is suspended, so you can’t buy anything."),
    "address_unconfirmed": _l("Confirm your email address first. We sent you a link."),
    "placement_busy": _l("Your placement is being changed right now. Wait a moment and check again."),
    # prices and refunds
    "currency_unknown": _l("Choose a currency from the list"),
    "currency_other": _l(
        "Use one currency for all prices, because Stripe ties each customer to one currency"
    ),
    "amount_unreadable": _l("Enter an amount, such as 49 or 49.50"),
    "amount_step": _l("Enter an amount that can be charged: the last decimal must be 0"),
    "amount_range": _l("Enter an amount between 1 and the maximum possible"),
    "slots_range": _l("Enter a number from 0 to 10"),
    "changed": _l("Something was refunded in the meantime. Check what is left, then send it again."),
    "not_admin": _l("Only admins can do this."),
}


def state_label(placement: Placement) -> str:
    """A placement's state in a word or two."""
    if placement.hidden and placement.is_paid:
        return str(pgettext("place", "Hidden"))
    return str(STATE_LABELS[PlacementState(placement.state)])


def state_sentence(placement: Placement, *, for_admin: bool = False) -> str:
    """What a placement's state means, with the day on which it ends or ended."""
    state, reason = PlacementState(placement.state), placement.reason
    sentence = STATE_SENTENCES.get(state)
    if state == PlacementState.ACTIVE and placement.kind == PlacementKind.PASS:
        sentence = PASS_SENTENCE
    elif state == PlacementState.REFUNDED and reason == EndReason.LATE:
        sentence = LATE_SENTENCE
    elif state == PlacementState.RELEASED:
        sentence = RELEASE_SENTENCES.get(reason, NOT_PAID)
    elif state == PlacementState.ENDED:
        sentence = END_SENTENCES.get(reason, CANCELLED)
    if for_admin:
        sentence = ADMIN_STATE_SENTENCES.get(state, sentence)
        if state == PlacementState.RELEASED and reason == EndReason.DROPPED:
            sentence = DROPPED_BY_PROVIDER
    end = placement.ended_at if state == PlacementState.ENDED else placement.period_end
    language = address_language()
    return str(sentence) % {
        "day": _day(placement.grace_until if state == PlacementState.PAST_DUE else end, language),
        "moment": format_moment(placement.hold_until, language) if placement.hold_until else "",
    }


def _day(moment: datetime | None, language: str) -> str:
    return format_date(moment, language) if moment is not None else ""


def error_message(code: str) -> str:
    """A refusal as a sentence."""
    return str(ERROR_MESSAGES.get(code) or _("That did not work. Check what you sent and try again."))


def gateway_error_message(error: GatewayError) -> str:
    """An error of Stripe's, for the buyer."""
    if isinstance(error, StripeBusy):
        return str(_("The payment service is very busy. Nothing was charged. Try again in a minute."))
    if isinstance(error, StripeRefused | StripeMisconfigured):
        return str(
            _(
                "We could not open the payment service. Nothing was charged. We know about the "
                "problem and are looking into it."
            )
        )
    return str(_("We cannot reach the payment service. Nothing was charged. Try again in a minute."))
