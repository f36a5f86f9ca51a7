"""The public ledger of decisions with their grounds, and receipts of decisions."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.core.revisions import SITE
from marketplace.moderation.decisions.labels import action_word, asker_word, ledger_kind
from marketplace.moderation.decisions.reasons import CODE_COLUMNS, codes_of
from marketplace.moderation.decisions.registry import find_ground, kinds
from marketplace.moderation.ledger import queries as ledger
from marketplace.public.offers.labels import page_languages
from marketplace.reviews.receipts.services import LARGEST_FILE, NotValid, find_public_key, public_keys, verify
from marketplace.values.csv import csv_text
from marketplace.web.page_cache.public import depends_on, public_page
from marketplace.web.paging import cursor_page
from marketplace.web.params import requested_id
from marketplace.web.security import access

bp = Blueprint("decisions", __name__)
PAGE_SIZE = 50
MONTHS_SHOWN = 24
# The prefix of the 32 bytes of an Ed25519 key in DER format (RFC 8410).
DER_PREFIX = bytes.fromhex("302a300506032b6570032100")
HEAD_COLUMNS = ("day", "entries", "head")
COLUMNS = ("month", "day", "kind", "action", "ground", "asked_by", "stars", *CODE_COLUMNS)


@bp.get("/about/decisions/")
@access("public")
@public_page(depends_on(SITE))
def about() -> str:
    """The decisions by month and one by one, and all grounds."""
    today, before = now().date(), requested_id("before")
    months = ledger.monthly(today) if before is None else []
    page = cursor_page(ledger.entries(today, before=before, limit=PAGE_SIZE + 1), PAGE_SIZE)
    return render_template(
        "public/about/decisions.html",
        page_languages=page_languages(lambda tag: url_for("decisions.about", _language=tag)),
        months=months[:MONTHS_SHOWN],
        years=_years(months),
        bands=ledger.STAR_BANDS,
        rated_from=ledger.RATED_FROM,
        rows=page.rows,
        head=next(iter(ledger.heads(today)), None) if before is None else None,
        more=page.next,
        later=before is not None,
        grounds=_grounds(),
        find_ground=find_ground,
        action_word=action_word,
        asker_word=asker_word,
        code_words=_code_words(),
        ledger_kind=ledger_kind,
    )


@bp.get("/about/decisions.csv")
@access("public")
@public_page(depends_on(SITE))
def table() -> Response:
    """The decisions of a year as CSV, in codes."""
    today = now().date()
    rows = (
        (
            *(row.decided_at.strftime("%Y-%m"), row.decided_at.date().isoformat()),
            *(row.subject, row.action, row.ground or "", row.asked_by),
            "-".join(map(str, ledger.band_of(row.rating) or ())),
            *codes_of(row),
        )
        for row in ledger.entries_of_year(today, _requested_year(today))
    )
    return Response(csv_text(COLUMNS, rows, with_mark=False), content_type="text/csv; charset=utf-8")


@bp.get("/about/decisions/heads.csv")
@access("public")
@public_page(depends_on(SITE))
def heads() -> Response:
    """The head of the log’s chain at the end of each day: whoever keeps one can show later that the log was rewritten."""
    rows = ((row.day.isoformat(), row.entries, row.head) for row in ledger.heads(now().date()))
    return Response(csv_text(HEAD_COLUMNS, rows, with_mark=False), content_type="text/csv; charset=utf-8")


def _code_words() -> list[tuple[str, str]]:
    """What each column of codes means."""
    words = (
        _("whether the content was removed, hidden or labelled"),
        _("whether the provider was suspended"),
        _("whether the ground is a law or our rules"),
        _("what kind of breach the ground is"),
        _("text in every case"),
        _("whether a report led to it, or our own check"),
        _("whether programs had looked at the text before the person did"),
        _("whether a program took the decision; a person always does"),
    )
    return list(zip(CODE_COLUMNS, words, strict=True))


def _grounds() -> list[tuple[str, list[Any]]]:
    """The grounds by kind, each once."""
    reviews_first = sorted(kinds(), key=lambda kind: not kind.kind.startswith("review"))
    return [(ledger_kind(kind.kind), list(kind.all_grounds())) for kind in reviews_first]


def _years(months: list[ledger.Month]) -> list[int]:
    return list(dict.fromkeys(month.start.year for month in months))


def _requested_year(today: date) -> int:
    """The requested year, by default yesterday's. Raises `NotFound` if it has no published decisions."""
    text = request.args.get("year")
    if text is None:
        return (today - timedelta(days=1)).year
    if text not in map(str, _years(ledger.monthly(today))):
        raise NotFound("no_such_page")
    return int(text)


def pem(public_key: str) -> str:
    """A hexadecimal public key in PEM format."""
    text = b64encode(DER_PREFIX + bytes.fromhex(public_key)).decode("ascii")
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----"


@bp.get("/about/receipts/")
@access("public")
@public_page(depends_on(SITE))
def receipts() -> str:
    """What receipts are, the public keys, and a form that verifies a receipt."""
    return _receipts_page()


@bp.get("/about/receipts/keys.json")
@access("public")
@public_page(depends_on(SITE))
def receipt_keys() -> Response:
    """The public keys as JSON."""
    found = [
        {"id": key.id, "public_key": key.public_key, "since": key.first_used_at.date().isoformat()}
        for key in public_keys()
    ]
    return jsonify({"keys": [{"algorithm": "Ed25519", **key} for key in found]})


@bp.route("/about/receipts/verify/", methods=["GET", "POST"])
@access("open")
def verify_receipt() -> Response:
    """Verify a receipt. The form has no CSRF token: a post changes nothing, and its content is neither stored nor logged."""
    if request.method == "GET":
        return _answer(200)
    upload = request.files.get("file")
    typed = request.form.get("receipt", "").strip()
    data = upload.read(LARGEST_FILE + 1) if upload is not None and upload.filename else typed.encode()
    if not data:
        return _answer(422, problem="empty")
    try:
        receipt = verify(data.removesuffix(b"\n").removesuffix(b"\r"), find_public_key)
    except NotValid as refusal:
        return _answer(422, problem=refusal.code, typed=typed)
    return _answer(200, receipt=receipt, decided_at=datetime.fromisoformat(receipt["decided_at"]).date())


def _answer(status: int, **values: Any) -> Response:
    return make_response(_receipts_page(**values), status, {"Cache-Control": "no-store"})


def _receipts_page(**values: Any) -> str:
    return render_template(
        "public/about/receipts.html",
        page_languages=page_languages(lambda tag: url_for("decisions.receipts", _language=tag)),
        keys=[(key, pem(key.public_key)) for key in public_keys()],
        largest=LARGEST_FILE // 1024,
        action_word=action_word,
        find_ground=find_ground,
        **values,
    )
