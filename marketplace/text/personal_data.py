"""Pure: finds personal data in a text, and covers it.

Found are identity numbers (Spanish DNI and NIE by their check letter, Mexican CURP and personal RFC by their shape,
Argentine CUIL and Brazilian CPF by their check digits), passport numbers after that word, bank accounts (IBAN, ISO 7064
mod 97-10), payment cards (Luhn), dates of birth after a word for it, and names after a courtesy title or the word for an
office in English and Spanish (`personal_names`). Plates, prices, other dates and companies' numbers are not personal data.
Moderators catch what slips through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.es import dni, nie

from marketplace.text.personal_names import find_names

# Replaces what is covered: always of one length, so that it tells nothing about it.
BLOCK = "▇▇▇▇"
KINDS = ("identity", "passport", "iban", "card", "birth", "name")

_GAP = r"[ .\-]?"
DNI = re.compile(rf"(?<!\w)(?:[XYZxyz]{_GAP}\d{{7}}|\d{{2}}\.?\d{{3}}\.?\d{{3}})(?:[ -]?[A-Z]|[a-z])(?!\w)")
CURP = re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d(?!\w)", re.IGNORECASE)
RFC = re.compile(r"(?<!\w)[A-ZÑ&]{4}[ -]?\d{6}[ -]?[A-Z\d]{3}(?!\w)", re.IGNORECASE)
CUIL = re.compile(r"(?<!\w)\d{2}[-. /]?\d{2}\.?\d{3}\.?\d{3}[-. /]?\d(?!\w)")
CPF = re.compile(r"(?<!\w)\d{3}[. ]?\d{3}[. ]?\d{3}[-/ ]?\d{2}(?!\w)")
# In groups, these may seem to start in the text before them or to run into the text behind: every possible start and end is
# tried.
CARD = re.compile(r"(?<!\w)(?=(?P<found>[2-6](?:[ -]?\d){12,18}))")
IBAN = re.compile(r"(?<!\w)(?=(?P<found>[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]){11,30}))", re.IGNORECASE)
PASSPORT = re.compile(
    r"(?<!\w)(?:passports?|pasaportes?|passaportes?|passeports?|passaporto|reisepass)(?:\s+(?:number|num\.?|n[úu]mero|nummer|"
    r"numéro|numero|no\.?|n[º°.]\.?|nr\.?|#|is|was|es|era|ist|est|è|é))*[\s:#(]*"
    r"(?P<found>[A-Z]{1,3}[ -]?\d{5,9}[A-Z]?|\d{8,9}|\d{2}[A-Z]{2}\d{5})(?!\w)(?![.,]\d)",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|set|dic)[a-záéíóú]*\.?|enero|febrero|marzo|abril|mayo|junio|julio|"
    r"agosto|septiembre|octubre|noviembre|diciembre"
)
_DAY = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|º|\.)?\s+(?:de\s+|of\s+)?(?:{_MONTHS})(?:,|\s+del?)?\s+(?:\d{{4}}|\d{{2}})"
    rf"|(?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
)
BIRTH = re.compile(
    r"(?<!\w)(?:born|births?|birthdate|birthday|d\.?o\.?b\.?|nacid[oa]s?|naci[óo]|nac[íi]|nacimientos?|f\.\s?nac\.?|nasc(?:id[oa]|imento|i|eu)|"
    r"née?|geboren|geburtsdatum|nat[oa]|naissance|nascita)"
    rf"(?:\s+(?:date|on|the|is|was|el|d[íi]a|es|fue|era|em|am|le|il))*[\s:,(\-–]*(?P<found>{_DAY})(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Something found: `text[start:end]`; `kind` is one of `KINDS`."""

    start: int
    end: int
    kind: str


def find_personal_data(text: str) -> list[Span]:
    """Personal data in a text, in the order in which they stand; spans do not overlap."""
    plain, places = _plain(text)
    found: list[tuple[int, int, str]] = []
    # What one number hid may be another: look again until there is nothing, as whoever reads the covered text would.
    while new := _find(plain):
        found += new
        for start, end, _kind in new:
            plain = plain[:start] + BLOCK[0] * (end - start) + plain[end:]
    spans = (Span(places[start], places[end - 1] + 1, kind) for start, end, kind in found)
    return sorted(spans, key=lambda span: span.start)


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with each span covered by `BLOCK`; the rest stays as it is."""
    return "".join(piece if span is None else BLOCK for piece, span in pieces(text, spans))


def pieces(text: str, spans: Iterable[Span]) -> list[tuple[str, Span | None]]:
    """The text cut up at its spans: what is found with its span, what stands between with None."""
    parts: list[tuple[str, Span | None]] = []
    done = 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start > done:
            parts.append((text[done : span.start], None))
        parts.append((text[span.start : span.end], span))
        done = span.end
    return [*parts, (text[done:], None)] if done < len(text) else parts


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text as a reader sees it, and where each of its characters stands: compatibility forms are folded one by one,
    invisible characters left out."""
    seen, places = [], []
    for place, char in enumerate(text):
        if unicodedata.category(char) == "Cf":
            continue
        folded = unicodedata.normalize("NFKC", char)
        seen.append(folded if len(folded) == 1 else char)
        places.append(place)
    return "".join(seen), places


# The first two digits of a person's CUIL or CUIT; 30, 33 and 34 are companies'.
PERSONAL_CUIL = ("20", "23", "24", "25", "26", "27")
CUIL_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def is_dni(written: str) -> bool:
    """Whether this is a Spanish DNI or NIE, by its check letter."""
    number = _compact(written)
    return bool(dni.is_valid(number) or nie.is_valid(number))


def is_curp_or_rfc(written: str) -> bool:
    """Whether the first six digits of a Mexican CURP or personal RFC are a day (year, month, day) of any century."""
    digits = "".join(char for char in written if char.isdigit())
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True


def is_cuil(written: str) -> bool:
    """Whether this is a person's Argentine CUIL or CUIT: the last digit checks the others, modulo 11."""
    number = _compact(written)
    check = -sum(int(digit) * weight for digit, weight in zip(number[:10], CUIL_WEIGHTS, strict=True)) % 11
    return number[:2] in PERSONAL_CUIL and check == int(number[10])


def is_cpf(written: str) -> bool:
    """Whether this is a Brazilian CPF; one digit eleven times is none."""
    number = _compact(written)
    return len(set(number)) > 1 and bool(cpf.is_valid(number))


def is_iban(written: str) -> bool:
    """Whether this has the form of its country's accounts and leaves 1 when divided by 97 (ISO 13616)."""
    return bool(iban.is_valid(_compact(written), check_country=False))


def is_card(written: str) -> bool:
    """Whether this is a payment card: 13 to 19 digits that pass Luhn's check (ISO/IEC 7812-1)."""
    number = _compact(written)
    return 13 <= len(number) <= 19 and len(set(number)) > 1 and bool(luhn.is_valid(number))


def _compact(written: str) -> str:
    """A number without its separators, its digits in ASCII."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in written if c.isalnum()).upper()


Check = Callable[[str], bool]
GROUPED: tuple[tuple[str, re.Pattern[str], Check], ...] = (("iban", IBAN, is_iban), ("card", CARD, is_card))
NUMBERS: tuple[tuple[re.Pattern[str], Check], ...] = (
    (CURP, is_curp_or_rfc),
    (RFC, is_curp_or_rfc),
    (DNI, is_dni),
    (CUIL, is_cuil),
    (CPF, is_cpf),
)


def _find(plain: str) -> list[tuple[int, int, str]]:
    taken: list[tuple[int, int, str]] = []
    for start, end, kind in _candidates(plain):
        if all(end <= other or start >= other_end for other, other_end, _kind in taken):
            taken.append((start, end, kind))
    return taken


def _candidates(plain: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern, is_one in GROUPED:
        for match in pattern.finditer(plain):
            ends = (end for end in _ends(match, plain) if is_one(plain[match.start() : end]))
            if (end := next(ends, 0)) > 0:
                yield match.start(), end, kind
    for pattern, is_one in NUMBERS:
        for match in pattern.finditer(plain):
            if is_one(match[0]):
                yield *match.span(), "identity"
    for kind, pattern in (("passport", PASSPORT), ("birth", BIRTH)):
        for match in pattern.finditer(plain):
            yield *match.span("found"), kind
    for start, end in find_names(plain):
        yield start, end, "name"


def _ends(match: re.Match[str], plain: str) -> Iterator[int]:
    """Where a number may end inside a match that may have run into what stands behind it, the furthest first."""
    for end in range(match.end("found"), match.start(), -1):
        if plain[end - 1].isalnum() and not plain[end : end + 1].isalnum():
            yield end
