"""Pure rules about the text of a review: how it is tidied, and when two texts are the same."""

from __future__ import annotations

import re

from marketplace.i18n.languages import fold
from marketplace.text.clean import clean_text

LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
MANY_BREAKS = re.compile(r"\n{3,}")
OPENING = 24


def tidy(text: str) -> str:
    """Text as it is kept: trimmed, line breaks as `\\n` and at most two in a row, no control characters."""
    lines = (line.rstrip() for line in clean_text(LINE_BREAKS.sub("\n", text)).split("\n"))
    return MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def tidy_line(text: str) -> str:
    """Text as it is kept where it is one line."""
    return " ".join(tidy(text).split())


def sameness_key(text: str) -> str:
    """What two texts have in common when they say the same: letters and digits, without case, accents and blanks.

    Text without any letter or digit is compared as written.
    """
    return _letters(text) or text.strip()


def is_same(key: str, other: str) -> bool:
    """Whether a text has this sameness key. Most texts are told apart by their opening, and not read further."""
    return key.startswith(_letters(other[:OPENING])) and sameness_key(other) == key


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())
