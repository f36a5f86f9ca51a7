"""The name that reviews show: short, readable, and no place for addresses."""

from __future__ import annotations

import re
import unicodedata

from blinker import Namespace

from marketplace.accounts.models import NAME_LENGTH
from marketplace.core.errors import Invalid
from marketplace.text.deobfuscation import unmasked, visible

# Sent by services, in the transaction of the change, with the user as `user`: pages that show the name must be made anew.
name_changed = Namespace().signal("name-changed")

ADDRESS = re.compile(
    r"@|://|\bwww\.|\w{3}\.(?:com|net|org|info|biz|io|me|site|online|shop|xyz|[a-z]{2})\b", re.IGNORECASE
)
PHONE = re.compile(r"(?:\d[\s().-]*){6,}")
LETTER = re.compile(r"[^\W\d_]")


def clean_name(text: str) -> str:
    """The name as it is kept. Raises `Invalid` (`name_missing`, `name_long`, `name_address`, `name_letters`)."""
    kept = "".join(
        c
        for c in unicodedata.normalize("NFC", text)
        if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs")
    )
    name = " ".join(kept.split())
    if not name:
        raise Invalid("name_missing", "name")
    if len(name) > NAME_LENGTH:
        raise Invalid("name_long", "name", most=NAME_LENGTH)
    plain = visible(name)
    if ADDRESS.search(unmasked(plain)) or PHONE.search(plain):
        raise Invalid("name_address", "name")
    if not LETTER.search(name):
        raise Invalid("name_letters", "name")
    return name
