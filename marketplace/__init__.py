"""Marketplace: the directory that fills the provider tables of public-service guides."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from flask import Flask

    from marketplace.core.extensions import Clock

VIEWS = (
    "marketplace.web.health",
    "marketplace.public.machine.metrics",
    "marketplace.accounts.views",
    "marketplace.accounts.views_access",
    "marketplace.accounts.privacy.views",
    "marketplace.public.pages.views",
    "marketplace.public.pages.views_listing",
    "marketplace.public.pages.views_provider",
    "marketplace.public.about.views",
    "marketplace.public.machine.views",
    "marketplace.public.about.views_receipts",
    "marketplace.public.about.views_decisions",
    "marketplace.listings.desk.views",
    "marketplace.listings.desk.views_editing",
    "marketplace.listings.desk.views_actions",
    "marketplace.providers.desk.views",
    "marketplace.billing.desk.views",
    "marketplace.billing.desk.views_buy",
    "marketplace.billing.sync.views",
    "marketplace.reviews.writing.views",
    "marketplace.reviews.writing.views_edits",
    "marketplace.reviews.replies.views",
    "marketplace.reviews.votes.views",
    "marketplace.reviews.proofs.views",
    "marketplace.reviews.receipts.views",
    "marketplace.reviews.invitations.views",
    "marketplace.reviews.invitations.views_client",
    "marketplace.moderation.queue.views",
    "marketplace.moderation.queue.views_providers",
    "marketplace.moderation.queue.views_proofs",
    "marketplace.moderation.reports.views",
    "marketplace.moderation.appeals.views",
    "marketplace.moderation.bulk.views",
    "marketplace.moderation.decisions.views",
    "marketplace.staff.views",
    "marketplace.staff.views_placements",
)


def create_app(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> Flask:
    """Make the application from settings (by default the environment's).

    `clock` returns the time as aware UTC; tests pass their own. Raises `config.ConfigError` naming a wrong setting.
    """
    from marketplace.app import build

    return build(os.environ if environ is None else environ, clock, _views())


def _views() -> list[Any]:
    return [import_module(name) for name in VIEWS]


logging.getLogger(__name__).addHandler(logging.NullHandler())
