"""What was reported and why, as a moderator reads it."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.labels import reason_word


def flag_facts(flag: Flag) -> list[Fact]:
    """Reason, explanation, who reports it, and for which provider."""
    who = flag.user.name or flag.user.email if flag.user is not None else flag.name or flag.email
    facts = [
        Fact("reason", _("Reason"), reason_word(flag.reason)),
        Fact("explanation", _("What they wrote"), flag.explanation, is_long=True),
        Fact("reporter", _("Reported by"), who or _("someone who has left")),
    ]
    if flag.by_provider is not None:
        facts.append(Fact("by_provider", _("Belongs to the provider"), flag.by_provider.name))
    return [*facts, Fact("language", _("Gets emails in"), language_name(flag.language, address_language()))]
