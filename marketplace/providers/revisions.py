"""A provider's version, which fences decisions, and its revision, which invalidates cached pages."""

from __future__ import annotations

from sqlalchemy import update

from marketplace.core.extensions import db
from marketplace.providers.models import Provider
from marketplace.providers.signals import provider_changed


def bump_provider_version(provider: Provider, *, shown: bool = True) -> None:
    """Raise the provider's version. Where readers see the change, invalidate the provider's page and its listings' pages."""
    provider.version += 1
    if not shown:
        return
    provider.revision = Provider.revision + 1  # computed by the database: two at once must count twice
    db.session.flush()
    provider_changed.send(Provider, provider=provider)


def invalidate_all_provider_pages() -> None:
    """Raise the revision of every provider, such as for new exchange rates."""
    db.session.execute(update(Provider).values(revision=Provider.revision + 1))
