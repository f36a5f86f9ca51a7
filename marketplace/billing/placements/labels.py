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
    return str({"month": _("by the month"), "pass": _("30-day pass")}[kind])


def state_word(placement: Placement) -> str:
    """A placement's state in a word or two."""
    if placement.hidden and placement.state in ("active", "canceling", "past_due"):
        return str(pgettext("place", "Hidden"))
    return state_name(placement.state)


def state_name(state: str) -> str:
    """A state in a word or two."""
    words = {
        "reserved": _("Kept for you"),
        "pending": _("Being bought"),
        "held": _("Waiting for the payment"),
        "active": _("Live"),
        "canceling": _("Live, cancelled"),
        "past_due": _("Payment failed"),
        "released": _("Not bought"),
        "refunded": _("Given back"),
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
        return str(_("A place is free, and kept for you until %(moment)s.", moment=until))
    if placement.state == "active" and placement.kind == "pass":
        return str(_("It stands until %(day)s and ends by itself.", day=day(placement.period_end)))
    words = {
        "pending": _("The page to pay on has not opened yet. The place is held for you meanwhile."),
        "held": _(
            "The place is held for you while the page to pay on is open, for half an hour at the most."
        ),
        "active": _("It is paid until %(day)s and renews by itself.", day=day(placement.period_end)),
        "canceling": _("It stands until %(day)s and costs nothing more.", day=day(placement.period_end)),
        "past_due": _(
            "The card was refused. Change it and pay what is open by %(day)s, and the place stays. Else it ends then.",
            day=day(placement.grace_until),
        ),
        "released": release_words(placement.reason),
        "refunded": _("The payment came after the place was gone. We gave it back in full.")
        if placement.reason == "late"
        else _("The payment was given back in full."),
        "ended": end_words(placement),
    }
    return str(words[placement.state])


def release_words(reason: str) -> str:
    """Why a place was not bought."""
    words = {
        "payment_failed": _("The payment did not arrive. Nothing was charged."),
        "dropped": _("You gave it up. Nothing was charged."),
        "lapsed": _("The 24 hours passed, and the place went to the next one."),
        "refused": _("The page to pay on could not be opened. Nothing was charged."),
    }
    return str(words.get(reason) or _("It was not paid for in time. Nothing was charged."))


def end_words(placement: Placement) -> str:
    """Why and when a place ended."""
    day = format_date(placement.ended_at, address_language()) if placement.ended_at else ""
    words = {
        "over": _("Its thirty days were over on %(day)s.", day=day),
        "unpaid": _("It ended on %(day)s: the payment did not come.", day=day),
        "refunded": _("It ended on %(day)s: the payment was given back.", day=day),
        "dispute": _("It ended on %(day)s: the payment was disputed at the bank.", day=day),
    }
    return str(words.get(placement.reason) or _("It ended on %(day)s: it was cancelled.", day=day))


def obstacle_words(reason: str) -> str:
    """Why no place can be bought for this now."""
    words = {
        "provider": _("Your provider is suspended: nothing can be bought."),
        "listing": _("You have no published listing there. Once there is one, you can have it featured."),
        "stale": _(
            "Nobody confirmed cost and time for too long. Do that first, then you can have it featured."
        ),
    }
    return str(words[reason])


def hidden_words(reason: str) -> str:
    """Why a paid place is not shown."""
    words = {
        "provider": _(
            "It is paid but not shown: the provider is suspended. A month still renews: it can be cancelled."
        ),
        "listing": _("It is paid but not shown: the listing is not published. Put it back into the tables."),
        "stale": _("It is paid but not shown: nobody confirmed cost and time for too long. Confirm them."),
    }
    return str(words[reason])


def entry_word(kind: str) -> str:
    """A line of the books in a word."""
    words = {
        "payment": _("Payment"),
        "refund": _("Refund"),
        "refund_failed": _("Refund that did not arrive"),
        "dispute": _("Disputed at the bank"),
        "dispute_won": _("Dispute won"),
    }
    return str(words[kind])


def alarm_words(kind: str) -> str:
    """What an alarm means, and what is to be done."""
    words = {
        "orphan": _(
            "Stripe tells of something that belongs to no placement. See at Stripe whose payment it is."
        ),
        "wrong_mode": _("An event of the other mode (test or live) arrived. Check the endpoint at Stripe."),
        "stuck_event": _("An event could not be processed ten times. Look at the log; it is tried on."),
        "dispute": _(
            "A buyer's bank took a payment back. The place has ended; answer at Stripe if you object."
        ),
        "inquiry": _("A buyer's bank asks about a payment. Answer it at Stripe; the place stays."),
        "late_refund": _("A payment came after its slot was gone, and was given back."),
        "refund_failed": _("A refund did not arrive. See at Stripe what is to be done."),
        "misconfigured": _("Stripe refuses our key. Check STRIPE_API_KEY and what it may do."),
        "refused": _("Stripe refused to open its page to pay on. The code says why."),
        "mismatch": _("Something of Stripe's still differs from ours. Compare again, then look at it."),
    }
    return str(words[kind])


def refusal_words(code: str) -> str:
    """A refused wish as a sentence."""
    words = {
        "kind_unknown": _("Choose how you want to pay"),
        "not_sold": _("Featured places are not sold there at present."),
        "not_shown": _(
            "Only a published listing with confirmed data, of a provider in good standing, can be featured."
        ),
        "slots_full": _("Somebody took the last place. You can wait for one; it costs nothing."),
        "slot_free": _("A place is free now: you can take it at once."),
        "placement_live": _("You have a place there already."),
        "checkout_over": _(
            "That page to pay on is closed. Nothing was charged; start again if you still want the place."
        ),
        "provider_suspended": _("Your provider is suspended: nothing can be bought."),
        "address_unconfirmed": _("Confirm your email address first: we sent you a link."),
        "placement_busy": _("Your place is being changed at this moment. Wait a little and look again."),
        # prices and refunds
        "currency_unknown": _("Choose a currency from the list"),
        "currency_other": _("All prices are in one currency: Stripe ties a customer to it"),
        "amount_unreadable": _("Write an amount, such as 49 or 49.50"),
        "amount_range": _("Write an amount between 1 and the most that is possible"),
        "slots_range": _("Write a number from 0 to 10"),
        "changed": _("Something was given back meanwhile. Read what is left, then send it again."),
        "not_admin": _("Only admins may do this."),
    }
    return str(words.get(code) or _("That did not work. Check what you sent and try again."))


def trouble_words(trouble: GatewayError) -> str:
    """Trouble with Stripe, for who wanted to pay."""
    if isinstance(trouble, StripeBusy):
        return str(_("The payment service is very busy. Nothing was charged; try again in a minute."))
    if isinstance(trouble, StripeRefused | StripeMisconfigured):
        return str(
            _("The payment service did not open. Nothing was charged; we have been told and look into it.")
        )
    return str(_("The payment service cannot be reached. Nothing was charged; try again in a minute."))
