"""Which passwords are good enough: eight characters or more, and not among those that attackers try first.

There are no rules about kinds of characters (NIST SP 800-63B, 3.1.1): they make passwords harder to remember, not to guess.
zxcvbn estimates how many guesses a password takes, knowing what it is told about the person.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask_security import PasswordUtil
from flask_security.utils import get_message, password_complexity_validator, password_length_validator
from zxcvbn import zxcvbn

from marketplace.core.config import Settings
from marketplace.i18n.locales import fold_text

MIN_LENGTH = 8
# Of zxcvbn's scores from 0 to 4: a million guesses or more. Eight random letters pass.
MIN_SCORE = 2
MAX_ESTIMATED = 72  # zxcvbn takes no more characters
# Spanish and default passwords that zxcvbn does not rank among the first guesses.
COMMON = (
    "contrasena clave secreto bienvenido tequiero teamo hola futbol princesa realmadrid mexico espana estrella "
    "bonita mariposa verano america welcome admin admin@admin"
).split()


class Passwords(PasswordUtil):
    """Flask-Security's check of a new password, with one message and what we know of the person."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        settings: Settings = app.extensions["settings"]
        self._site_name = settings.site_name
        zxcvbn("a", user_inputs=["a"])  # its table of words gets its last key before threads read it

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        """The reasons against the password, or None, and the password as it is hashed."""
        password = self.normalize(password)
        problems = password_length_validator(password)
        user = about.get("user")
        known = (about.get("email"), about.get("name")) if user is None else (user.email, user.name)
        if not problems and _easy_to_guess(password, (self._site_name, *filter(None, known))):
            problems = [get_message("PASSWORD_TOO_SIMPLE")[0]]
        return problems, password


def _easy_to_guess(password: str, known: tuple[str, ...]) -> bool:
    folded = fold_text(password)[:MAX_ESTIMATED]
    if not folded:  # nothing but marks that folding takes off
        return True
    words = [word for text in known for word in _words(fold_text(text))]
    told = {str(rank): word for rank, word in enumerate([*words, *COMMON])}
    return password_complexity_validator(folded, True, **told) is not None


def _words(text: str) -> list[str]:
    """The text, its part before an @, and its words; short ones are left out."""
    found = (text, text.partition("@")[0], *re.split(r"[\W\d_]+", text))
    return [word for word in found if len(word) > 2]
