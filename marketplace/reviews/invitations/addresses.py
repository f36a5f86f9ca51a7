"""Pure: the email addresses in what a provider pasted or uploaded, and the keyed hash that is kept of each.

Names are dropped; what cannot be read is reported. Pasted text has one address a line, or several with commas, semicolons
or blanks between them; `Name <a@b.example>` is taken without the name. A file is CSV: its column `email` (or another of
`HEADERS`), else its first one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from marketplace.core.errors import Invalid
from marketplace.i18n.locales import fold_text
from marketplace.text.clean import normal_address
from marketplace.values.csv import BrokenRow, NotText, decode, read_rows

LINE_LIMIT = 5000
FILE_BYTES = 256 * 1024
SHOWN_LENGTH = 60
HEADERS = frozenset(
    {"email", "e-mail", "correo", "correo electronico", "email address", "e-mail address", "mail"}
)
ANGLED = re.compile(r"<([^<>]*)>")
BETWEEN = re.compile(r"[,;\t]")
LINE_BREAK = re.compile(r"\r\n|\r|\n")
HASH_PURPOSE = b"marketplace.invited-address"


@dataclass(frozen=True, slots=True)
class Unread:
    """What is no address: the line it stands on (from 1), the text, shortened, and why (`no_address`, `member`)."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Addresses in the order they first stood, in lower case, with their lines; how many stood there again; the rest."""

    addresses: dict[str, int]
    repeated: int
    unread: tuple[Unread, ...]


def read_addresses(text: str) -> Reading:
    """The addresses of pasted text. Raises `Invalid` (`too_many_lines`)."""
    lines = [(number, line) for number, line in enumerate(LINE_BREAK.split(text), 1) if line.strip()]
    if len(lines) > LINE_LIMIT:
        raise Invalid("too_many_lines", "addresses", most=LINE_LIMIT)
    addresses: dict[str, int] = {}
    unread: list[Unread] = []
    repeated = 0
    for found, (number, part) in enumerate(_parts(lines), 1):
        if found > LINE_LIMIT:
            raise Invalid("too_many_lines", "addresses", most=LINE_LIMIT)
        address = _address(part)
        if address is None:
            unread.append(Unread(number, shown(part), "no_address"))
        elif address in addresses:
            repeated += 1
        else:
            addresses[address] = number
    return Reading(addresses, repeated, tuple(unread))


def _parts(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        angled = ANGLED.findall(line)
        yield from ((number, part) for part in angled)
        for part in BETWEEN.split(ANGLED.sub(",", line)):
            words = part.split()
            if angled and "@" not in part:
                continue  # a name, or a piece of one: “Roe, Jane <jane@…>”
            if words and all("@" in word for word in words):
                yield from ((number, word) for word in words)
            elif words:
                yield number, part


def _address(part: str) -> str | None:
    text = part.strip().removeprefix("mailto:")
    if len(text) > 254 or "@" not in text:
        return None
    try:
        # As for accounts: whoever could not sign up with it could not use the link.
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, UnicodeError):
        return None
    return normal_address(str(found.ascii_email or found.normalized))


def shown(text: str) -> str:
    """A piece of outside text as it can be shown: printable, on one line, shortened."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * SHOWN_LENGTH]).split())
    return line if len(line) <= SHOWN_LENGTH else line[: SHOWN_LENGTH - 1] + "…"


def text_of_file(data: bytes) -> str:
    """The addresses' column of a CSV file, one cell a line: to be read with what was pasted.

    Raises `Invalid` (`file_large`, `file_text`, `file_csv`,
    `too_many_lines`) for the field `file`.
    """
    if len(data) > FILE_BYTES:
        raise Invalid("file_large", "file", most=FILE_BYTES // 1024)
    try:
        text = decode(data)
    except NotText:
        raise Invalid("file_text", "file") from None
    rows = _rows(text)
    if not rows:
        return ""
    names = [fold_text(cell.strip()) for cell in rows[0]]
    column = next((index for index, name in enumerate(names) if name in HEADERS), None)
    body = rows if column is None else rows[1:]
    cells = (row[column or 0] if len(row) > (column or 0) else "" for row in body)
    return "\n".join(" ".join(cell.split()) for cell in cells if cell.strip())


def _rows(text: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in read_rows(text):
        if isinstance(row, BrokenRow):
            raise Invalid("file_csv", "file")
        rows.append(row.cells)
        if len(rows) > LINE_LIMIT:
            raise Invalid("too_many_lines", "file", most=LINE_LIMIT)
    return rows


def address_hash(address: str, secret: str) -> str:
    """The keyed hash of an address, in hexadecimal: the same whatever its case and the form of its domain.

    The key derives from the setting `SECRET_KEY`: after a change of it, opt-outs are no longer recognised.
    """
    key = hmac.digest(secret.encode(), HASH_PURPOSE, hashlib.sha256)
    return hmac.new(key, normal_address(address).encode(), hashlib.sha256).hexdigest()
