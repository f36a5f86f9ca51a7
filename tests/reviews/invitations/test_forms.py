from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict

from marketplace.core.errors import Invalid, InvalidFields
from marketplace.reviews.invitations.forms import InviteForm


@contextmanager
def filled(app: Flask, *, file: bytes | None = None, **values: str) -> Iterator[InviteForm]:
    data: MultiDict[str, Any] = MultiDict(values)
    if file is not None:
        data["file"] = FileStorage(BytesIO(file), "clients.csv")
    with app.test_request_context("/", method="POST", data=data, content_type="multipart/form-data"):
        form = InviteForm(meta={"csrf": False})
        form.offer_choices()
        yield form


def test_what_was_typed_is_read(app: Flask) -> None:
    typed = {"period_from": " 2026-10-01", "period_to": "2026-10-31", "addresses": "a@one.example"}
    with filled(app, **typed, language="es", declared="y") as form:
        clients = form.read()
    assert (clients.period_from, clients.period_to) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (clients.text, clients.language, clients.declared) == ("a@one.example", "es", True)


def test_a_day_that_is_none_is_missing(app: Flask) -> None:
    with filled(app, period_from="yesterday", period_to="") as form:
        clients = form.read()
    assert (clients.period_from, clients.period_to, clients.declared) == (None, None, False)


def test_a_file_is_put_below_what_was_pasted_and_comes_back_with_the_form(app: Flask) -> None:
    file = b"name,email\nBo,bo@one.example\n,nobody\n"
    with filled(app, addresses="a@one.example", file=file) as form:
        assert form.read().text == form.addresses.data == "a@one.example\nbo@one.example\nnobody"


def test_a_file_that_cannot_be_read_is_refused(app: Flask) -> None:
    with filled(app, addresses="", file=b"\xff\xfe\0") as form, pytest.raises(Invalid) as caught:
        form.read()
    assert caught.value.field == "file"


def test_on_first_sight_the_mail_speaks_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context("/"):
        form = InviteForm(meta={"csrf": False})
        form.offer_choices()
        assert [value for value, *_ in form.language.iter_choices()] == ["en", "es"]
        assert form.language.data == "en"


def test_refusals_stand_beside_their_fields(app: Flask) -> None:
    problems = (Invalid("period_missing", "period_to"), Invalid("not_declared", "declared"))
    with filled(app, addresses="") as form:
        form.show_refusal(InvalidFields(problems))
        assert form.period_to.errors == ["Choose a day"]
        assert form.declared.errors
