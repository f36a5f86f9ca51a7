"""Text from outside as it is stored: exactly what was typed, less what no database or page can hold. Pure."""

from __future__ import annotations

import re

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Controls other than tab and line breaks, lone surrogates, noncharacters: none is text.
_UNFIT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")
# What cannot stand in a line of text: these, and every line and paragraph separator.
_UNFIT_IN_LINE = f"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NONCHARACTERS}"
_IS_UNFIT_IN_LINE = re.compile(f"[{_UNFIT_IN_LINE}]")
LINE_GAP = re.compile(rf"[\s{_UNFIT_IN_LINE}]+")


def one_line(text: str) -> str:
    """Text of one line, such as a name, trimmed: line breaks, control characters and what UTF-8 or HTML cannot hold
    become one blank."""
    return LINE_GAP.sub(lambda gap: " " if _IS_UNFIT_IN_LINE.search(gap[0]) else gap[0], text).strip()


def clean_text(text: str) -> str:
    """Text of several lines: each control character becomes a blank; line breaks and tabs stay."""
    return _UNFIT.sub(" ", text)
