"""Pure: finds mail addresses, web addresses and telephone numbers in a text, which reviews must not carry.

Looks at the text with compatibility forms folded (full-width letters and digits) and invisible characters taken out.
Prices, dates, years, times and short numbers are no telephone numbers; a word after a full stop without a blank is no
web address where its first letter is a capital. What slips through is for the moderators.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

FEWEST_DIGITS = 8
MOST_DIGITS = 15
SHOWN_LENGTH = 60

# Endings that make a web address of two words with a full stop between them.
_ENDINGS = (
    "com|net|org|info|biz|edu|gov|gob|int|mobi|name|pro|tel|travel|jobs|app|dev|page|web|site|website|"
    "online|shop|store|tech|blog|agency|legal|law|lawyer|abogado|consulting|services|expert|group|"
    "company|email|link|click|live|world|global|xyz|top|club|icu|vip|chat|cloud|digital|network|"
    "solutions|support|team|today|center|city|fun|space|ae|ai|al|am|ar|at|au|ba|be|bg|bo|br|bz|ca|cc|"
    "ch|cl|cn|co|cr|cu|cy|cz|de|dk|do|ec|ee|eg|es|eu|fi|fr|ge|gg|gr|gt|hk|hn|hr|hu|id|ie|il|in|io|is|"
    "it|jp|ke|kr|kz|la|lt|lu|lv|ly|ma|md|me|mk|mt|mx|my|ng|ni|nl|no|nu|nz|pa|pe|ph|pk|pl|pr|pt|py|qa|"
    "ro|rs|ru|sa|se|sg|sh|si|sk|so|sv|th|tn|to|tr|tv|tw|ua|uk|us|uy|uz|ve|vn|ws|za|рф"
)
_MONEY_WORDS = (
    r"pesos?|euros?|d[oó]lar(?:es)?|dollars?|pounds?|libras?|soles|sol|reais|real|guaran[ií](?:es|s)?|bol[ií]var(?:es)?|"
    r"bolivianos?|colones|quetzales|lempiras?|c[oó]rdobas?|balboas?|francs?|francos?|liras?|yen|yuan|rupees?|crowns?|usd|eur|"
    r"gbp|mxn|ars|clp|cop|pen|pyg|uyu|bob|brl|ves|crc|dop|gtq|hnl|nio|pab|chf|cad|aud|nzd|jpy|cny|inr|sek|nok|dkk|pln|czk|huf"
)
_SYMBOL = r"(?:[A-Za-z]{0,3}[$€£¥₡₲₱₹₽₺₩฿]|R\$|S/\.?|Bs\.?|Gs\.?|[A-Z]{3})"
_NUMBER = r"\d+(?:[.,'’ \u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?"

MONEY = re.compile(
    rf"{_SYMBOL}\s?{_NUMBER}(?!\d)|(?<!\d){_NUMBER}\s?(?:mil\s|million(?:es)?\s|thousand\s)?(?:{_SYMBOL}(?!\w)|(?i:{_MONEY_WORDS})\b)"
)
GROUPED = re.compile(
    r"(?<![\d+.,])(?:\d{1,3}[.,]\d{3}|\d{1,2}(?:[.,]\d{3}){2})(?:[.,]\d{1,2})?(?![\d])(?![.,\-]\d)"
)
DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?![\d])(?![-/.]\d)|(?<!\d)\d{1,2}:\d{2}(?!\d)"
)
YEARS = re.compile(
    r"(?<!\d)(?<!\d[\s\-.])(?:19|20)\d{2}(?:\s?(?:[-–/,]|\s)\s?(?:19|20)\d{2})*(?!\d)(?![\s\-.]?\d)"
)
PHONE = re.compile(r"(?<![\w])(?:\+|00)?[\d(](?:[\s.\-–/()]{0,3}\d){6,}")

_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|arroba)\s?[)\]}>]\s?|\s+arroba\s+)"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|punto)\s?[)\]}>]\s?|\s+(?:dot|punto)\s+)"
MAIL = re.compile(rf"(?<![\w.+%-])[\w.+%-]{{1,64}}{_AT}[\w-]+(?:{_DOT}[\w-]+)+", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,}")
SCHEME = re.compile(
    r"(?:https?|ftp)\s?:\s?/\s?/\S*|(?<!\w)(?:mailto|tel|whatsapp|skype)\s?:\s?[+\w]\S*|(?<!\w)www\d?\.\S+",
    re.IGNORECASE,
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
DOMAIN = re.compile(rf"(?<![\w.@])(?:{_LABEL}\.)+(?P<end>{_ENDINGS})(?![\w-])(?P<path>/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Contact:
    """Something found: `kind` is mail, web or phone; `text` the place as it reads, shortened."""

    kind: str
    text: str


def find_contacts(text: str) -> list[Contact]:
    """Contact details and links in a text, in no particular order; empty where there are none."""
    plain = visible(text)
    found: list[Contact] = []
    for pattern, kind in ((MAIL, "mail"), (SCHEME, "web"), (HANDLE, "web")):
        for match in pattern.finditer(plain):
            found.append(Contact(kind, _short(match[0])))
        plain = pattern.sub(" ", plain)
    found.extend(Contact("web", _short(match[0])) for match in DOMAIN.finditer(plain) if _is_domain(match))
    found.extend(Contact("phone", _short(number)) for number in _phones(plain))
    return found


def visible(text: str) -> str:
    """The text as a reader sees it: compatibility forms folded, invisible characters gone."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")


def _is_domain(match: re.Match[str]) -> bool:
    # "the card.In the end": a sentence that lacks its blank, not an address in India.
    end = match["end"]
    if match["path"]:
        return True
    label = match[0].rpartition(".")[0].rpartition(".")[2]
    if len(end) == 2 and (len(label) < 2 or label.isdigit() or end.istitle()):
        return False
    return not (end.istitle() and label.islower())


def _phones(text: str) -> list[str]:
    for pattern in (MONEY, DATE, GROUPED, YEARS):
        text = pattern.sub(" · ", text)
    numbers = (match[0] for match in PHONE.finditer(text))
    return [n.strip() for n in numbers if FEWEST_DIGITS <= sum(c.isdigit() for c in n) <= MOST_DIGITS]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
