"""Registers the pages of providers and what a member's export says about them."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import before_erasure, export_requested
from marketplace.accounts.services import managing_requested
from marketplace.core.extensions import now
from marketplace.core.waiting_edits import drop_edit
from marketplace.providers import privacy
from marketplace.providers.approvals import stop_telling
from marketplace.providers.desk import views
from marketplace.providers.desk.pages import Need
from marketplace.providers.membership import held_alone, providers_of, same_owner
from marketplace.providers.models import TOLD, Provider, TraderStatus
from marketplace.providers.signals import desk_needs_requested, invalidate_provider


def forget_owner(sender: object, *, user: User) -> None:
    """Pages say which providers have the same owner: without this member they may not any more. Of a provider that nobody
    else manages, nobody is told any more who was behind it."""
    for provider in providers_of(user):
        if same_owner(provider.id):
            invalidate_provider(provider)
    for provider in held_alone(user):
        drop_edit(provider)
        stop_telling(provider, now=now())


def trader_needs(sender: object, *, provider: Provider) -> list[Need]:
    """Who has not said who is behind it is asked; until then nothing new goes live."""
    if provider.trader in TOLD or (provider.edit is not None and provider.edit.trader in TOLD):
        return []
    text = (
        _(
            "The law asks us to show clients who is behind a provider. Until you say so, your page says "
            "that it is not given."
        )
        if provider.trader == TraderStatus.ASKED
        else _(
            "The law asks us to show clients who is behind a provider. Your listings can only go live "
            "once your profile says so."
        )
    )
    address = url_for("manage_provider.profile", provider=provider.slug) + "#trader-0"
    return [Need("profile", _("Say who is behind it"), text, address, _("Open your profile"))]


def manages_any(sender: object, *, user: User) -> bool:
    """Whether somebody is a member of a provider: their work is there."""
    return bool(providers_of(user))


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    app.register_blueprint(views.bp)
    managing_requested.connect(manages_any)
    export_requested.connect(privacy.own_providers)
    before_erasure.connect(forget_owner)
    desk_needs_requested.connect(trader_needs)
