"""The words for reports: reasons, targets, refusals."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.moderation.models import Flag, FlagStatus
from marketplace.moderation.reports.records import Tally
from marketplace.values.money import format_number


def reason_word(reason: str) -> str:
    """A reason to report something."""
    words = {
        "fake_or_bought": _("Fake, bought or written under pressure"),
        "own_or_rival": _("Written by the provider or by a competitor"),
        "insult_or_private_data": _("Insult or private data"),
        "contact_or_advertising": _("Contact details or advertising"),
        "reveals_client": _("Shows who the client is, or says more about the case than the review does"),
        "pressures_author": _("Threatens or puts pressure on the person who wrote the review"),
        "misleading_offer": _("Cost, time or service is misleading"),
        "poses_as_another": _("Pretends to be someone else"),
        "unlawful": _("Unlawful"),
        "something_else": _("Something else"),
    }
    return str(words[reason])


def target_words(flag: Flag) -> str:
    """What was reported."""
    name = flag.provider.name
    words = {
        "review": _("a review of %(provider)s", provider=name),
        "reply": _("a reply from %(provider)s", provider=name),
        "listing": _("a listing by %(provider)s", provider=name),
        "provider": _("the provider %(provider)s", provider=name),
    }
    return str(words[flag.subject])


def tally_words(tally: Tally) -> str:
    """How many reports there are, by what became of them."""
    if not tally.total:
        return str(_("none"))
    counts = {"upheld": tally.upheld, "dismissed": tally.dismissed, "waiting": tally.waiting}
    return str(_("%(upheld)s upheld, %(dismissed)s dismissed, %(waiting)s waiting", **counts))


def outcome_word(status: str) -> str:
    """What became of a report."""
    words = {
        FlagStatus.PENDING: _("waiting"),
        FlagStatus.UPHELD: _("upheld"),
        FlagStatus.DISMISSED: _("dismissed"),
    }
    return str(words[FlagStatus(status)])


def flag_refusal_words(code: str, language: str, least: int, most: int) -> str:
    """A refused report as a sentence; `least` and `most` are the limits of the explanation."""
    words = {
        "flag_reason": _("Choose a reason"),
        "flag_short": _("Enter an explanation of at least %(least)s characters", least=least),
        "flag_long": _(
            "Enter an explanation of %(most)s characters or fewer", most=format_number(most, language)
        ),
        "flag_good_faith": _("Confirm that what you say is true as far as you know"),
        "flag_open": _("You have already reported this. A moderator has not decided on it yet."),
        "flag_gone": _("What you reported is no longer shown."),
        "flag_link_used": _(
            "This link has already been used. The moderators have your report, or have already decided on it."
        ),
        "flag_link_wrong": _("This link is incomplete or more than three days old. You can report it again."),
        "flag_many": _(
            "Too many reports were sent at once. Wait a while, then send yours again. What you typed is "
            "still here."
        ),
    }
    return str(words[code])
