"""Text from outside as it is kept: exactly what was typed, less what no database or page can hold. Pure."""

from __future__ import annotations

import re

from marketplace.guides.hugo.guide_file import one_line

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Controls other than tab and line breaks, lone surrogates, noncharacters: none is text.
_UNFIT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")


def clean_line(text: str) -> str:
    """Text of one line, such as a name: trimmed, with line breaks and control characters as one blank."""
    return one_line(text)


def clean_text(text: str) -> str:
    """Text of several lines: each control character becomes a blank; line breaks and tabs stay."""
    return _UNFIT.sub(" ", text)
