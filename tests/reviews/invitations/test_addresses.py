from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import Invalid
from marketplace.reviews.invitations.addresses import (
    FILE_BYTES,
    LINE_LIMIT,
    SHOWN_LENGTH,
    address_hash,
    read_addresses,
    shown,
    text_of_file,
)
from marketplace.text.clean import normal_address

SECRET = "a secret of twenty-four letters"


def test_one_a_line_or_with_separators_between_them() -> None:
    text = "a@one.example\r\nB@One.example, c@one.example; d@one.example\te@one.example f@one.example\n\n"
    assert read_addresses(text).addresses == {
        "a@one.example": 1,
        **dict.fromkeys(("b@one.example", "c@one.example", "d@one.example", "e@one.example"), 2),
        "f@one.example": 2,
    }


@pytest.mark.parametrize(
    "line",
    [
        "Ana Ruiz <ana@one.example>",
        '"Ruiz, Ana" <ana@one.example>',
        "Ruiz, Ana <ana@one.example>;",
        "<ana@one.example>",
        "mailto:ana@one.example",
        "  ANA@one.example  ",
    ],
)
def test_names_are_thrown_away(line: str) -> None:
    reading = read_addresses(line)
    assert (reading.addresses, reading.unread) == ({"ana@one.example": 1}, ())


def test_addresses_that_stand_twice_count_once() -> None:
    reading = read_addresses("a@one.example\nA@ONE.example\na@one.example, b@one.example")
    assert (list(reading.addresses), reading.repeated) == (["a@one.example", "b@one.example"], 2)


def test_what_cannot_be_read_is_named_with_its_line() -> None:
    reading = read_addresses("a@one.example\n\nAna Ruiz\nb@one, c@one.example\n@\nd@@one.example\n<nobody>")
    assert [(one.line, one.text) for one in reading.unread] == [
        (3, "Ana Ruiz"),
        (4, "b@one"),
        (5, "@"),
        (6, "d@@one.example"),
        (7, "nobody"),
    ]
    assert list(reading.addresses) == ["a@one.example", "c@one.example"]


@pytest.mark.parametrize(
    "text",
    [
        "a@one.example\nBcc: b@two.example",
        "a@one.example\rBcc: b@two.example",
        "a@one.example\x0bBcc: b@two.example",
        "a@one.example%0ABcc:b@two.example",
        "a@one.example\x85Bcc: b@two.example",
        "a@one.example\0b@two.example",
    ],
)
def test_no_header_is_smuggled_in(text: str) -> None:
    reading = read_addresses(text)
    assert "b@two.example" not in reading.addresses
    assert all(address.isprintable() and " " not in address for address in reading.addresses)
    assert reading.unread


@given(st.text(max_size=400))
def test_any_text_is_read_to_clean_addresses_and_named_rests(text: str) -> None:
    reading = read_addresses(text)
    for address in reading.addresses:
        assert address.isascii()
        assert address.isprintable()
        assert address.count("@") == 1
        assert "<" not in address
        assert address == address.lower()
    for one in reading.unread:
        assert one.text.isprintable()
        assert len(one.text) <= SHOWN_LENGTH


def test_too_many_lines_are_refused_before_they_are_looked_at() -> None:
    for text in ("x@one.example\n" * (LINE_LIMIT + 1), "a " * 10 + "x@one.example," * (LINE_LIMIT + 1)):
        with pytest.raises(Invalid) as caught:
            read_addresses(text)
        assert (caught.value.code, caught.value.details["most"]) == ("too_many_lines", LINE_LIMIT)


def test_what_is_shown_is_one_short_line() -> None:
    assert shown(" a\n\tb\0c ") == "a b c"
    assert len(shown("x" * 10_000)) == SHOWN_LENGTH


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_read_by_its_column(start: bytes) -> None:
    data = (
        start + "Nombre;Correo electrónico;Tel\r\nAna;ana@one.example;1\r\nBo;bo@one.example;2\r\n".encode()
    )
    assert text_of_file(data) == "ana@one.example\nbo@one.example"


def test_without_such_a_column_the_first_one_counts() -> None:
    assert text_of_file(b"ana@one.example,1\n\nbo@one.example\n") == "ana@one.example\nbo@one.example"
    assert text_of_file(b"name\tE-Mail\nAna\tana@one.example\nshort\n") == "ana@one.example"
    assert text_of_file(b"") == text_of_file(b"\n\n") == ""


def test_a_quoted_cell_stays_one_line() -> None:
    assert text_of_file(b'email\n"a@one.example\nBcc: b@two.example"\n') == "a@one.example Bcc: b@two.example"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le"])
def test_a_file_in_another_encoding_is_read(encoding: str) -> None:
    assert text_of_file("Peña,correo\nJosé,jose@one.example".encode(encoding)) == "jose@one.example"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a" * (FILE_BYTES + 1), "file_large"),
        ("email\na@one.example".encode("utf-16") + b"x", "file_text"),
        (b"email\na@one.example\0\n", "file_text"),
        (b'email\n"a@one.example', "file_csv"),
        (b"email\n" + b"x" * 200_000, "file_csv"),
        (b"a\n" * (LINE_LIMIT + 1), "too_many_lines"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        text_of_file(data)
    assert (caught.value.code, caught.value.field) == (code, "file")


def test_a_bomb_of_commas_costs_nothing() -> None:
    assert text_of_file(b"a@one.example" + b"," * (FILE_BYTES - 20)) == "a@one.example"


def test_an_address_has_one_hash_however_it_is_written() -> None:
    same = {
        address_hash(text, SECRET) for text in ("Ana@Example.com", " ana@example.com ", "ana@EXAMPLE.COM")
    }
    assert len(same) == 1
    assert normal_address("Ana@Bücher.example") == normal_address("ana@xn--bcher-kva.example")


def test_the_hash_hides_the_address_and_depends_on_the_secret() -> None:
    found = address_hash("ana@example.com", SECRET)
    assert len(found) == 64
    assert found != address_hash("ana@example.com", SECRET + "!")
    assert found != address_hash("anna@example.com", SECRET)


def test_a_stored_hash_is_recognised_after_an_update() -> None:
    assert (
        address_hash("ana@example.com", SECRET)
        == "235998b4fda25b95f66f907985fc1e297d8bcc46ab73942af78f39380063d25f"
    )
