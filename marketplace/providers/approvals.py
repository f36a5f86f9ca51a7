"""What moderators decide about a provider and the edits of its profile.

Called by `moderation`, which writes the decision and the mail in the same transaction. Each locks the row and raises
`Conflict` (`decided_already`) where its status is another by now; the caller compares versions after locking.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db, find_row
from marketplace.core.jobs.queue import enqueue, task
from marketplace.core.locking import lock_in_status, lock_row
from marketplace.core.waiting_edits import EditStatus, drop_edit, reject_edit
from marketplace.i18n.folding import name_key
from marketplace.providers.models import (
    TOLD,
    TRADER_LENGTHS,
    Provider,
    ProviderEdit,
    ProviderStatus,
    TraderStatus,
    trader_columns,
)
from marketplace.providers.profiles import search_text
from marketplace.providers.registration import provider_with_host
from marketplace.providers.signals import bump_provider_version, provider_status_changed
from marketplace.providers.websites import read_website

KEEP_TRADER = timedelta(days=184)


def activate_provider(provider: Provider, *, now: datetime) -> Provider:
    """pending → active."""
    lock_in_status(provider, ProviderStatus.PENDING)
    return _set_status(provider, ProviderStatus.ACTIVE)


def reject_provider(provider: Provider, *, note: str, now: datetime) -> Provider:
    """pending → removed, with the statement. Its member may correct it, which sends it again; its listings keep waiting."""
    lock_in_status(provider, ProviderStatus.PENDING)
    return _set_status(provider, ProviderStatus.REMOVED, note)


def suspend_provider(provider: Provider, *, note: str, now: datetime) -> Provider:
    """active → suspended, with the statement that its members read. Its listings keep their status and are shown nowhere;
    nothing of it can be changed."""
    lock_in_status(provider, ProviderStatus.ACTIVE)
    return _set_status(provider, ProviderStatus.SUSPENDED, note)


def remove_unclaimed(provider: Provider, *, note: str, now: datetime) -> Provider:
    """unclaimed → removed, with the statement. Its rows are shown nowhere; a later claim is a new decision."""
    lock_in_status(provider, ProviderStatus.UNCLAIMED)
    return _set_status(provider, ProviderStatus.REMOVED, note)


def reinstate_provider(provider: Provider, *, now: datetime) -> Provider:
    """suspended → active: its listings are shown as they were."""
    lock_in_status(provider, ProviderStatus.SUSPENDED)
    return _set_status(provider, ProviderStatus.ACTIVE)


def _set_status(provider: Provider, status: str, note: str = "") -> Provider:
    provider.status, provider.note = status, note
    bump_provider_version(provider)
    db.session.flush()
    provider_status_changed.send(Provider, provider=provider)
    return provider


def add_warning(provider: Provider, *, now: datetime) -> Provider:
    """Warn readers that reviews of an active provider were faked or bought, wherever it is shown. Only moderators do that.
    Raises `Conflict` also where it has the warning."""
    lock_in_status(provider, ProviderStatus.ACTIVE)
    if provider.warned_at is not None:
        raise Conflict("decided_already", status=provider.status)
    return _set_warning(provider, now)


def clear_warning(provider: Provider, *, now: datetime) -> Provider:
    """Remove the warning from an active provider. Raises `Conflict` also where it has none."""
    lock_in_status(provider, ProviderStatus.ACTIVE)
    if provider.warned_at is None:
        raise Conflict("decided_already", status=provider.status)
    return _set_warning(provider, None)


def _set_warning(provider: Provider, moment: datetime | None) -> Provider:
    provider.warned_at = moment
    bump_provider_version(provider)
    db.session.flush()
    return provider


def check_profile_is_free(edit: ProviderEdit) -> None:
    """Raises `Conflict` (`website_taken`) where another provider has the name and host of a changed profile."""
    website = read_website(edit.website)
    other = provider_with_host(website.host, edit.name)
    if other is None or other.id == edit.provider_id:
        return
    if edit.provider.is_identified_by(edit.name, website.host):
        return  # one of two that were there before names were folded may keep what it has
    if other.name_key == name_key(edit.name) or website.host != edit.provider.host:
        raise Conflict("website_taken", "website")


def apply_provider_edit(edit: ProviderEdit, *, now: datetime) -> Provider:
    """Replace the profile with the waiting edit; the slug stays. Raises `Conflict` (`website_taken`) where another provider
    has the name and host."""
    lock_in_status(edit, EditStatus.PENDING)
    check_profile_is_free(edit)
    provider = edit.provider
    website = read_website(edit.website)
    provider.take_identity(edit.name, website.url, website.host)
    provider.description = edit.description
    if edit.trader in TOLD:  # one that was sent before that was asked says nothing of it
        for name, value in trader_columns(edit).items():
            setattr(provider, name, value)
    provider.search_text = search_text(edit.name, website.host)
    drop_edit(provider)
    bump_provider_version(provider)
    db.session.flush()
    return provider


def reject_provider_edit(edit: ProviderEdit, *, note: str, now: datetime) -> ProviderEdit:
    """Reject an edit. It stays, with the statement, until it is sent again or dropped."""
    return reject_edit(lock_row(edit), note=note)


def stop_telling(provider: Provider, *, now: datetime) -> None:
    """The last member has left: who was behind the provider is told to nobody any more, and deleted once the law lets us
    (six months after the end, Art. 30(5) of Regulation (EU) 2022/2065)."""
    provider.trader, provider.lawful_at = TraderStatus.UNKNOWN, None
    bump_provider_version(provider)
    enqueue("providers.forget_trader", {"provider_id": provider.id}, run_at=now + KEEP_TRADER)


@task("providers.forget_trader")
def forget_trader(payload: dict[str, Any]) -> None:
    """Delete who was behind a provider, unless somebody has said it anew."""
    provider = find_row(Provider, payload["provider_id"])
    if provider is not None and provider.trader not in TOLD:
        for name in TRADER_LENGTHS:
            setattr(provider, name, "")
