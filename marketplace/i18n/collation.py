"""The order of names: keys that sort by code points as a dictionary of a language sorts the texts. Pure.

Keys are stored and compared by the databases, so their meaning is fixed here and does not follow a library's. The letters
that a language counts as their own are those that CLDR 48 lists (`common/collation`); all others sort as the letter
they are made of. Signs do not count. Where two texts differ only in accents or case, their letters decide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# "a<b": the letter or letters `b` follow all words with `a`; "a<b<c": then those with `c`. In the order of the alphabet.
_OWN_LETTERS = {
    "bg": "и<й",
    "cs": "c<č h<ch r<ř s<š z<ž",
    "es": "n<ñ",
    "hr": "c<č<ć d<dž<đ l<lj n<nj s<š z<ž",
    "hu": "c<cs d<dz<dzs g<gy l<ly n<ny o<ö s<sz t<ty u<ü z<zs",
    "pl": "a<ą c<ć e<ę l<ł n<ń o<ó s<ś z<ź<ż",
    "ro": "a<ă<â i<î s<ș t<ț",
    "sk": "a<ä c<č h<ch o<ô s<š z<ž",
}
# Other spellings of a language's own letters: Hungarian's long vowels, Romanian's cedillas.
_SAME_LETTERS = {"hu": {"ő": "ö", "ű": "ü"}, "ro": {"ş": "ș", "ţ": "ț"}}
# Letters that Unicode does not take apart.
_PARTS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ħ": "h"}
)
_SIGNS = re.compile(r"[^\w\s]|_")
KEY_LENGTH = 400
_LAST = "\U0010fffd"  # follows every letter


def sort_key(text: str, language: str = "") -> str:
    """The key of a text in a language; without one, for names that are in no language, no letter stands apart."""
    lowered = _SIGNS.sub(" ", unicodedata.normalize("NFC", text.casefold()))
    words = " ".join(lowered.split())
    own, pattern = _rules(language.partition("-")[0])
    marked = pattern.sub(lambda found: own[found[0]], words) if pattern else words
    parts = unicodedata.normalize("NFKD", marked.translate(_PARTS))
    letters = "".join(char for char in parts if not unicodedata.combining(char))
    return (letters if letters == words else f"{letters}\x01{words}")[:KEY_LENGTH]


@cache
def _rules(language: str) -> tuple[dict[str, str], re.Pattern[str] | None]:
    """For each letter of a language's own what stands for it: the letter before, a mark, and its place after that letter."""
    own: dict[str, str] = {}
    for chain in _OWN_LETTERS.get(language, "").split():
        before, *following = chain.split("<")
        own |= {letter: f"{before}{_LAST}{place}" for place, letter in enumerate(following)}
    own |= {other: own[letter] for other, letter in _SAME_LETTERS.get(language, {}).items()}
    longest_first = sorted(own, key=len, reverse=True)
    return own, re.compile("|".join(map(re.escape, longest_first))) if own else None
