"""Pure: weaker signs of contact details than `contacts` refuses: what may be one, and a moderator should look at.

Each hint is a code: `spelled_number` (digits as words), `spelled_address` (a sign or an ending in words),
`mail_service` (a mailbox provider by name), `messenger` (a messenger or network by name).
"""

from __future__ import annotations

import re

from marketplace.i18n.locales import fold_text
from marketplace.text.deobfuscation import unmasked, visible

HINTS = ("spelled_number", "spelled_address", "mail_service", "messenger")
# So many digits in a row, at least so many of them as words: longer than any amount or date that is written out.
FEWEST_DIGITS = 7
FEWEST_WORDS = 4
# Words as short as "y", "et" or "und" do not end a row.
LONGEST_LINK = 3

_DIGITS = frozenset(
    fold_text(word)
    for word in (
        "zero oh one two three four five six seven eight nine cero uno una dos tres cuatro cinco seis siete ocho nueve "
        "null eins zwei zwo drei vier fünf sechs sieben acht neun zéro un deux trois quatre cinq sept huit neuf "
        "due tre quattro cinque sei sette otto nove um dois sete oito nul een twee drie vijf zes zeven negen "
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć unu doi trei patru cinci șase șapte opt nouă "
        "nula jedna dva tři čtyři pět šest sedm osm devět jeden štyri päť šesť sedem osem deväť jedan tri četiri pet "
        "sedam osam devet nulla egy kettő három négy öt hat hét nyolc kilenc нула едно две три четири пет шест седем "
        "осем девет μηδέν ένα δύο τρία τέσσερα πέντε έξι επτά εφτά οκτώ οχτώ εννέα εννιά ноль один два четыре пять "
        "шесть семь восемь девять"
    ).split()
)
_WORD = re.compile(r"\w+")
_SPELLED_ADDRESS = re.compile(
    r"\b(?:arroba|arr?obase|chiocciola|apenstaartje|klammeraffe|zavinac|papaki)\b|"
    r"\b(?:dot|punto|point|punkt|punct|tecka|bodka|kropka|точка|τελεια) (?:com|net|org|ком)\b|"
    r"\bponto com(?! ?\w)"
)
_MAIL_SERVICE = re.compile(r"\b(?:g ?mail|hot ?mail|outlook|yahoo|icloud|proton ?mail|gmx)\b")
_MESSENGER = re.compile(
    r"\b(?:whats ?app|wh?atsap|wasap|telegram|instagram|insta|viber|we ?chat|skype|snapchat|tiktok|messenger|"
    r"ватсап|вайбер|телеграм|инстаграм)\b"
)


def contact_hints(text: str) -> tuple[str, ...]:
    """The hints in a text, each once, in the order of `HINTS`."""
    folded = fold_text(unmasked(visible(text)))
    found = {
        "spelled_number": _spells_number(folded),
        "spelled_address": _SPELLED_ADDRESS.search(folded) is not None,
        "mail_service": _MAIL_SERVICE.search(folded) is not None,
        "messenger": _MESSENGER.search(folded) is not None,
    }
    return tuple(hint for hint in HINTS if found[hint])


def _spells_number(folded: str) -> bool:
    digits = words = 0
    for token in _WORD.findall(folded):
        if token in _DIGITS:
            digits, words = digits + 1, words + 1
        elif token.isdigit():
            digits += len(token)
        elif len(token) > LONGEST_LINK:
            digits = words = 0
        if digits >= FEWEST_DIGITS and words >= FEWEST_WORDS:
            return True
    return False
