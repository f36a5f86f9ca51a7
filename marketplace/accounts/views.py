"""The account's own page, and the pages that Flask-Security has no views of ours for: links in mails, signing out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import views
from flask_security.utils import login_user, logout_user
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.forms import AddressForm, ConfirmForm, DetailsForm, SignOutForm
from marketplace.accounts.models import User
from marketplace.accounts.services import (
    change_details,
    confirm_address,
    managing_requested,
    request_confirmation,
    request_reset,
    send_confirmation,
    user_to_confirm,
)
from marketplace.core.database import writing
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.extensions import current_settings, db
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.text.clean import normal_address
from marketplace.web.responses import form_page
from marketplace.web.security import access, safe_target

bp = Blueprint("accounts", __name__)


@bp.route("/account/", methods=["GET", "POST"])
@access("member")
def overview() -> Any:
    """The member's account page; POST changes name and language."""
    form = DetailsForm(obj=current_user)
    if form.validate_on_submit():
        try:
            change_details(
                current_user._get_current_object(),
                name=form.name.data or "",
                language=form.language.data or "",
                languages=interface_languages(),
            )
        except Invalid as refusal:
            form.show_refusal(refusal)
        else:
            db.session.commit()
            flash(_("Your details have been saved."), "success")
            return redirect(url_for("accounts.overview"), 303)
    return form_page("accounts/overview.html", form, sign_out_form=SignOutForm(formdata=None))


@bp.get("/account/who/")
@access("open")
def who() -> str:
    """The fragment for the header of public pages: who is signed in, empty for nobody."""
    return render_template("layouts/who.html") if current_user.is_authenticated else ""


@bp.get("/account/mail/")
@access("open")
def mail_sent() -> str:
    """After a link was sent: what to do next. The same whether or not the account exists."""
    return render_template("accounts/mail_sent.html", again=request.args.get("again", ""))


access_bp = Blueprint("access", __name__)


@access_bp.record
def _replace_views(state: BlueprintSetupState) -> None:
    state.app.view_functions.update(
        {
            "security.login": sign_in,
            "security.register": sign_up,
            "security.forgot_password": ask_for_reset,
            "security.send_confirmation": ask_for_confirmation,
            "security.confirm_email": confirm,
        }
    )


def sign_in() -> Any:
    """Flask-Security's, and on to the page that asked for it, if that is one of ours."""
    here_already = current_user.is_authenticated
    answer = views.login()
    if request.method == "POST" and current_user.is_authenticated and not here_already:
        return redirect(safe_target(request.values.get("next"), _own_desk()), 303)
    return answer


def _own_desk() -> str:
    """Where somebody's work waits: the moderators' queue, the provider's pages, else the account."""
    if current_user.is_staff:
        return url_for("moderation.queue")
    managing = any(answer for _, answer in managing_requested.send(User, user=current_user))
    return url_for("manage.overview" if managing else "accounts.overview")


def sign_up() -> Any:
    """Flask-Security's, which answers for a known address as for a new one."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.overview"))
    if request.method == "POST":
        # Held by this browser whether or not an account is made, so that it tells nobody which addresses have one.
        session["signup_key"] = secrets.token_urlsafe(32)
    try:
        answer = views.register()
        db.session.commit()
    except IntegrityError:
        # Somebody with this address was quicker, by a moment.
        db.session.rollback()
        answer = redirect(url_for("accounts.mail_sent"))
    if isinstance(answer, tuple):
        return answer
    _remember_asking(request.form.get("email", ""))
    return redirect(url_for("accounts.mail_sent", again="confirm"), 303)


def ask_for_reset() -> Any:
    """Send a link to choose a new password."""
    form = AddressForm()
    if current_user.is_authenticated and request.method == "GET":
        form.email.data = current_user.email
    if form.validate_on_submit():
        request_reset(str(form.email.data), address_language())
        db.session.commit()
        flash(
            _(
                "If there is an account for %(email)s, we have emailed a link to that address.",
                email=form.email.data,
            ),
            "success",
        )
        return redirect(url_for("accounts.mail_sent", again="reset"), 303)
    return form_page("security/forgot_password.html", form)


def ask_for_confirmation() -> Any:
    """Mail the link that confirms an address again: one's own at the press of a button, else the one that is typed."""
    next_page = safe_target(request.values.get("next"), "")
    if current_user.is_authenticated:
        return _confirm_own(current_user._get_current_object(), next_page)
    form = AddressForm()
    if form.validate_on_submit():
        email = str(form.email.data)
        request_confirmation(email, address_language(), next_page)
        db.session.commit()
        _remember_asking(email)
        flash(
            _("If %(email)s still needs to be confirmed, we have sent the link again.", email=email),
            "success",
        )
        return redirect(url_for("accounts.mail_sent", again="confirm"), 303)
    return form_page("security/send_confirmation.html", form, next_page=next_page)


def _confirm_own(user: User, next_page: str) -> Any:
    if user.confirmed_at is not None:
        flash(_("Your email address is confirmed."), "success")
        return redirect(next_page or url_for("accounts.overview"))
    form = ConfirmForm()
    if form.validate_on_submit():
        send_confirmation(user, user.language, next_page)
        db.session.commit()
        flash(_("We sent the link to %(email)s.", email=user.email), "success")
        return redirect(url_for("accounts.mail_sent", again="confirm"), 303)
    return form_page("security/send_confirmation.html", form, next_page=next_page)


def confirm(token: str) -> Any:
    """The link of a mail. In the browser that asked for it, opening confirms; elsewhere a button does, because programs
    that look through mails open links too."""
    next_page = safe_target(request.args.get("next"), "")
    form = ConfirmForm()
    db.session.rollback()  # what read so far did not mean to write
    with writing():
        try:
            user = user_to_confirm(token)
        except (Invalid, Conflict) as refusal:
            return _refuse_link(refusal.code, next_page)
        signed_up = _signed_up(user)
        asked = current_user == user or signed_up or _asked_for(user.email)
        opened = request.method == "GET" and asked
        if not opened and not form.validate_on_submit():
            return form_page("security/confirm_email.html", form, token=token, next_page=next_page)
        confirm_address(user)
        db.session.commit()
    flash(_("Your email address is confirmed."), "success")
    if current_user == user:
        return redirect(next_page or _own_desk(), 303)
    if current_user.is_authenticated:
        logout_user()
    if signed_up and user.active:
        # Whoever opens the link has the mailbox, and this browser chose the password.
        login_user(user, remember=False, authn_via=["confirm"])
        return redirect(next_page or _own_desk(), 303)
    return redirect(_sign_in_page(next_page), 303)


def _refuse_link(code: str, next_page: str) -> Any:
    if code == "confirmed":
        flash(_("This email address is already confirmed."), "success")
        signed_in = current_user.is_authenticated
        return redirect(next_page or url_for("accounts.overview") if signed_in else _sign_in_page(next_page))
    words = {
        "link_expired": _("That link has expired. Ask for a new one."),
        "link_wrong": _("That link does not work. Ask for a new one."),
    }
    flash(words[code], "error")
    return redirect(url_for("security.send_confirmation", next=next_page or None))


def _sign_in_page(next_page: str) -> str:
    return url_for("security.login", next=next_page or None)


def signup_digest() -> str | None:
    """What an account keeps of the key that the browser holds which signs up; None outside of signing up."""
    key = session.get("signup_key") if request else None
    return hashlib.sha256(key.encode()).hexdigest() if isinstance(key, str) else None


def _signed_up(user: User) -> bool:
    """Whether this browser made the account, and nobody has used that yet."""
    held = signup_digest()
    return held is not None and user.signup_key is not None and hmac.compare_digest(held, user.signup_key)


def _remember_asking(email: str) -> None:
    session["asked_for"] = _digest(email)


def _asked_for(email: str) -> bool:
    return bool(session.get("asked_for") == _digest(email))


def _digest(email: str) -> str:
    key = current_settings().secret_key
    return hashlib.sha256(f"{key}:{normal_address(email)}".encode()).hexdigest()[:32]
