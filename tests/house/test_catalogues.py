"""The catalogues are complete: the interface in English (the source) and Spanish, the table's words in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from scripts.catalogues import CHECKOUT, extract

TRANSLATIONS = CHECKOUT / "translations"
COMPLETE = ("es",)
TABLE_LANGUAGES = frozenset("bg cs de el es fr hr hu it nl pl pt ro sk".split())
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(
            file, locale=path.parent.parent.name if "LC_MESSAGES" in path.parts else None, abort_invalid=True
        )


def catalogues(domain: str) -> dict[str, Catalog]:
    return {
        path.parent.parent.name: read(path)
        for path in sorted(TRANSLATIONS.glob(f"*/LC_MESSAGES/{domain}.po"))
    }


def forms(message: Message) -> tuple[list[str], list[str]]:
    """Source and translated forms."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    translated = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return source, translated


def translated(message: Message) -> bool:
    """Whether every form has words."""
    found = forms(message)[1]
    return bool(found) and all(found)


def key(message: Message) -> tuple[object, str | None]:
    return (message.id, message.context)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All strings of code and templates as they are now."""
    target = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    extract(target)
    return read(target)


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_has_every_string(language: str, extracted: Catalog) -> None:
    there = {key(message) for message in catalogues("messages")[language] if message.id}
    missing = [message.id for message in extracted if message.id and key(message) not in there]
    assert not missing, "run `make messages` and translate"


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_translates_every_string(language: str) -> None:
    messages = [message for message in catalogues("messages")[language] if message.id]
    assert not [message.id for message in messages if message.fuzzy or not translated(message)]


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for domain in ("messages", "table"):
        for language, catalogue in catalogues(domain).items():
            for message in catalogue:
                source, translated = forms(message)
                wanted = set(PLACEHOLDER.findall(" ".join(source)))
                wrong += [
                    (language, text)
                    for text in translated
                    if message.id and text and not set(PLACEHOLDER.findall(text)) <= wanted
                ]
                if (
                    message.id
                    and translated[-1]
                    and not wanted <= set(PLACEHOLDER.findall(" ".join(translated)))
                ):
                    wrong.append((language, translated[0]))
    assert not wrong


def test_the_words_of_the_table_are_there_in_every_language_of_the_guides() -> None:
    assert set(catalogues("table")) >= TABLE_LANGUAGES


def test_the_words_of_the_table_are_complete() -> None:
    found = catalogues("table")
    everything = {key(message) for catalogue in found.values() for message in catalogue if message.id}
    for language, catalogue in found.items():
        there = {key(message) for message in catalogue if message.id}
        assert there == everything, language
        empty = [
            message.id for message in catalogue if message.id and (message.fuzzy or not translated(message))
        ]
        assert not empty, language


def test_no_catalogue_keeps_dead_strings() -> None:
    dead = {
        language: list(found.obsolete) for language, found in catalogues("messages").items() if found.obsolete
    }
    assert not dead


def test_no_sentence_is_put_together_from_pieces(extracted: Catalog) -> None:
    """A translator needs the whole sentence: pieces that start or end with a blank are a sign of glueing."""
    pieces = [
        part for message in extracted if message.id for part in forms(message)[0] if part != part.strip()
    ]
    assert not pieces
