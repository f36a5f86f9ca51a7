"""Passwords: long enough, and not among the first guesses."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_security.utils import get_message

from marketplace.accounts.models import User
from marketplace.accounts.passwords import Passwords

ANNA = {"email": "anna.schmidt@example.com", "name": "Anna Schmidt"}


def problems(app: Flask, password: str) -> list[str] | None:
    found, _ = Passwords(app).validate(password, True, **ANNA)
    assert Passwords(app).validate(password, False, user=User(**ANNA))[0] == found
    return found


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1!",
        "P4ssw0rd2026",
        "contraseña",
        "Contrasena123",
        "12345678",
        "987654321",
        "qwertyuiop",
        "qwerty12345",
        "asdfghjkl",
        "abcdefgh",
        "aaaaaaaa",
        "\u0301" * 8,
        "abcabcabc",
        "12121212",
        "19840512",
        "iloveyou!",
        "letmein123",
        "welcome2026",
        "anna.schmidt1",
        "AnnaSchmidt",
        "schmidt1984",
        "marketplace1",
        "ⓅⒶⓈⓈⓌⓄⓇⒹ",
        "admin@admin",
    ],
)
def test_the_first_guesses_are_refused(app: Flask, password: str) -> None:
    assert problems(app, password) == [get_message("PASSWORD_TOO_SIMPLE")[0]]


@pytest.mark.parametrize(
    "password",
    [
        "seven otters paint lamps",
        "correct horse battery staple",
        "x7#Kq92!mz",
        "gato verde sobre mesa",
        "kQ8-hd2-Zp",
        "пароль из четырёх слов",
        "我喜歡在晚上寫信",
        "my passport lies in the drawer",
        "a-long-test-password",
    ],
)
def test_others_are_good(app: Flask, password: str) -> None:
    assert problems(app, password) is None


def test_a_password_has_eight_characters_or_more(app: Flask) -> None:
    assert problems(app, "kq8hd2z") == [get_message("PASSWORD_INVALID_LENGTH", length=8)[0]]
    assert problems(app, "kq8hd2zp") is None


def test_a_long_password_is_judged_by_its_beginning(app: Flask) -> None:
    assert problems(app, "seven otters paint lamps " * 4) is None
    assert problems(app, "ab" * 64)
