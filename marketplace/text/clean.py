"""Pure: text from outside: how it is stored (without what no database or page can hold), and when two texts, or two
spellings of an email address, are the same."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from marketplace.i18n.locales import fold_text

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Controls other than tab and line breaks, lone surrogates, noncharacters: none is text.
_UNFIT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")
# What cannot stand in a line of text: these, and every line and paragraph separator.
_UNFIT_IN_LINE = f"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NONCHARACTERS}"
_IS_UNFIT_IN_LINE = re.compile(f"[{_UNFIT_IN_LINE}]")
LINE_GAP = re.compile(rf"[\s{_UNFIT_IN_LINE}]+")
LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
MANY_BREAKS = re.compile(r"\n{3,}")
NO_LETTERS = re.compile(r"[\W_]+")
OPENING = 24


def one_line(text: str) -> str:
    """Text of one line, such as a name, trimmed: line breaks, control characters and what UTF-8 or HTML cannot hold
    become one blank."""
    return LINE_GAP.sub(lambda gap: " " if _IS_UNFIT_IN_LINE.search(gap[0]) else gap[0], text).strip()


def clean_text(text: str) -> str:
    """Text of several lines: each control character becomes a blank; line breaks and tabs stay."""
    return _UNFIT.sub(" ", text)


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
    return NO_LETTERS.sub("", fold_text(text))


def normal_address(typed: str) -> str:
    """The spelling by which an email address is stored and found: of accounts, lists of clients, reports, limits.

    Upper and lower case are one: nobody's mail server tells Anna@ from anna@. A domain with letters beyond ASCII is written
    in ASCII (IDNA 2008), as mail servers do. What stands before the @ is otherwise as typed: only its server knows which
    mailboxes are one (`reviews.risk.mailboxes` guesses, for moderators). What is no address is only trimmed and lowered.
    """
    plain = one_line(typed).lower()
    if plain.isascii():
        return plain
    try:
        found = validate_email(plain, check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return unicodedata.normalize("NFC", plain)
    return f"{found.local_part}@{found.ascii_domain}".lower()


def domain_of(address: str) -> str:
    """What stands behind the @, in one spelling."""
    return normal_address(address).rpartition("@")[2]


def parts_of(address: str) -> tuple[str, str]:
    """What stands before and behind the @, in one spelling."""
    local, _, domain = normal_address(address).rpartition("@")
    return local, domain
