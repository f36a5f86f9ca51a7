"""Reporting a review, a listing or a provider: the form, and the link that confirms the report of a visitor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language, interface_language
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.reports.forms import FlagForm, VisitorFlagForm
from marketplace.moderation.reports.labels import flag_refusal_words, reason_word
from marketplace.moderation.reports.services import (
    EXPLANATION_LENGTH,
    Notice,
    check_notice,
    confirm_flag,
    file_report,
    file_report_as_visitor,
    open_flag,
)
from marketplace.moderation.reports.targets import TARGETS, find_target, target_row
from marketplace.text.clean import normal_address
from marketplace.web.forms import PageForm
from marketplace.web.limits import client_network, count_attempt
from marketplace.web.params import require_id
from marketplace.web.responses import form_page, too_many
from marketplace.web.security import access

bp = Blueprint("flags", __name__)
BY_NETWORK = "10/hour"
BY_ACCOUNT = "20/day"
MAILS = "5/day"


@bp.route("/report/", methods=["GET", "POST"])
@access("open")
def form() -> BaseResponse:
    """The form about one target, quoted; the query names it."""
    kind, row_id = _requested_target()
    target = find_target(kind, row_id)
    reporter = _reporter()
    form = FlagForm() if reporter is not None else VisitorFlagForm()
    form.offer(kind)
    if request.method == "GET":
        return _page(kind, target, form)
    try:
        notice = check_notice(
            kind,
            reason=form.reason.data or "",
            explanation=form.explanation.data or "",
            in_good_faith=bool(form.good_faith.data),
            language=interface_language(),
        )
    except Refusal as refusal:
        form.validate()  # all that is wrong, at once
        form.show_refusal(refusal)
        return _page(kind, target, form)
    if not form.validate():
        return _page(kind, target, form)
    try:
        _count(reporter, form)
        _send(kind, row_id, notice, form, reporter)
    except TooManyRequests as limit:
        form.show_refusal(Refusal("flag_many"))
        return too_many(_page(kind, target, form), limit)
    except Conflict as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(kind, find_target(kind, row_id), form)
    db.session.commit()
    return redirect(url_for("flags.sent" if reporter is not None else "flags.check_mail"))


@bp.get("/report/sent/")
@access("open")
def sent() -> str:
    """Said once a report is with the moderators."""
    return render_template("moderation/reports/report_sent.html", waits=False)


@bp.get("/report/mail/")
@access("open")
def check_mail() -> str:
    """Said to a visitor who has still to confirm."""
    return render_template("moderation/reports/report_sent.html", waits=True)


@bp.route("/report/confirm/<token>/", methods=["GET", "POST"])
@access("open")
def confirm(token: str) -> BaseResponse:
    """Asks once more (GET: mail programs open links by themselves), then sends the report to the moderators (POST)."""
    form = PageForm()
    secret = current_settings().secret_key
    try:
        flag = open_flag(token, secret=secret, now=now())
        if not form.validate_on_submit():
            return form_page(
                "moderation/reports/report_confirm.html",
                form,
                token=token,
                flag=flag,
                kind=flag.subject,
                target=_subject(flag.subject, target_row(flag)),
                guide=_guide(flag.subject, target_row(flag)),
                reason=reason_word(flag.reason),
            )
        confirm_flag(token, secret=secret, now=now())
    except (Conflict, NotFound) as refusal:
        db.session.rollback()
        words = flag_refusal_words(refusal.code, address_language(), *EXPLANATION_LENGTH)
        return make_response(
            render_template("moderation/reports/report_refused.html", words=words), refusal.status
        )
    db.session.commit()
    return redirect(url_for("flags.sent"))


def _reporter() -> User | None:
    """The member who reports; whoever has not confirmed an address reports like a visitor."""
    known = current_user.is_authenticated and current_user.confirmed_at is not None
    return current_user._get_current_object() if known else None


def _requested_target() -> tuple[str, int]:
    named = [(name, request.args[name]) for name in TARGETS.keys() & request.args.keys()]
    if len(named) != 1:
        raise NotFound
    kind, text = named[0]
    return kind, require_id(text)


def _count(reporter: User | None, form: FlagForm) -> None:
    count_attempt(BY_NETWORK, "reports", "network", client_network())
    if reporter is not None:
        count_attempt(BY_ACCOUNT, "reports", "account", str(reporter.id))
    elif isinstance(form, VisitorFlagForm):
        count_attempt(MAILS, "reports", "mail", normal_address(str(form.email.data)))


def _send(kind: str, row_id: int, notice: Notice, form: FlagForm, reporter: User | None) -> None:
    if reporter is not None:
        file_report(kind, row_id, notice, reporter=reporter, now=now())
    elif isinstance(form, VisitorFlagForm):
        secret = current_settings().secret_key
        file_report_as_visitor(
            kind,
            row_id,
            notice,
            email=form.email.data or "",
            name=form.name.data or "",
            now=now(),
            secret=secret,
        )


def _page(kind: str, target: Any, form: FlagForm) -> Response:
    return form_page(
        "moderation/reports/report.html",
        form,
        kind=kind,
        target=_subject(kind, target),
        guide=_guide(kind, target),
    )


def _subject(kind: str, row: Any) -> Subject[Any]:
    return find_kind(kind)(row)


def _guide(kind: str, row: Any) -> Any:
    listing = _subject(kind, row).listing
    return guide_titles([listing.topic_id], address_language()).get(listing.topic_id) if listing else None
