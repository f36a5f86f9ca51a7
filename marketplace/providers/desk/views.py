"""The provider's desk: registering a provider and its profile."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import db, now
from marketplace.providers.desk.forms import ProviderForm
from marketplace.providers.desk.pages import desk_page
from marketplace.providers.membership import own_provider
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.providers.registration import (
    Registration,
    change_provider,
    claimable_provider,
    drop_provider_edit,
    register_provider,
)
from marketplace.web.forms import PageForm, stale_page_words
from marketplace.web.responses import form_page
from marketplace.web.security import access

bp = Blueprint("manage_provider", __name__)


@bp.route("/manage/register/", methods=["GET", "POST"])
@access("confirmed")
def register() -> BaseResponse:
    """Register a provider, or claim the one that has the website: `?provider=<slug>` is the one that is meant.
    `?topic=<key>` is where to go on afterwards."""
    claimed = claimable_provider(request.args.get("provider", ""))
    form = ProviderForm()
    form.offer() if claimed is None else form.claim(claimed)
    if request.method == "GET" or not form.validate():
        return _register_page(form, claimed)
    try:
        registration = register_provider(actor=current_user, claimed=claimed, now=now(), **form.profile())
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _register_page(form, claimed)
    db.session.commit()
    return _after(registration)


def _after(registration: Registration) -> BaseResponse:
    topic = request.args.get("topic") or None
    if registration.claim is not None:
        flash(
            _(
                "Another provider already has this website. A moderator will check that it is yours, "
                "and we will email you."
            )
        )
        return redirect(url_for("manage.overview"))
    flash(
        _(
            "Registered. A moderator will check it within two working days. You can write your "
            "listings in the meantime."
        )
    )
    return redirect(url_for("manage_listing.new", provider=registration.provider.slug, topic=topic))


def _register_page(form: ProviderForm, claimed: Provider | None) -> Response:
    topic = request.args.get("topic") or None
    return form_page("providers/desk/register.html", form, topic=topic, claimed=claimed)


@bp.route("/manage/<provider>/profile/", methods=["GET", "POST"])
@access("confirmed")
def profile(provider: str) -> BaseResponse:
    """Change a provider's profile."""
    own = own_provider(current_user, provider)
    form = ProviderForm()
    form.offer(own)
    if request.method == "GET":
        return _profile_page(form, own)
    if not form.validate():
        return _profile_page(form, own)
    try:
        change_provider(actor=current_user, provider=own, now=now(), **form.profile())
    except NotFound:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _profile_page(form, own)
    db.session.commit()
    flash(_saved(own))
    return redirect(url_for("manage_provider.profile", provider=own.slug))


@bp.post("/manage/<provider>/profile/drop/")
@access("confirmed")
def drop(provider: str) -> BaseResponse:
    """Take back a change that waits or was refused."""
    own = own_provider(current_user, provider)
    if not PageForm().validate():
        form = ProviderForm(formdata=None)
        form.offer(own)
        form.refuse(None, stale_page_words())
        return _profile_page(form, own)
    drop_provider_edit(actor=current_user, provider=own)
    db.session.commit()
    flash(_("Change discarded. Your profile stays as it is."))
    return redirect(url_for("manage_provider.profile", provider=own.slug))


def _saved(provider: Provider) -> str:
    if provider.status == ProviderStatus.PENDING:
        return _("Saved. A moderator will check it within two working days.")
    if provider.edit is not None:
        return _("Saved. It will change on your page once a moderator has checked it.")
    return _("Saved.")


def _profile_page(form: ProviderForm, own: Provider) -> Response:
    return desk_page("providers/desk/profile.html", own, form=form, action_form=PageForm())
