"""Pure: what a name may be, whoever bears it: a person, a provider, a list. It shows something, and hides nothing.

Invisible characters make a name that looks empty or like another's; direction overrides turn the text around it.
"""

from __future__ import annotations

import unicodedata

from marketplace.core.errors import Invalid
from marketplace.text.clean import one_line

# Letters and symbols by category that show nothing: Hangul fillers, the blank Braille pattern.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Joiners belong into names of some scripts, between two visible characters; the marks of direction into mixed ones.
_JOINERS = frozenset("\u200c\u200d")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")
_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))


def read_name(text: str, most: int) -> str:
    """A name as it is stored: one line, trimmed, its letters composed, single blanks, of at most `most` characters.

    Raises `Invalid` on the field `name`: `name_missing` where there is nothing, `name_long`, `name_controls` where it has
    characters that cannot be seen, `name_invisible` where none of its characters shows.
    """
    name = " ".join(one_line(unicodedata.normalize("NFC", text)).split())
    if not name:
        raise Invalid("name_missing", "name")
    if len(name) > most:
        raise Invalid("name_long", "name", most=most)
    if problem := name_problem(name):
        raise Invalid(problem, "name")
    return name


def name_problem(name: str) -> str | None:
    """The code of what is wrong with the characters of a name of one line, or None."""
    shows = [_shows(character) for character in name]
    for place, character in enumerate(name):
        if not _is_hidden(character):
            continue
        inside = any(shows[:place]) and any(shows[place:])
        if not (inside and character in _JOINERS | _DIRECTION_MARKS):
            return "name_invisible" if not any(shows) else "name_controls"
    return None if any(shows) else "name_invisible"


def _shows(character: str) -> bool:
    """Whether a character is seen by itself: a letter, digit, sign or symbol; marks need one to stand on."""
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN_CATEGORIES or character in _BLANK
