"""The member's data: read, taken away, erased."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, PasswordField

from marketplace.accounts.labels import refusal_words
from marketplace.accounts.privacy.services import as_file, data_of, erase_account, verify_owner
from marketplace.core.database import writing
from marketplace.core.errors import Refusal
from marketplace.core.extensions import db, now
from marketplace.web.forms import PageForm
from marketplace.web.limits import count_attempt
from marketplace.web.responses import form_page
from marketplace.web.security import access

bp = Blueprint("personal_data", __name__)
TRIES = "10/hour"


class EraseForm(PageForm):
    """The password once more, and whether published texts go too."""

    password = PasswordField(_l("Your password"))
    take_down = BooleanField(_l("Also remove my published reviews"))

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return refusal_words(problem)


@bp.get("/account/data/")
@access("member")
def show() -> str:
    """Everything stored about the member."""
    return render_template("accounts/data.html", sections=data_of(current_user))


@bp.get("/account/data/export.json")
@access("member")
def export() -> Response:
    """The same as a file."""
    text = json.dumps(as_file(data_of(current_user)), ensure_ascii=False, indent=2)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/account/data/erase/", methods=["GET", "POST"])
@access("member")
def erase() -> Response | BaseResponse:
    """Says what goes and what stays, asks for the password, and erases the account."""
    form = EraseForm()
    if not form.validate_on_submit():
        return form_page("accounts/erase.html", form)
    count_attempt(TRIES, "accounts.erase", "account", str(current_user.id))
    user = current_user._get_current_object()
    try:
        verify_owner(user, form.password.data or "")
        db.session.rollback()
        with writing():
            erase_account(user, take_down=form.take_down.data, now=now())
            db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return form_page("accounts/erase.html", form)
    logout_user()
    return redirect(url_for("personal_data.erased"), 303)


@bp.get("/account/erased/")
@access("open")
def erased() -> str:
    """Confirms the erasure."""
    return render_template("accounts/erased.html")
