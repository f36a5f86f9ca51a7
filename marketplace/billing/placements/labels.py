"""What members are told of placements: states, reasons, refusals, trouble with Stripe."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from marketplace.billing.models import Placement
from marketplace.billing.stripe.client import GatewayError, StripeBusy, StripeMisconfigured, StripeRefused
from marketplace.i18n.dates import format_date, format_moment
from marketplace.i18n.languages import address_language


def kind_word(kind: str) -> str:
    """How a place is paid for, in a few words."""
    return str({"month": _("monthly"), "pass": _("30-day pass")}[kind])


def state_word(placement: Placement) -> str:
    """A placement's state in a word or two."""
    if placement.hidden and placement.state in ("active", "canceling", "past_due"):
        return str(pgettext("place", "Hidden"))
    return state_name(placement.state)


def state_name(state: str) -> str:
    """A state in a word or two."""
    words = {
        "reserved": _("Reserved"),
        "pending": _("Purchase started"),
        "held": _("Waiting for payment"),
        "active": _("Live"),
        "canceling": _("Live, cancelled"),
        "past_due": _("Payment failed"),
        "released": _("Not bought"),
        "refunded": _("Refunded"),
        "ended": _("Ended"),
    }
    return str(words[state])


def state_sentence(placement: Placement) -> str:
    """What a placement's state means, with its day."""
    language = address_language()

    def day(moment: object) -> str:
        return format_date(moment, language) if moment is not None else ""  # type: ignore[arg-type]

    if placement.state == "reserved" and placement.hold_until is not None:
        until = format_moment(placement.hold_until, language)
        return str(_("A slot is available and kept for you until %(moment)s.", moment=until))
    if placement.state == "active" and placement.kind == "pass":
        return str(_("It is shown until %(day)s, then ends automatically.", day=day(placement.period_end)))
    words = {
        "pending": _("The payment page has not opened yet. We are holding the slot for you in the meantime."),
        "held": _("We hold the slot for you while the payment page is open, for up to half an hour."),
        "active": _("It is paid for until %(day)s and renews automatically.", day=day(placement.period_end)),
        "canceling": _("It is shown until %(day)s, with nothing more to pay.", day=day(placement.period_end)),
        "past_due": _(
            "The card was declined. To keep the placement, change the card and pay what is owed "
            "by %(day)s. Otherwise it ends on that day.",
            day=day(placement.grace_until),
        ),
        "released": release_words(placement.reason),
        "refunded": _("The payment arrived after the slot had gone. We refunded it in full.")
        if placement.reason == "late"
        else _("The payment was refunded in full."),
        "ended": end_words(placement),
    }
    return str(words[placement.state])


def release_words(reason: str) -> str:
    """Why a place was not bought."""
    words = {
        "payment_failed": _("We did not receive the payment. Nothing was charged."),
        "dropped": _("You gave up the slot. Nothing was charged."),
        "lapsed": _("The 24 hours ran out, and the slot went to the next provider on the list."),
        "refused": _("The payment page could not be opened. Nothing was charged."),
    }
    return str(words.get(reason) or _("It was not paid for in time. Nothing was charged."))


def end_words(placement: Placement) -> str:
    """Why and when a place ended."""
    day = format_date(placement.ended_at, address_language()) if placement.ended_at else ""
    words = {
        "over": _("Its 30 days ended on %(day)s.", day=day),
        "unpaid": _("It ended on %(day)s because we did not receive the payment.", day=day),
        "refunded": _("It ended on %(day)s because the payment was refunded.", day=day),
        "dispute": _("It ended on %(day)s because the payment was disputed with the bank.", day=day),
    }
    return str(words.get(placement.reason) or _("It ended on %(day)s because it was cancelled.", day=day))


def obstacle_words(reason: str) -> str:
    """Why no place can be bought for this now."""
    words = {
        "provider": _("Your provider is suspended, so you can’t buy anything."),
        "listing": _(
            "You don’t have a published listing there. Once you do, you can get a featured placement."
        ),
        "stale": _(
            "The cost and time have not been confirmed for too long. Confirm them first, then "
            "you can get a featured placement."
        ),
    }
    return str(words[reason])


def hidden_words(reason: str) -> str:
    """Why a paid place is not shown."""
    words = {
        "provider": _(
            "It is paid for but not shown because the provider is suspended. A monthly placement "
            "still renews, but it can be cancelled."
        ),
        "listing": _(
            "It is paid for but not shown because the listing is not published. Show the listing "
            "in the tables again."
        ),
        "stale": _(
            "It is paid for but not shown because the cost and time have not been confirmed for "
            "too long. Confirm them."
        ),
    }
    return str(words[reason])


def entry_word(kind: str) -> str:
    """A line of the books in a word."""
    words = {
        "payment": _("Payment"),
        "refund": _("Refund"),
        "refund_failed": _("Refund that did not go through"),
        "dispute": _("Disputed with the bank"),
        "dispute_won": _("Dispute won"),
    }
    return str(words[kind])


def alarm_words(kind: str) -> str:
    """What an alarm means, and what is to be done."""
    words = {
        "orphan": _(
            "Stripe reported something that does not belong to any placement. Check in Stripe "
            "whose payment it is."
        ),
        "wrong_mode": _("An event from the other mode (test or live) arrived. Check the endpoint in Stripe."),
        "stuck_event": _(
            "We tried ten times to process an event and failed. Check the log. We are still trying."
        ),
        "dispute": _(
            "A buyer’s bank took a payment back. The placement has ended. If you object, respond in Stripe."
        ),
        "inquiry": _("A buyer’s bank is asking about a payment. Respond in Stripe. The placement stays."),
        "late_refund": _("A payment arrived after its slot had gone, and was refunded."),
        "refund_failed": _("A refund did not go through. Check in Stripe what needs to be done."),
        "misconfigured": _("Stripe rejects our key. Check STRIPE_API_KEY and what it is allowed to do."),
        "refused": _("Stripe refused to open its payment page. The code says why."),
        "mismatch": _(
            "Something in Stripe still differs from our records. Compare again, then look into it."
        ),
    }
    return str(words[kind])


def refusal_words(code: str) -> str:
    """A refused wish as a sentence."""
    words = {
        "kind_unknown": _("Choose how you want to pay"),
        "not_sold": _("Featured placements are not on sale there at the moment."),
        "not_shown": _(
            "Only a published listing with confirmed data, of a provider in good standing, can be featured."
        ),
        "slots_full": _("Someone took the last slot. You can join the waiting list for free."),
        "slot_free": _("A slot is available now. You can take it straight away."),
        "placement_live": _("You already have a featured placement there."),
        "checkout_over": _(
            "That payment page is closed. Nothing was charged. Start again if you still want the slot."
        ),
        "provider_suspended": _("Your provider is suspended, so you can’t buy anything."),
        "address_unconfirmed": _("Confirm your email address first. We sent you a link."),
        "placement_busy": _("Your placement is being changed right now. Wait a moment and check again."),
        # prices and refunds
        "currency_unknown": _("Choose a currency from the list"),
        "currency_other": _(
            "Use one currency for all prices, because Stripe ties each customer to one currency"
        ),
        "amount_unreadable": _("Enter an amount, such as 49 or 49.50"),
        "amount_range": _("Enter an amount between 1 and the maximum possible"),
        "slots_range": _("Enter a number from 0 to 10"),
        "changed": _("Something was refunded in the meantime. Check what is left, then send it again."),
        "not_admin": _("Only admins can do this."),
    }
    return str(words.get(code) or _("That did not work. Check what you sent and try again."))


def trouble_words(trouble: GatewayError) -> str:
    """Trouble with Stripe, for who wanted to pay."""
    if isinstance(trouble, StripeBusy):
        return str(_("The payment service is very busy. Nothing was charged. Try again in a minute."))
    if isinstance(trouble, StripeRefused | StripeMisconfigured):
        return str(
            _(
                "We could not open the payment service. Nothing was charged. We know about the "
                "problem and are looking into it."
            )
        )
    return str(_("We cannot reach the payment service. Nothing was charged. Try again in a minute."))
