"""Pure: finds mail addresses, web addresses and telephone numbers in a text, which reviews must not carry.

Looks at the text without its disguises (`text.deobfuscation`): invisible characters, other forms and look-alikes of
letters, spoken or bracketed signs, digits spread out. Prices, dates, years, times and short numbers are no telephone
numbers; a word after a full stop without a blank is no web address where its first letter is a capital. What slips
through is for the moderators. Each pattern starts only where a run of its signs starts, or takes a bounded number of
signs, so that hostile text takes time in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from marketplace.i18n.currencies import known_currency
from marketplace.text.deobfuscation import unmasked, visible

# What makes a web address of two words with a full stop between them.
ENDINGS = frozenset(
    (
        "com net org info biz edu gov gob int mobi name pro tel travel jobs app dev page web site website "
        "online shop store tech blog agency legal law lawyer abogado consulting services expert group "
        "company email link click live world global xyz top club icu vip chat cloud digital network "
        "solutions support team today center city fun space ae ai al am ar at au ba be bg bo br bz ca cc "
        "ch cl cn co cr cu cy cz de dk do ec ee eg es eu fi fr ge gg gr gt hk hn hr hu id ie il in io is "
        "it jp ke kr kz la lt lu lv ly ma md me mk mt mx my ng ni nl no nu nz pa pe ph pk pl pr pt py qa "
        "ro rs ru sa se sg sh si sk so sv th tn to tr tv tw ua uk us uy uz ve vn ws za рф бг"
    ).split()
)
# Endings as they are spoken after a spoken dot; only what is no word of a sentence there.
SPOKEN_ENDINGS = frozenset("com net org ком κομ".split())

# The sign @ by its names; `at` and Russian's dog are words of their own, so they need a dot and an ending after them.
AT_WORDS = (
    r"at|arroba|arobase|arrobase|chiocciola|apenstaartje|kukac|zavin[aá][cč]|ma[lł]pa|klammeraffe|"
    r"собака|собачка|маймунка|кльомба|παπ[αά]κι|papaki"
)
DOT_WORDS = (
    r"dot|d0t|punto|point|ponto|punkt|punct|punt|pont|te[cč]ka|bodka|kropka|to[cč]ka|точка|τελε[ιί]α|teleia"
)
# Portuguese "ponto com" also means "a point with": without brackets or a name before it, it is left to the moderators.
CLEAR_DOT_WORDS = DOT_WORDS.replace("ponto|", "")
SLASH_WORDS = r"slash|barra|schr[aä]gstrich|barre|слеш|слэш"

MONEY_WORDS = (
    r"pesos?|euros?|d[oó]lar(?:es)?|dollars?|pounds?|libras?|soles|sol|reais|real|guaran[ií](?:es|s)?|bol[ií]var(?:es)?|"
    r"bolivianos?|colones|quetzales|lempiras?|c[oó]rdobas?|balboas?|francs?|francos?|liras?|yen|yuan|rupees?|crowns?|usd|eur|"
    r"gbp|mxn|ars|clp|cop|pen|pyg|uyu|bob|brl|ves|crc|dop|gtq|hnl|nio|pab|chf|cad|aud|nzd|jpy|cny|inr|sek|nok|dkk|pln|czk|huf"
)

# Services whose whole contact is a name; then those whose contact is a number or an ambiguous word.
NAMED_SERVICES = r"instagram|insta|ig|telegram|tiktok|skype|wechat|snapchat|инстаграм|телеграм"
NUMBERED_SERVICES = (
    r"whats\s?app|wh?atsap|wasap|was[aá]p|viber|facebook|fb|messenger|signal|line id|ватсап|вайбер"
)

FEWEST_DIGITS = 8
SHOWN_LENGTH = 60
# Fewer letters than this, each alone between blanks, are initials and not an address spelled out.
SPELLED_LETTERS = 6

_SYMBOL = r"(?:[A-Za-z]{0,3}[$€£¥₡₲₱₹₽₺₩฿]|R\$|S/\.?|Bs\.?|Gs\.?|[A-Z]{3})"
# A price of nine digits or more has its thousands apart; without, it is a telephone number with a symbol.
_NUMBER = r"(?:\d{1,3}(?:[.,'’ ]\d{3})+|\d{1,8})(?:[.,]\d{1,2})?"
MONEY = re.compile(
    rf"(?P<before>{_SYMBOL})\s?{_NUMBER}(?!\d)|"
    rf"(?<!\d){_NUMBER}\s?(?:mil\s|million(?:es)?\s|thousand\s)?(?:(?P<after>{_SYMBOL})(?!\w)|(?i:{MONEY_WORDS})\b)"
)
GROUPED = re.compile(
    r"(?<![\d+.,])(?:\d{1,3}[.,]\d{3}|\d{1,2}(?:[.,]\d{3}){2})(?:[.,]\d{1,2})?(?![\d])(?![.,\-]\d)"
)
DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?![\d])(?![-/.]\d)|"
    r"(?<!\d)(?<!\d[\s.\-])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\s.\-]?\d)|(?<!\d)\d{1,2}:\d{2}(?!\d)"
)
YEARS = re.compile(
    r"(?<!\d)(?<!\d[\s\-.])(?:19|20)\d{2}(?:\s?(?:[-–/,]|\s)\s?(?:19|20)\d{2})*(?!\d)(?![\s\-.]?\d)"
)
PHONE = re.compile(r"(?<![\w])(?:\+|00)?[\d(](?:[\s.\-–/()]{0,3}\d){6,}")
# Marks such as 4/5 and 9/10.
MARKS = re.compile(r"(?<![\d/])(?:\d(?:[.,]\d)?|10)\s?/\s?(?:5|10)(?![\d/])")
# Stands for what was no telephone number: a letter, so that digits around it do not become one.
TAKEN = " x "
# Digits one by one with anything but letters between them.
SPREAD = re.compile(r"(?<![^\W_])\d(?:[^\w+]{1,4}\d(?!\d)){7,}|(?<![^\W_])\d(?:_{1,4}\d(?!\d)){7,}")
# Between digits these are disguised blanks; letters that look like digits are digits there.
FILLING = re.compile(r"[^\w\s.,:;'’+\-–/()$€£¥₡₲₱₹₽₺₩฿%]+|_+")
LETTER_DIGIT = re.compile(r"(?<=\d)[oOlI](?=\d)")
DIGITS_OF_LETTERS = {"o": "0", "O": "0", "l": "1", "I": "1"}

BRACKETED_AT = re.compile(rf"\s?[(\[{{<]\s?(?:@|{AT_WORDS}|ät)\s?[)\]}}>]\s?", re.IGNORECASE)
BRACKETED_DOT = re.compile(rf"\s?[(\[{{<]\s?(?:\.|{DOT_WORDS})\s?[)\]}}>]\s?", re.IGNORECASE)
MAIL = re.compile(r"[\w.+%\-]{1,64}\s?@\s?[\w\-]{1,63}(?:\.[\w\-]{1,63})+", re.IGNORECASE)
SPOKEN_MAIL = re.compile(
    rf"(?<!\S)[^\s@]{{1,64}}(?:\s(?:{AT_WORDS})\s|\s?@\s?)[\w\-]{{1,63}}(?:\.|\s(?:{DOT_WORDS})\s)(?P<end>[\w.\-]{{2,63}})",
    re.IGNORECASE,
)
SPOKEN_DOMAIN = re.compile(
    rf"(?<![\w\-])[\w\-]{{2,63}}\s(?:{CLEAR_DOT_WORDS})\s(?:{'|'.join(sorted(SPOKEN_ENDINGS))})(?!\w)",
    re.IGNORECASE,
)
# A blank before the dot, and no word of a sentence after the ending.
SPACED_DOMAIN = re.compile(r"(?<![\w\-])[\w\-]{2,63} \. ?(?:com|net|org)(?![\w\-])(?! \w)", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,}")
SCHEME = re.compile(
    r"(?:https?|ftp)\s?:\s?/\s?/\S*|(?<!\w)mailto\s?:\s?\w\S*|(?<!\w)(?:tel|whatsapp)\s?:\s?[+(]?\d(?:[\s.\-]?\d){4}\S*|(?<!\w)www\d?(?:\s?\.\s?\S+|\s[\w\-]{1,63}\s?\.\s?\w+)",
    re.IGNORECASE,
)
SHORT_LINK = re.compile(
    rf"(?<!\w)(?:wa\s?(?:\.|\s(?:{DOT_WORDS})\s)?\s?me|t\s?(?:\.|\s(?:{DOT_WORDS})\s|\s)\s?me)\s?(?:/|(?:{SLASH_WORDS})(?!\w))",
    re.IGNORECASE,
)
_LABELLED = r"(?:\s(?:id|user|usuario|nick|name|nombre))?\s?[:=]\s?@?"
NAMED = re.compile(
    rf"(?<!\w)(?:(?:{NAMED_SERVICES}){_LABELLED}[a-z0-9_.]{{4,40}}(?=\s*(?:$|[\n,;!?)]))|"
    rf"(?:{NAMED_SERVICES}|{NUMBERED_SERVICES}){_LABELLED}(?=[a-z][a-z_.]*[0-9_])[a-z0-9_.]{{4,40}}(?!\w))",
    re.IGNORECASE,
)
RUN = re.compile(r"[\w.\-]+")
SINGLES = re.compile(r"(?<!\S)\S(?:\s\S(?!\S))+")


@dataclass(frozen=True, slots=True)
class Contact:
    """Something found: `kind` is mail, web or phone; `text` the place as it reads, shortened."""

    kind: str
    text: str


def find_contacts(text: str) -> list[Contact]:
    """Contact details and links in a text, in no particular order; empty where there are none."""
    plain = visible(text)
    found, left = _addresses(plain)
    if not found and (masked := unmasked(plain)) != plain:
        found = _addresses(masked)[0]
    if not found:
        found = _spelled(plain)
    found.extend(Contact("phone", _short(number)) for number in _phones(left))
    return found


def _addresses(plain: str) -> tuple[list[Contact], str]:
    """Mail and web addresses, and the text without them."""
    plain = BRACKETED_DOT.sub(".", BRACKETED_AT.sub("@", plain))
    found: list[Contact] = []
    for pattern, kind in (
        (MAIL, "mail"),
        (SPOKEN_MAIL, "mail"),
        (SHORT_LINK, "web"),
        (SCHEME, "web"),
        (NAMED, "web"),
        (HANDLE, "web"),
        (SPOKEN_DOMAIN, "web"),
        (SPACED_DOMAIN, "web"),
    ):
        plain = _taken_out(pattern, kind, plain, found)
    found.extend(Contact("web", _short(domain)) for domain in _domains(plain))
    return found, plain


def _taken_out(pattern: re.Pattern[str], kind: str, plain: str, found: list[Contact]) -> str:
    def take(match: re.Match[str]) -> str:
        if pattern is SPOKEN_MAIL and not _is_spoken_end(match["end"]):
            return match[0]
        found.append(Contact(kind, _short(match[0])))
        return " "

    return pattern.sub(take, plain)


def _is_spoken_end(text: str) -> bool:
    end = text.rstrip(".-").rpartition(".")[2]
    return end.lower() in ENDINGS | SPOKEN_ENDINGS | {"ру"} and not end.istitle()


def _domains(plain: str) -> Iterator[str]:
    for run in RUN.finditer(plain):
        if "." not in run[0]:
            continue
        has_path = plain[run.end() : run.end() + 1] == "/"
        parts = run[0].split(".")
        for place in range(len(parts) - 1, 0, -1):
            label, end = parts[place - 1].strip("-_"), parts[place].rstrip("-_")
            is_last = place == len(parts) - 1
            if label and end.lower() in ENDINGS and ((has_path and is_last) or _is_domain(label, end)):
                yield ".".join(parts[: place + 1]).strip(".-_")
                break


def _is_domain(label: str, end: str) -> bool:
    # "the card.In the end": a sentence that lacks its blank, not an address in India.
    if len(end) == 2 and (len(label) < 2 or label.isdigit() or end.istitle()):
        return False
    return not (end.istitle() and label.islower())


def _spelled(plain: str) -> list[Contact]:
    """An address letter by letter: `e x a m p l e . c o m`."""
    found: list[Contact] = []
    for match in SINGLES.finditer(plain):
        joined = "".join(match[0].split())
        if len(joined) > SPELLED_LETTERS and not joined.isdigit():
            found += _addresses(joined)[0]
    return found


def _phones(text: str) -> Iterator[str]:
    text = LETTER_DIGIT.sub(lambda match: DIGITS_OF_LETTERS[match[0]], text)
    text = MONEY.sub(_without_price, text)
    for pattern in (MARKS, DATE, GROUPED, YEARS):
        text = pattern.sub(TAKEN, text)
    spread = list(SPREAD.finditer(text))
    for match in spread:
        if _is_number(match[0]):
            yield match[0].strip()
    if spread:
        return
    filled = " ".join(FILLING.sub(" ", text).split())
    for match in PHONE.finditer(filled):
        if _is_number(match[0]):
            yield match[0].strip()


def _without_price(match: re.Match[str]) -> str:
    # Three capitals beside a number are money only where they are a currency: "TEL 612 345 678" is none.
    code = match["before"] or match["after"] or ""
    is_code = len(code) == 3 and code.isalpha() and code.isascii()
    return match[0] if is_code and not known_currency(code) else TAKEN


def _is_number(text: str) -> bool:
    """Whether digits are a telephone number: enough of them, not all the same (marks), not counted up (a list)."""
    digits = [int(c) for c in text if c.isdigit()]
    if len(digits) < FEWEST_DIGITS or len(set(digits)) == 1:
        return False
    return any(after - before != 1 for before, after in pairwise(digits))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
