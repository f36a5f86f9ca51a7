"""Claims of providers in the queue."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, by, with_note
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, AskedBy
from marketplace.providers import claims
from marketplace.providers.membership import providers_of
from marketplace.providers.models import ProviderClaim
from marketplace.providers.websites import normal_host
from marketplace.text.clean import domain_of


class ClaimSubject(Subject[ProviderClaim]):
    """Somebody says that a provider is theirs."""

    kind = "claim"
    excerpt = "message"
    model = ProviderClaim
    title = _l("Claim to manage %(provider)s")
    word = _l("Claim")
    ledger_word = _l("Claim to a provider")
    facts_heading = _l("The claim")
    party_heading = _l("Claimant")
    statement_heading = _l("Statement to the claimant")
    mail_template = "claim_decided"
    is_authored = True
    names_provider = True
    is_content = False
    effects: ClassVar = {ActionName.REJECT: _l("You do not manage the provider.")}
    buttons: ClassVar = {ActionName.PUBLISH: _l("Approve the claim")}
    messages: ClassVar = {
        ActionName.PUBLISH: _l("Claim approved. The person now manages the provider. We’ll email them.")
    }
    actions: ClassVar = {
        ActionName.PUBLISH: Action(apply=by(claims.approve_claim), asked_by=AskedBy.PROVIDER),
        ActionName.REJECT: Action(
            apply=with_note(claims.reject_claim),
            grounds=(why.NO_LINK_TO_PROVIDER, why.ALREADY_MANAGED, why.IMPERSONATION, why.WEBSITE_BROKEN),
            asked_by=AskedBy.PROVIDER,
        ),
    }

    def facts(self) -> list[Fact]:
        """Who says so, and whether the address is one of the website's."""
        claim = self.row
        host = normal_host(domain_of(claim.user.email))
        own = claim.provider.host
        fits = bool(own) and (host == own or host.endswith(f".{own}") or own.endswith(f".{host}"))
        names = [provider.name for provider in providers_of(claim.user)]
        return [
            Fact("email", _("Claimant’s email address"), claim.user.email),
            Fact(
                "domain",
                _("Email address matches the website"),
                _("yes") if fits else _("no, it is a different one"),
            ),
            Fact("website", _("Website"), claim.provider.website or _("none")),
            Fact("manages", _("Manages already"), ", ".join(names) or _("none")),
            Fact("message", _("What they wrote"), claim.message or _("no text"), is_long=True),
        ]

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Claims that were made."""
        return cls.waiting_rows(ProviderClaim.submitted_at, ProviderClaim.provider_id)
