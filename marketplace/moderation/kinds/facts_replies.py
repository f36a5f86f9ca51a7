"""The values of a provider's reply as a moderator reads them; of an edit, beside what it would replace."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.moderation.decisions.differences import Fact
from marketplace.reviews.replies.models import Reply


def reply_facts(reply: Reply) -> list[Fact]:
    """Text and language; the old ones where an edit waits or was refused while they are shown."""
    language = address_language()
    old_text = old_language = None
    if reply.is_shown and reply.shown_language and reply.shown_text != reply.text:
        old_text = reply.shown_text
        old_language = language_name(reply.shown_language, language)
    return [
        Fact("text", _("Text"), reply.text, old_text, is_long=True),
        Fact("language", _("Written in"), language_name(reply.language, language), old_language),
    ]


def shown_reply_facts(reply: Reply) -> list[Fact]:
    """What readers see of a reply, without a change of it that waits."""
    language = reply.shown_language or reply.language
    return [
        Fact("text", _("Text"), reply.shown_text or reply.text, is_long=True),
        Fact("language", _("Written in"), language_name(language, address_language())),
    ]
