"""Which passwords are good enough: eight characters or more, and not among those that everybody tries first.

No rules about kinds of characters (NIST SP 800-63B, 3.1.1): they make passwords harder to remember, not to guess. What is
refused is known beforehand: the usual words with or without numbers behind them, rows of keys, repetitions, and the
person's own address and name.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask_security import PasswordUtil
from flask_security.utils import get_message

from marketplace.core.config import Settings
from marketplace.i18n.languages import fold

LEAST = 8
LONG = 20  # as long as this, words in a row are good
UNUSED = 4  # letters that a password must have beside the words that are known
USUAL_WORDS = (
    "password passwort contrasena clave secret secreto geheim qwerty qwertz azerty asdf zxcv iloveyou "
    "tequiero teamo welcome bienvenido willkommen letmein admin administrator root login signin master "
    "dragon monkey football futbol baseball sunshine princess princesa superman batman shadow michael "
    "jennifer jordan hunter ranger buster soccer hockey killer george charlie andrew michelle love "
    "loveme hello hola hallo abc abcd access default guest test testing user computer internet pokemon "
    "starwars whatever freedom trustno changeme changeit passw pass barcelona realmadrid mexico espana "
    "america alejandro daniel carlos jesus maria estrella bonita mariposa summer winter spring autumn "
    "verano"
).split()
ROWS = (
    "1234567890",
    "0987654321",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "abcdefghijklmnopqrstuvwxyz",
)
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def easy_to_guess(password: str, *known: str) -> bool:
    """Whether a password is among the first that anybody would try; `known` are words about the person or the site."""
    folded = fold(password).replace(" ", "")
    if _repeats(folded) or _follows_rows(folded):
        return True
    if len(folded) >= LONG:
        return False
    words = {word for text in known for word in re.split(r"[\W\d_]+", fold(text)) if len(word) >= UNUSED}
    words.update(USUAL_WORDS)
    return any(_is_usual(text, words) for text in (folded, folded.translate(LOOKALIKES)))


def _repeats(text: str) -> bool:
    return re.fullmatch(r"(.{1,4})\1+.{0,3}", text) is not None


def _follows_rows(text: str) -> bool:
    rest = text
    for row in ROWS:
        for length in range(len(row), 2, -1):
            for start in range(len(row) - length + 1):
                rest = rest.replace(row[start : start + length], "")
    return len(rest) < UNUSED


def _is_usual(text: str, words: set[str]) -> bool:
    letters = re.sub(r"[\W\d_]+", "", text)
    others = len(text) - len(letters)
    if not letters:
        return others < 3 * UNUSED
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, "")
    return len(letters) < UNUSED and others < 2 * UNUSED


class Passwords(PasswordUtil):
    """Flask-Security's check of a new password, with our list."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        settings: Settings = app.extensions["settings"]
        self._site_name = settings.site_name

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        """The reasons against the password, or None, and the password as it is hashed."""
        problems, password = super().validate(password, is_register, **about)
        user = about.get("user")
        known = (about.get("email"), about.get("name")) if user is None else (user.email, user.name)
        if not problems and easy_to_guess(password, self._site_name, *(word for word in known if word)):
            problems = [get_message("PASSWORD_TOO_SIMPLE")[0]]
        return problems, password
