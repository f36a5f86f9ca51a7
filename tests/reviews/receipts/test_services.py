from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, revision_of
from marketplace.moderation.decisions.queries import effect_time
from marketplace.moderation.decisions.services import decide, undo_decision
from marketplace.reviews.models import Review
from marketplace.reviews.receipts.models import Receipt
from marketplace.reviews.receipts.services import (
    Judged,
    NotValid,
    canonical,
    file_of,
    find_public_key,
    issue_receipt,
    key_id,
    own_receipt,
    public_keys,
    raw_public_key,
    receipts_of,
    signing_key,
    verify,
)
from tests.factories import NOON, make_user
from tests.moderation.deciding import decide_now, let_decisions_take_effect
from tests.moderation.waiting import STATEMENT, waiting_review, waiting_review_edit

SECRET = "a secret of the tests"
KEY = signing_key(SECRET)
PUBLIC = raw_public_key(KEY)
BODY = {
    "text": "Clear, quick and señor “quoted” \U0001f600 \\ é",
    "rating": 4,
    "real_cost": None,
    "version": 1,
}


def signed(body: dict[str, object] = BODY, *, key: str = key_id(PUBLIC)) -> bytes:
    signature = KEY.sign(canonical(body).encode()).hex()
    return canonical({"key": key, "receipt": body, "signature": signature}).encode()


def known(name: str) -> str | None:
    return PUBLIC.hex() if name == key_id(PUBLIC) else None


def code_of(data: bytes) -> str:
    with pytest.raises(NotValid) as caught:
        verify(data, known)
    return caught.value.code


def test_a_file_as_it_was_signed_is_valid() -> None:
    assert verify(signed(), known) == BODY


@settings(max_examples=400)
@given(st.data())
def test_no_byte_of_a_file_can_change(data: st.DataObject) -> None:
    file = bytearray(signed())
    place = data.draw(st.integers(0, len(file) - 1))
    file[place] = data.draw(st.integers(0, 255).filter(lambda value: value != file[place]))
    assert code_of(bytes(file))


@given(st.integers(0, len(signed()) - 1), st.binary(min_size=1, max_size=3))
def test_nothing_can_be_cut_off_or_added(place: int, more: bytes) -> None:
    file = signed()
    assert code_of(file[:place])
    assert code_of(file + more)
    assert code_of(file[:place] + more + file[place:])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_receipt"),
        (b"[]", "not_a_receipt"),
        (b"{}", "not_a_receipt"),
        (b"[" * 60_000, "not_a_receipt"),
        (b"9" * 10_000, "not_a_receipt"),
        (b'{"key":1,"receipt":{},"signature":"00"}', "not_a_receipt"),
        (b'{"key":"k","receipt":{"a":NaN},"signature":"00"}', "not_a_receipt"),
        (b'{"key":"k","receipt":{"a":"\\ud800"},"signature":"00"}', "not_a_receipt"),
        (b" " * 70_000, "not_a_receipt"),
        (signed(key="0" * 16), "unknown_key"),
        (signed() + b"\n", "changed"),
        (json.dumps(json.loads(signed())).encode(), "changed"),
        (signed().replace(b'"rating":4', b'"rating":4,"rating":4'), "changed"),
    ],
)
def test_whatever_else_is_sent_is_no_receipt(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_receipt_of_another_key_is_none_of_ours() -> None:
    other = signing_key("another secret")
    body = canonical(BODY)
    envelope = {"key": key_id(PUBLIC), "receipt": BODY, "signature": other.sign(body.encode()).hex()}
    assert code_of(canonical(envelope).encode()) == "changed"


def test_one_secret_is_one_key() -> None:
    assert raw_public_key(signing_key(SECRET)) == PUBLIC
    assert raw_public_key(signing_key(SECRET + "!")) != PUBLIC


def rejected(review: Review) -> int:
    given_ = {"ground": "about_something_else", "statement": STATEMENT}
    decision = decide_now(
        "review", review.id, actor=make_user("moderator"), action="reject", version=1, now=NOON, **given_
    )
    return decision.id


def test_an_author_gets_a_receipt_of_what_was_judged(app: Flask) -> None:
    review = waiting_review(text="Not about this office at all, but \U0001f600 <b>another</b> one.")
    author = review.user
    assert author is not None
    before = revision_of(SITE)
    decision_id = rejected(review)
    assert revision_of(SITE) > before
    soon, later = NOON + timedelta(seconds=5), effect_time(NOON)
    assert receipts_of(author.id, soon) == {}
    (receipt,) = receipts_of(author.id, later)[review.id]
    said = verify(file_of(receipt), find_public_key)
    assert (said["number"], said["action"], said["ground"]) == (decision_id, "reject", "about_something_else")
    assert (said["text"], said["rating"], said["review"]) == (review.text, review.rating, review.id)
    assert said["provider"] == review.listing.provider.slug
    assert author.email not in receipt.body
    assert author.name not in receipt.body
    assert own_receipt(author.id, receipt.id, later) is receipt
    assert own_receipt(author.id, receipt.id, soon) is None
    assert own_receipt(make_user().id, receipt.id, later) is None
    assert own_receipt(author.id, 10**6, later) is None


def test_an_undone_decision_leaves_no_receipt(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    decision = decide("review", review.id, actor=moderator, action="publish", version=1, now=NOON)
    undo_decision(decision.id, actor=moderator, now=NOON + timedelta(seconds=5))
    db.session.commit()
    let_decisions_take_effect()
    assert db.session.scalar(select(func.count(Receipt.id))) == 0


def test_of_a_refused_edit_its_own_words_are_signed(app: Flask) -> None:
    edit = waiting_review_edit()
    text, review = edit.text, edit.review
    reasons = {"ground": "about_something_else", "statement": STATEMENT}
    moderator = make_user("moderator")
    version = edit.version
    decide_now(
        "review_edit", review.id, actor=moderator, action="reject", version=version, now=NOON, **reasons
    )
    assert json.loads(db.session.scalars(select(Receipt)).one().body)["text"] == text
    assert review.text != text


def test_an_author_who_is_gone_gets_none(app: Flask) -> None:
    review = waiting_review()
    review.user_id = None
    db.session.flush()
    db.session.expire(review)
    rejected(review)
    assert db.session.scalar(select(func.count(Receipt.id))) == 0


def test_what_an_earlier_key_signed_is_valid_after_a_change_of_keys(app: Flask) -> None:
    files = []
    for number, secret in enumerate(("first secret", "second secret")):
        review = waiting_review()
        judged = Judged(number, "publish", None, NOON + timedelta(days=number), NOON)
        issue_receipt(review, review, judged, site="https://example.com", secret=secret)
        files.append(
            file_of(db.session.scalars(select(Receipt).order_by(Receipt.id.desc())).first() or Receipt())
        )
    assert [verify(file, find_public_key)["number"] for file in files] == [0, 1]
    assert [key.id for key in public_keys()] == [
        key_id(raw_public_key(signing_key(secret))) for secret in ("second secret", "first secret")
    ]
