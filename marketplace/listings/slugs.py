"""Names in addresses: short ASCII made of a provider's name, each used once. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

BASE_LENGTH = 60
FALLBACK = "provider"
# Words that stand where a provider's name would in an address of the desk.
RESERVED = frozenset(
    "billing claims enquiries invites listings new overview page profile providers register reviews search statistics team".split()
)
_GAP = re.compile(r"[^a-z0-9]+")
_OTHER_LATIN = dict(zip("ßæœøđðłıþħŋſ", ("ss", "ae", "oe", "o", "d", "d", "l", "i", "th", "h", "n", "s"), strict=True))
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщыэюяєіґђјљњћџўѓќѕ",
        (
            "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya ye i g dj j lj nj c dz u g k dz"
        ).split(),
        strict=True,
    )
)
_LETTERS = str.maketrans({**_OTHER_LATIN, **_GREEK, **_CYRILLIC, "ъ": "", "ь": ""})


def slug_base(name: str) -> str:
    """A name in ASCII letters, digits and hyphens; '' where its letters are none that we can write so."""
    # й and ў are letters of their own, not accented ones: written before accents are taken off.
    written = unicodedata.normalize("NFC", name.casefold()).translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", written) if not unicodedata.combining(c))
    return _GAP.sub("-", plain.translate(_LETTERS)).strip("-")[:BASE_LENGTH].strip("-")


class Slugs:
    """Hands out slugs that nobody has. `taken` are those in use that could collide."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken) | RESERVED
        self._next: dict[str, int] = {}

    def take(self, name: str) -> str:
        """A free slug for a name: the name, with a number where it is taken; `provider-<n>` for other scripts."""
        base = slug_base(name)
        if base and base not in self._taken:
            self._taken.add(base)
            return base
        number = self._next.get(base, 2 if base else 1)
        while f"{base or FALLBACK}-{number}" in self._taken:
            number += 1
        self._next[base] = number + 1
        slug = f"{base or FALLBACK}-{number}"
        self._taken.add(slug)
        return slug
