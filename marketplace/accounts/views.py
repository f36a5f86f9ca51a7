"""The member's own page under /account/."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.accounts.forms import DetailsForm
from marketplace.accounts.security_forms import SignOutForm
from marketplace.accounts.services import change_details
from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
from marketplace.i18n.languages import interface_languages
from marketplace.web.responses import form_page
from marketplace.web.security import access

bp = Blueprint("accounts", __name__)


@bp.route("/account/", methods=["GET", "POST"])
@access("member")
def overview() -> Any:
    """Who I am, what I can do here; POST changes name and language."""
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


@bp.get("/account/mail/")
@access("open")
def mail_sent() -> str:
    """After a link was mailed: what to do now. The same whether or not there is such an account."""
    return render_template("accounts/mail_sent.html", again=request.args.get("again", ""))
