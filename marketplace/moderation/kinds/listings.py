"""Listings, and changes of listings, in the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from blinker import Namespace
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
from marketplace.i18n.languages import address_language
from marketplace.listings import approvals
from marketplace.listings.labels import describe_terms
from marketplace.listings.models import LIVE, Listing, ListingEdit, ListingStatus
from marketplace.listings.terms import TERMS
from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, Choice, Details, TooEarly, with_note
from marketplace.moderation.decisions.differences import Fact, compared
from marketplace.moderation.decisions.queries import pending_decision
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, AskedBy, Decision
from marketplace.providers.models import Provider, ProviderStatus, TraderStatus

GROUNDS = (
    why.WRONG_TOPIC,
    why.MISLEADING_PRICE,
    why.NOT_A_SERVICE,
    why.INCOMPLETE,
    why.CONTACT_DETAILS,
    why.INSULT_OR_PRIVATE_DATA,
)


def _check_provider(subject: Subject[Any], choice: Choice) -> None:
    """The provider comes first. One that was just accepted takes effect before its listings do."""
    provider = subject.provider
    if _follows_provider(provider):
        return
    if provider.status == ProviderStatus.PENDING:
        raise Invalid("provider_pending", provider_id=provider.id, name=provider.name)
    if provider.status != ProviderStatus.ACTIVE:
        raise Invalid("provider_not_active", name=provider.name)


def _check_listing(subject: Subject[Any], choice: Choice) -> None:
    """Nothing goes live before its provider has said who is behind it."""
    if subject.provider.trader == TraderStatus.UNKNOWN:
        raise Invalid("trader_unknown", name=subject.provider.name)
    _check_provider(subject, choice)


def _follows_provider(provider: Provider) -> bool:
    """Whether a decision that accepts the provider is about to take effect. Otherwise its status is as the database has it:
    another worker may just have accepted it."""
    if provider.status != ProviderStatus.PENDING:
        return False
    decision = pending_decision("provider", provider.id)
    if decision is not None and decision.action == ActionName.PUBLISH:
        return True
    db.session.refresh(provider, ["status"])
    return False


def _after_provider(service: Callable[..., Any]) -> Callable[[Subject[Any], Decision, Choice], Any]:
    """An `apply` that comes back later while the provider is about to be accepted."""

    def apply(subject: Subject[Any], decision: Decision, choice: Choice) -> Any:
        if _follows_provider(subject.provider):
            raise TooEarly
        return service(subject.row, now=choice.now)

    return apply


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure of the public pages as it is, and after the change where that differs. `if_promised` is what it would be if
    the requested terms had held all along."""

    label: str
    now: str
    after: str = ""
    if_promised: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the change makes it another."""
        return bool(self.after) and self.after != self.now


# Argument `edit`; the answer is a list of `Effect`. Who knows the public pages is above this folder.
edit_effects_asked = Namespace().signal("edit-effects-asked", doc="What would this change do?")


class _OfListing(Subject[Any]):
    """What a listing and a change of one have in common."""

    mail_template = "listing_decided"
    excerpt = "service"
    is_decided_together = True
    is_counted_against = True

    @property
    def waits_for_provider(self) -> bool:
        """Whether its provider waits too."""
        return self.provider.status == ProviderStatus.PENDING

    def facts(self) -> list[Fact]:
        """The terms of the offer."""
        return [*listing_facts(self.row), *self.same_owner_facts()]

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """Whether readers saw it."""
        return {"was_shown": self.row.status == ListingStatus.PUBLISHED}


class ListingSubject(_OfListing):
    """A listing that waits to be published."""

    kind = "listing"
    edit_kind = "listing_edit"
    content_fields = tuple(TERMS)
    model = Listing
    title = _l("Listing by %(provider)s")
    word = ledger_word = _l("Listing")
    facts_heading = _l("The offer")
    takedown = ActionName.REJECT
    takedown_effect = _l("The listing will be taken down, and its provider will see your statement.")
    quote_template = "moderation/reports/quote_listing.html"
    open_label = _l("Open the listing")
    reversals: ClassVar = {ActionName.REJECT: ActionName.PUBLISH}
    actions: ClassVar = {
        ActionName.PUBLISH: Action(
            apply=_after_provider(approvals.publish_listing), check=_check_listing, asked_by=AskedBy.PROVIDER
        ),
        ActionName.REJECT: Action(
            apply=with_note(approvals.reject_listing), grounds=GROUNDS, asked_by=AskedBy.PROVIDER
        ),
    }

    @property
    def listing(self) -> Listing:
        """Itself."""
        listing: Listing = self.row
        return listing

    def takedown_is_due(self) -> bool:
        """A pause does not save it."""
        return self.row.status in LIVE

    def take_down(self, decision: Decision, choice: Choice) -> None:
        """A published listing is rejected by a service of its own."""
        approvals.remove_listing(self.row, note=decision.statement, now=choice.now)

    def can_be_reversed(self) -> bool:
        """A listing goes live with its provider only; else it waits again."""
        return bool(self.provider.status == ProviderStatus.ACTIVE)

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Listings that were submitted."""
        return cls.waiting_rows(Listing.submitted_at, Listing.provider_id, Listing.topic_id)


class ListingEditSubject(_OfListing):
    """A change of a listing; the old terms are shown meanwhile."""

    kind = "listing_edit"
    model = ListingEdit
    parent = Listing
    parent_kind = "listing"
    title = _l("Change to a listing by %(provider)s")
    word = _l("Change")
    ledger_word = _l("Change to a listing")
    effects: ClassVar = {ActionName.REJECT: _l("The change is not shown. What was published before stays.")}
    facts_template = "moderation/kinds/change.html"
    actions: ClassVar = {
        ActionName.PUBLISH: Action(
            apply=_after_provider(approvals.apply_listing_edit),
            check=_check_provider,
            asked_by=AskedBy.PROVIDER,
        ),
        ActionName.REJECT: Action(
            apply=with_note(approvals.reject_listing_edit), grounds=GROUNDS, asked_by=AskedBy.PROVIDER
        ),
    }

    def facts(self) -> list[Fact]:
        """The new terms beside the old ones."""
        return compared(listing_facts(self.row), listing_facts(self.row.listing))

    def details(self) -> Details:
        """What the change would do on the public pages."""
        answers = [effects for _, effects in edit_effects_asked.send(ListingEdit, edit=self.row)]
        return Details(extra={"effects": [effect for effects in answers for effect in effects]})

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """The listing stays as it is when its change is rejected."""
        return {"was_shown": False}

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Changes that were submitted."""
        return cls.waiting_rows(ListingEdit.submitted_at, Listing.provider_id, Listing.topic_id).join(
            Listing, Listing.id == ListingEdit.listing_id
        )


def listing_facts(terms: Listing | ListingEdit) -> list[Fact]:
    """The terms of an offer."""
    described = describe_terms(terms, address_language())
    return [
        Fact(code, label, text or _("not stated"), is_long=code == "service")
        for code, label, text in described
    ]
