"""What receipts are, the keys, and a place to verify one. The form carries no token: what is sent changes nothing here, is
not kept and not logged."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from marketplace.guides.queries import guide_languages
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.moderation.decisions.labels import action_word
from marketplace.moderation.decisions.registry import find_ground
from marketplace.reviews.receipts.services import LARGEST_FILE, NotValid, find_public_key, public_keys, verify
from marketplace.web.page_cache import public_page, site_revision
from marketplace.web.security import access

bp = Blueprint("receipts_about", __name__)
# What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410).
DER_PREFIX = bytes.fromhex("302a300506032b6570032100")


def _site() -> int:
    return site_revision()


def pem(public_key: str) -> str:
    """A public key as OpenSSL reads it, from hexadecimal."""
    text = b64encode(DER_PREFIX + bytes.fromhex(public_key)).decode("ascii")
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----"


@bp.get("/about/receipts/")
@access("public")
@public_page(_site)
def about() -> str:
    """What receipts are, the public keys, and the form."""
    return _page()


@bp.get("/about/receipts/keys.json")
@access("public")
@public_page(_site)
def keys() -> Response:
    """The public keys for machines."""
    found = [
        {
            "id": key.id,
            "algorithm": "Ed25519",
            "public_key": key.public_key,
            "since": key.first_used_at.date().isoformat(),
        }
        for key in public_keys()
    ]
    return jsonify({"keys": found})


@bp.route("/about/receipts/verify/", methods=["GET", "POST"])
@access("open")
def check() -> Response:
    """Say whether what was sent is a receipt of ours."""
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
    response = make_response(_page(**values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(**values: Any) -> str:
    tags = sorted({*interface_languages(), *guide_languages()} - {address_language()})
    return render_template(
        "public/about/receipts.html",
        page_languages=[(tag, url_for("receipts_about.about", _language=tag)) for tag in tags],
        keys=[(key, pem(key.public_key)) for key in public_keys()],
        largest=LARGEST_FILE // 1024,
        action_word=action_word,
        find_ground=find_ground,
        **values,
    )
