"""What of reviews waits for a provider: those without a reply, and replies that were not accepted."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.providers.desk.pages import Need
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.reviews.replies.queries import count_waiting


def review_needs(sender: Any, *, provider: Provider) -> list[Need]:
    """One need for all reviews without a reply, one for all replies not accepted. One query."""
    if provider.status != ProviderStatus.ACTIVE:
        return []
    unanswered, refused = count_waiting(provider.id)
    needs = []
    if refused:
        title = ngettext("A reply was not accepted", "%(num)s replies were not accepted", refused)
        text = _("Read why, change it and send it again.")
        needs.append(_need(provider, str(title), str(text), str(_("Correct it")), refused, show="refused"))
    if unanswered:
        title = ngettext(
            "One review is waiting for your reply", "%(num)s reviews are waiting for your reply", unanswered
        )
        text = _(
            "You can reply to each review once. Everyone can see your reply, but a moderator reads it first."
        )
        needs.append(
            _need(provider, str(title), str(text), str(_("See them")), unanswered, show="unanswered")
        )
    return needs


def _need(provider: Provider, title: str, text: str, button: str, count: int, *, show: str) -> Need:
    address = url_for("replies.reviews", provider=provider.slug, show=show)
    return Need("reviews", title, text, address, button, count=count)
