"""Providers, and changes of their profiles, in the queue."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, or_, select

from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import country_name
from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, Choice, by, with_note
from marketplace.moderation.decisions.differences import Fact, compared
from marketplace.moderation.decisions.labels import language_names, provider_status_word
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, AskedBy, Decision
from marketplace.providers import approvals
from marketplace.providers.desk.pages import effects_of_suspension
from marketplace.providers.labels import describe_trader
from marketplace.providers.membership import same_papers
from marketplace.providers.merging import with_merged
from marketplace.providers.models import (
    SHOWN_PROVIDERS,
    TOLD,
    TRADER_LENGTHS,
    Provider,
    ProviderClaim,
    ProviderEdit,
    ProviderStatus,
    TraderMixin,
)

GROUNDS = (
    why.WEBSITE_BROKEN,
    why.IMPERSONATION,
    why.NOT_A_SERVICE,
    why.INCOMPLETE,
    why.CONTACT_DETAILS,
    why.INSULT_OR_PRIVATE_DATA,
)
SUSPENSION_GROUNDS = (
    why.MISLEADING_OFFERS,
    why.UNLAWFUL,
    why.POSES_AS_ANOTHER,
    why.FAKED_REVIEWS,
    why.CLIENTS_HARMED,
    why.DOES_NOT_ANSWER,
)
STANDING: dict[str, Any] = {"rests_on_words": False, "stays": True}


class _OfProvider(Subject[Any]):
    """What a provider and a change of its profile have in common."""

    mail_template = "provider_decided"
    excerpt = "description"
    is_counted_against = True

    @classmethod
    def provider_id_of(cls, subject_id: Any) -> Any:
        """The same."""
        return subject_id

    @classmethod
    def ids_of_provider(cls, provider_id: int) -> Any:
        """The same, and those that were merged into it."""
        return with_merged(provider_id)


class ProviderSubject(_OfProvider):
    """A provider that registers, and any other whose standing a moderator looks at."""

    kind = "provider"
    edit_kind = "provider_edit"
    content_fields = ("name", "website", "description", "trader", *TRADER_LENGTHS)
    model = Provider
    title = _l("New provider: %(provider)s")
    word = ledger_word = _l("Provider")
    facts_heading = _l("The profile")
    form_template = "moderation/kinds/provider_form.html"
    takedown = ActionName.SUSPEND
    takedown_effect = _l(
        "The provider and all its listings will be hidden, and its members will see your statement."
    )
    quote_template = "moderation/reports/quote_provider.html"
    open_label = _l("Open the provider")
    reversals: ClassVar = {ActionName.SUSPEND: ActionName.REINSTATE, ActionName.WARN: ActionName.CLEAR}
    actions: ClassVar = {
        ActionName.PUBLISH: Action(apply=by(approvals.activate_provider), asked_by=AskedBy.PROVIDER),
        ActionName.REJECT: Action(
            apply=with_note(approvals.reject_provider), grounds=GROUNDS, asked_by=AskedBy.PROVIDER
        ),
        ActionName.SUSPEND: Action(
            apply=with_note(approvals.suspend_provider),
            grounds=SUSPENSION_GROUNDS,
            is_open=lambda subject: subject.row.status == ProviderStatus.ACTIVE,
            **STANDING,
            mail="provider_standing",
        ),
        ActionName.REINSTATE: Action(
            apply=by(approvals.reinstate_provider),
            grounds=why.REVERSAL_GROUNDS,
            is_open=lambda subject: subject.row.status == ProviderStatus.SUSPENDED,
            **STANDING,
            mail="provider_standing",
        ),
        ActionName.WARN: Action(
            apply=by(approvals.add_warning),
            grounds=(why.FAKED_REVIEWS,),
            is_open=lambda subject: (
                subject.row.status == ProviderStatus.ACTIVE and subject.row.warned_at is None
            ),
            **STANDING,
            mail="provider_warning",
        ),
        ActionName.CLEAR: Action(
            apply=by(approvals.clear_warning),
            grounds=why.REVERSAL_GROUNDS,
            is_open=lambda subject: (
                subject.row.status == ProviderStatus.ACTIVE and subject.row.warned_at is not None
            ),
            **STANDING,
            mail="provider_warning",
        ),
    }

    @property
    def provider(self) -> Provider:
        """Itself."""
        provider: Provider = self.row
        return provider

    def moved_by(self) -> ColumnElement[bool]:
        """Claims of it too: one that is approved gives it another member, or another standing."""
        claims = select(ProviderClaim.id).where(ProviderClaim.provider_id == self.id)
        return or_(super().moved_by(), (Decision.subject == "claim") & Decision.subject_id.in_(claims))

    @property
    def was_sent(self) -> bool:
        """Registering sends it."""
        return True

    @property
    def has_own_page(self) -> bool:
        """One that waits for nothing is found in the list of providers."""
        return not self.is_waiting

    @classmethod
    def title_of(cls, provider_name: str, *, is_new: bool = True) -> str:
        """One that was accepted is not called new."""
        title = cls.title if is_new else _l("Provider: %(provider)s")
        return str(title) % {"provider": provider_name}

    def effects_of(self, action: str) -> list[str]:
        """What a suspension changes for other features."""
        return effects_of_suspension(self.row) if action == ActionName.SUSPEND else []

    def takedown_is_due(self) -> bool:
        """Unclaimed providers are in sight too."""
        return self.row.status in SHOWN_PROVIDERS

    def take_down(self, decision: Decision, choice: Choice) -> None:
        """An unclaimed provider has no member who could put it right: it is removed."""
        service = (
            approvals.suspend_provider
            if self.row.status == ProviderStatus.ACTIVE
            else approvals.remove_unclaimed
        )
        service(self.row, note=decision.statement, now=choice.now)

    @classmethod
    def still_stands(cls, row: Any, action: str) -> bool:
        """A warning is no status."""
        return row.warned_at is not None if action == ActionName.WARN else super().still_stands(row, action)

    def facts(self) -> list[Fact]:
        """The whole profile; of one that waits for nothing also its standing and what it was told."""
        provider, language = self.row, address_language()
        served = ", ".join(country_name(folder, language) for folder in provider.countries)
        facts = [
            *profile_facts(provider),
            Fact("languages", _("Languages"), language_names(provider.languages)),
            Fact("countries", _("Countries"), served or _("none")),
            *self.same_owner_facts(),
            *_same_papers_facts(provider),
        ]
        if not self.is_waiting:
            facts.append(Fact("standing", _("Standing"), provider_status_word(provider.status)))
        if provider.warned_at is not None:
            since = format_date(provider.warned_at, language)
            facts.append(Fact("warned", _("Warning about reviews"), _("shown since %(date)s", date=since)))
        if provider.note:
            facts.append(Fact("note", _("What we told it"), provider.note, is_long=True))
        return facts

    def public_facts(self) -> list[Fact]:
        """The profile."""
        return profile_facts(self.row)

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Providers that registered."""
        return cls.waiting_rows(Provider.created_at, Provider.id)


class ProviderEditSubject(_OfProvider):
    """A change of a profile; the old one is shown meanwhile."""

    kind = "provider_edit"
    model = ProviderEdit
    parent = Provider
    parent_kind = "provider"
    title = _l("Change to the profile of %(provider)s")
    word = _l("Change")
    ledger_word = _l("Change to a provider")
    effects: ClassVar = {ActionName.REJECT: _l("The change is not shown. What was published before stays.")}
    facts_template = "moderation/kinds/change.html"
    actions: ClassVar = {
        ActionName.PUBLISH: Action(
            apply=by(approvals.apply_provider_edit),
            check=lambda subject, _choice: approvals.check_profile_is_free(subject.row),
            asked_by=AskedBy.PROVIDER,
        ),
        ActionName.REJECT: Action(
            apply=with_note(approvals.reject_provider_edit), grounds=GROUNDS, asked_by=AskedBy.PROVIDER
        ),
    }

    def facts(self) -> list[Fact]:
        """The new profile beside the old one."""
        changes = compared(profile_facts(self.row), profile_facts(self.row.provider))
        return [*changes, *_same_papers_facts(self.row)]

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Changes that were submitted."""
        return cls.waiting_rows(ProviderEdit.submitted_at, ProviderEdit.provider_id)


def _same_papers_facts(profile: Provider | ProviderEdit) -> list[Fact]:
    names = [provider.name for provider in same_papers(profile)]
    return [Fact("same_papers", _("Same number or contact as"), "\n".join(names))] if names else []


def profile_facts(profile: Provider | ProviderEdit) -> list[Fact]:
    """What of a provider waits for approval when it changes."""
    return [
        Fact("name", _("Name"), profile.name),
        Fact("website", _("Website"), profile.website or _("none")),
        Fact("description", _("What it does"), profile.description or _("no text"), is_long=True),
        *(
            Fact(code, label, text or _("not stated"))
            for code, label, text in describe_trader(_told(profile), address_language())
            if text or code in ("trader", "legal_name")
        ),
    ]


def _told(profile: Provider | ProviderEdit) -> TraderMixin:
    """An edit that was sent before traders were asked says what the provider says."""
    if isinstance(profile, ProviderEdit) and profile.trader not in TOLD:
        return profile.provider
    return profile
