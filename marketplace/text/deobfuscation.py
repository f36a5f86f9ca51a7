"""Pure: text without its disguises, for rules that look for what must not stand in it. Never for what is shown or kept.

Two steps. `visible` takes away what a reader does not see and writes each sign in its plain form: full-width, mathematical
and circled letters, digits of any script, the many dots and dashes. `unmasked` also reads look-alike letters of other
scripts (Unicode's list of confusables) as the Latin ones they stand for, but only in words that mix scripts or that are
an address once read so: a Russian or Greek text stays as it is. Both take time in proportion to the length.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from confusable_homoglyphs import confusables

# Drawn as nothing, though Unicode files them under letters, marks or symbols: Hangul fillers and the empty Braille cell.
FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Format characters (zero-width, tags, soft hyphen, directions), marks that were not composed with a letter (grapheme
# joiner, variation selectors, strokes drawn through letters, the frame of a keycap), private and half characters.
UNSEEN = frozenset({"Cf", "Mn", "Me", "Co", "Cs"})
PLAIN_SIGNS = {
    **dict.fromkeys("\u3002\uff61\u2024\u0701\u0702\ua60e", "."),
    **dict.fromkeys("\u2044\u2215\u29f8\u2571", "/"),
    **dict.fromkeys("\u2212\u2500", "-"),
}
# Dots in the middle of the line, where they stand between letters as the dot of an address does.
MIDDLE_DOT = re.compile(r"(?<=\w)[\u00b7\u2022\u2219\u22c5\u30fb](?=\w)")
BLANKS = re.compile(r"\s+")
WORD = re.compile(r"\S+")
ADDRESS_SIGNS = frozenset(".@/")
# The last part of an address made of foreign letters alone: two are too often a word after a missing blank.
SHORTEST_END = 3
# White letters on black: A to Z in a circle and in a square.
WHITE_ON_BLACK = (0x1F150, 0x1F170)
LETTERS = 26


def visible(text: str) -> str:
    """The text as a reader sees it, in plain signs, with single blanks (a line break where there was one)."""
    folded = unicodedata.normalize("NFKC", text)
    seen = unicodedata.normalize("NFC", "".join(map(_plain, folded)))
    spaced = BLANKS.sub(lambda blanks: "\n" if "\n" in blanks[0] else " ", seen)
    return MIDDLE_DOT.sub(".", spaced)


def unmasked(plain: str) -> str:
    """Text that `visible` made, with look-alike letters read as Latin where that is how a reader takes them."""
    if plain.isascii():
        return plain
    return WORD.sub(lambda word: _unmasked_word(word[0]), plain)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category in UNSEEN or character in FILLERS:
        return ""
    if category in ("Nd", "No"):
        digit = unicodedata.digit(character, None)
        return character if digit is None else str(digit)
    if category == "Pd":
        return "-"
    for first in WHITE_ON_BLACK:
        if 0 <= ord(character) - first < LETTERS:
            return chr(ord("a") + ord(character) - first)
    return PLAIN_SIGNS.get(character, character)


def _unmasked_word(word: str) -> str:
    if word.isascii():
        return word
    likes = _look_alikes()
    read = "".join(likes.get(character, character) for character in word)
    if read == word:
        return word
    if any(character.isascii() and character.isalpha() for character in word):
        return read
    is_address = read.isascii() and not ADDRESS_SIGNS.isdisjoint(read)
    return read if is_address and _ends_long(read) else word


def _ends_long(read: str) -> bool:
    name, dot, end = read.partition("/")[0].rstrip(".,;:!?)").rpartition(".")
    return "@" in read or (bool(name and dot) and len(end) >= SHORTEST_END)


@cache
def _look_alikes() -> dict[str, str]:
    """Letters that look like one of a to z (or A to Z), and that one; of letters that decompose, the rest is no disguise."""
    found: dict[str, str] = {}
    for target in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
        for entry in confusables.confusables_data.get(target, ()):
            sign = entry["c"]
            if len(sign) == 1 and not sign.isascii() and sign.isalpha():
                found.setdefault(sign, target)
    return found
