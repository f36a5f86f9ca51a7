"""When two names are one, however they are typed. Pure.

Keys are stored and compared by the database, so their meaning must never follow a library's edition. It is fixed here:
Unicode 3.2, which Python carries unchanged for the internet's names (RFC 3454), gives the forms (NFKC); letters of its time
fold as Unicode promises for ever (case folding stability); the signs and blanks are those below. What later editions added
stays as it is typed, but for the letters of `_FOLDED`. A test holds the digest of it: another meaning needs a migration.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from itertools import groupby
from unicodedata import ucd_3_2_0 as unicode

KEY_LENGTH = 240
_BLANKS = re.compile("[\t-\r\x1c-\x20\x85\u1680\u2028\u2029]+")
# Characters that show nothing and only tell others how to stand: joiners, marks of direction, fillers, selectors.
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What programs that write text put instead of the signs of a keyboard, and letters that Unicode folds otherwise or did not
# have: of Turkish ones, whose capitals are those of other languages' small ones, the dot does not count.
_FOLDED = {
    **dict.fromkeys("`\xb4\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032\u2035", "'"),
    **dict.fromkeys("\xab\xbb\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"),
    "\u0130": "i",
    "\u0131": "i",
    "\u1e9e": "ss",
}
_DOTTED = re.compile("(?<=i)\u0307")


class _Letters(dict[int, str]):
    """The folded letter of each character, found once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = found = _FOLDED.get(char) or (char if _is_newer(char) else char.casefold())
        return found


def fold(text: str) -> str:
    """A text without what makes no difference between names: case, Unicode form, invisible characters, blanks around it and
    which or how many there are between its words."""
    if text.isascii():
        return _BLANKS.sub(" ", text.translate(_letters)).strip(" ")
    before = None
    while (
        before != text
    ):  # what is folded may come together with its neighbours: twice is enough for all real names
        before = text
        text = _normal(_DOTTED.sub("", _INVISIBLE.sub("", text.translate(_letters))))
    return _BLANKS.sub(" ", text).strip(" ")


def without_marks(folded: str) -> str:
    """A folded text without accents and other marks that combine with letters."""
    if folded.isascii():
        return folded
    apart = (part if newer else unicode.normalize("NFKD", part) for newer, part in _parts(folded))
    plain = "".join(char for char in "".join(apart) if not unicode.combining(char))
    return _BLANKS.sub(" ", plain).strip(" ")


def name_key(name: str) -> str:
    """What two names have in common when they are one: stored beside the name as typed. A long one ends in a digest."""
    key = fold(name)
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: KEY_LENGTH - len(digest)] + digest


@lru_cache(maxsize=4096)
def _is_newer(char: str) -> bool:
    return not char.isascii() and unicode.category(char) == "Cn"


def _parts(text: str) -> list[tuple[bool, str]]:
    return [(newer, "".join(part)) for newer, part in groupby(text, _is_newer)]


def _normal(text: str) -> str:
    # Python would let characters of its own edition come together with others.
    return "".join(part if newer else unicode.normalize("NFKC", part) for newer, part in _parts(text))


_letters = _Letters()
