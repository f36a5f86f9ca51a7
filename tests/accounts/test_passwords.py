"""Passwords: long enough, and not among the first that anybody would try."""

from __future__ import annotations

import pytest

from marketplace.accounts.passwords import easy_to_guess

KNOWN = ("Marketplace", "anna.schmidt@example.com", "Anna Schmidt")


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
def test_the_first_guesses_are_refused(password: str) -> None:
    assert easy_to_guess(password, *KNOWN)


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
def test_others_are_good(password: str) -> None:
    assert not easy_to_guess(password, *KNOWN)
