"""Appealing against a decision: signed in, or by the link in a mail to somebody who has no account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import TextAreaField

from marketplace.core.errors import Conflict, Invalid, NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.i18n.languages import address_language
from marketplace.moderation.appeals.queries import (
    appeal_states,
    appealable,
    decided_subject,
    decision_about,
)
from marketplace.moderation.appeals.services import (
    TEXT_LENGTH,
    appeal_by_link,
    appealable_by_link,
    make_appeal,
)
from marketplace.moderation.decisions.labels import action_word
from marketplace.moderation.decisions.reasons import DISPUTE_BODIES, elements_of
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.models import Decision
from marketplace.web.forms import PageForm
from marketplace.web.responses import form_page
from marketplace.web.security import access

bp = Blueprint("appeals", __name__)
REFUSALS = {
    "appeal_made": _l("You have already appealed against this decision."),
    "appeal_late": _l("The six-month limit for appeals has passed."),
    "appeal_moot": _l("This decision no longer applies."),
    "appeal_link_wrong": _l("This link is incomplete, or too old to use for an appeal."),
    "appeal_short": _l("Enter at least 30 characters so we know what to check"),
    "appeal_long": _l("Enter 2,000 characters or fewer"),
}


class AppealForm(PageForm):
    """Why the decision is wrong."""

    text = TextAreaField(
        _l("Why do you think the decision is wrong?"),
        description=_l("Tell us what we missed. Another moderator will read it."),
    )

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return str(REFUSALS[problem.code])


@bp.route("/account/appeals/<kind>/<int:subject_id>/", methods=["GET", "POST"])
@access("member")
def ask(kind: str, subject_id: int) -> Response | BaseResponse:
    """The decision, and the form. Raises `NotFound` for whom it does not concern."""
    form = AppealForm()
    try:
        decision = appealable(kind, subject_id, actor=current_user, now=now())
    except Conflict as refusal:
        page = render_template("moderation/appeals/appeal_refused.html", reason=str(REFUSALS[refusal.code]))
        return make_response(page, refusal.status)
    if not form.validate_on_submit():
        return _page(decision, form)
    try:
        make_appeal(
            kind,
            subject_id,
            actor=current_user,
            text=form.text.data or "",
            language=address_language(),
            now=now(),
        )
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(appealable(kind, subject_id, actor=current_user, now=now()), form)
    db.session.commit()
    flash(
        _(
            "We have your appeal. A moderator who did not make the first decision will read it, and then "
            "we’ll email you."
        )
    )
    return redirect(url_for("accounts.overview"), 303)


@bp.get("/account/decisions/<kind>/<int:subject_id>/")
@access("member")
def reasons(kind: str, subject_id: int) -> str:
    """The whole statement of reasons of a decision that concerns the member."""
    decision = decision_about(kind, subject_id, current_user)
    return render_template(
        "moderation/appeals/reasons.html",
        **_told(decision),
        kind=kind,
        subject_id=subject_id,
        can_appeal=decision.action in find_kind(kind).reversals,
        state=appeal_states(kind, [subject_id], current_user, now()).get(subject_id),
    )


@bp.route("/report/appeal/<token>/", methods=["GET", "POST"])
@access("open")
def ask_by_link(token: str) -> Response | BaseResponse:
    """The same for somebody whose report was dismissed and who has no account."""
    form = AppealForm()
    secret = current_settings().secret_key
    try:
        decision = appealable_by_link(token, secret=secret, now=now())
        if not form.validate_on_submit():
            return _page(decision, form, token)
        appeal_by_link(
            token, text=form.text.data or "", language=address_language(), secret=secret, now=now()
        )
    except Invalid as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(appealable_by_link(token, secret=secret, now=now()), form, token)
    except (Conflict, NotFound) as refusal:
        db.session.rollback()
        page = render_template("moderation/reports/report_refused.html", words=str(REFUSALS[refusal.code]))
        return make_response(page, refusal.status)
    db.session.commit()
    return redirect(url_for("appeals.sent"), 303)


@bp.get("/report/appealed/")
@access("open")
def sent() -> str:
    """Said once a visitor's appeal is with the moderators."""
    return render_template("moderation/appeals/appeal_sent.html")


def _page(decision: Decision, form: AppealForm, token: str | None = None) -> Response:
    return form_page(
        "moderation/appeals/appeal.html",
        form,
        token=token,
        lengths=TEXT_LENGTH,
        **_told(decision),
    )


def _told(decision: Decision) -> dict[str, Any]:
    """What the pages tell of a decision."""
    return {
        "decision": decision,
        "elements": elements_of(decision, decided_subject(decision).provider.name),
        "action_word": action_word,
        "dispute_bodies": DISPUTE_BODIES,
    }
