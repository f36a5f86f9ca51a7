"""Pure: texts that say nearly the same, found without comparing each with each.

A text becomes the set of its runs of five characters (case, accents, disguises and punctuation folded away; the same in
languages with and without blanks, and for short texts as for long ones). MinHash keeps 128 numbers of that set, in which
two texts agree as often as their sets overlap (Broder 1997, "On the resemblance and containment of documents"). The
numbers are cut into 32 bands of four: texts that overlap by 0.55 share one in 95 of 100 cases, texts that overlap by 0.15
in 2 of 100; only those are compared.
"""

from __future__ import annotations

import hashlib
import struct

from rensa import RMinHash

from marketplace.i18n.locales import fold_text
from marketplace.text.deobfuscation import unmasked, visible

# Names how signatures are made: raise it with any change below, and old ones are made anew.
SCHEME = 1
RUN = 5
NUMBERS = 128
BANDS = 32
SEED = 20_261_123
# Overlap of two sets, in percent: from SIMILAR on the texts are told to moderators, from COPIED on they are one text.
SIMILAR = 55
COPIED = 85
_FORMAT = struct.Struct(f"<{NUMBERS}I")
_BAND_SIZE = _FORMAT.size // BANDS


def shingles(text: str) -> list[str]:
    """The different runs of characters of a text, in order of appearance; a text shorter than a run is one run."""
    folded = fold_text(unmasked(visible(text)))
    words = " ".join("".join(c if c.isalnum() else " " for c in folded).split()) or folded
    return list(dict.fromkeys(words[start : start + RUN] for start in range(max(1, len(words) - RUN + 1))))


def signature_of(text: str) -> bytes:
    """The signature of a text: 128 numbers of 32 bits, little-endian."""
    minhash = RMinHash(num_perm=NUMBERS, seed=SEED)
    minhash.update(shingles(text))
    return _FORMAT.pack(*minhash.digest())


def band_hashes(signature: bytes) -> list[int]:
    """The bands of a signature, each as one signed number of 64 bits; its place in the list is the number of the band."""
    parts = (signature[start : start + _BAND_SIZE] for start in range(0, len(signature), _BAND_SIZE))
    return [
        int.from_bytes(hashlib.blake2b(part, digest_size=8).digest(), "little", signed=True) for part in parts
    ]


def similarity(one: bytes, other: bytes) -> int:
    """How far two texts overlap, in percent, as their signatures say (within about nine points)."""
    pairs = zip(_FORMAT.unpack(one), _FORMAT.unpack(other), strict=True)
    return round(100 * sum(first == second for first, second in pairs) / NUMBERS)
