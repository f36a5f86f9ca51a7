"""The interface keeps to the words of `docs/words.md`: what its last column names is in no catalogue."""

from __future__ import annotations

import re

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

from scripts.catalogues import CHECKOUT

GLOSSARY = CHECKOUT / "docs" / "words.md"
CATALOGUE = CHECKOUT / "translations" / "es" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]*>")


def banned() -> list[str]:
    """The words of the last column, in either language."""
    rows = [line.rsplit("|", 2) for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    cells = [row[1] for row in rows[1:]]
    assert len(cells) > 20
    return [word.strip() for cell in cells for word in cell.split(",") if word.strip()]


def texts(message: Message) -> list[str]:
    """Every form of a message in both languages, without placeholders and tags."""
    sides = [message.id, message.string]
    forms = [text for side in sides for text in ([side] if isinstance(side, str) else list(side or ()))]
    return [PLACEHOLDER.sub(" ", text) for text in forms]


@pytest.fixture(scope="module")
def messages() -> list[str]:
    with CATALOGUE.open("rb") as file:
        return [text for message in read_po(file, locale="es") if message.id for text in texts(message)]


@pytest.mark.parametrize("word", banned())
def test_a_word_that_the_glossary_rules_out_is_nowhere_in_the_interface(
    word: str, messages: list[str]
) -> None:
    pattern = re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE)
    assert not [text for text in messages if pattern.search(text)]
