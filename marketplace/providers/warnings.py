"""The warning on a provider's page that reviews of it were faked or bought: put up and taken down by moderators alone.

Called by `moderation`, which writes the decision and the mail in the same transaction. The warning shows wherever the
provider does, so the revisions of its page and of its topics rise. Nothing puts it up by itself.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.listings.revisions import count_provider_change, locked
from marketplace.providers.models import Provider


def warn_of(provider: Provider, *, now: datetime) -> Provider:
    """Put up the warning. Raises `Conflict` where the provider is not active, or the warning stands already."""
    locked(provider)
    if provider.status != "active" or provider.warned_at is not None:
        raise Conflict("decided_already", status=provider.status)
    return _set(provider, now)


def clear_warning(provider: Provider, *, now: datetime) -> Provider:
    """Take down the warning. Raises `Conflict` where the provider is not active, or there is none."""
    locked(provider)
    if provider.status != "active" or provider.warned_at is None:
        raise Conflict("decided_already", status=provider.status)
    return _set(provider, None)


def _set(provider: Provider, moment: datetime | None) -> Provider:
    provider.warned_at = moment
    count_provider_change(provider)
    db.session.flush()
    return provider
