"""Names in addresses: short ASCII made of a provider's name, each used once. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

BASE_LENGTH = 60
FALLBACK = "provider"
# Words that stand where a provider's name would in an address of the desk.
RESERVED = frozenset(
    {
        "billing",
        "claims",
        "enquiries",
        "invites",
        "listings",
        "new",
        "overview",
        "page",
        "profile",
        "providers",
    }
    | {"register", "reviews", "search", "statistics", "team"}
)
_GAP = re.compile(r"[^a-z0-9]+")
# Letters that are no accented ASCII ones: each with what is written instead, nothing for the last two.
_WRITTEN = """
ß ss  æ ae  œ oe  ø o  đ d  ð d  ł l  ı i  þ th  ħ h  ŋ n  ſ s
α a  β v  γ g  δ d  ε e  ζ z  η i  θ th  ι i  κ k  λ l  μ m  ν n  ξ x  ο o  π p  ρ r  σ s  ς s  τ t  υ y  φ f  χ ch  ψ ps
ω o  а a  б b  в v  г g  д d  е e  ж zh  з z  и i  й y  к k  л l  м m  н n  о o  п p  р r  с s  т t  у u  ф f  х kh  ц ts
ч ch  ш sh  щ shch  ы y  э e  ю yu  я ya  є ye  і i  ґ g  ђ dj  ј j  љ lj  њ nj  ћ c  џ dz  ў u  ѓ g  ќ k  ѕ dz
"""
_PAIRS = _WRITTEN.split()
_LETTERS = str.maketrans({**dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)), "ъ": "", "ь": ""})


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
