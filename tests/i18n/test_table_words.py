from __future__ import annotations

import os
from dataclasses import astuple, fields
from pathlib import Path

import pytest
from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from marketplace.core.config import data_folder
from marketplace.i18n import table_words as module
from marketplace.i18n.table_words import (
    BUSINESS_DAYS,
    ReadingWords,
    TableWords,
    business_days,
    reading_words,
    table_words,
    word,
)

CATALOGUES = sorted(data_folder("translations").glob("*/LC_MESSAGES/table.po"))
LANGUAGES = [path.parent.parent.name for path in CATALOGUES]
SLAVIC = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
FEW = "nplurals=3; plural=((n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2);"
# The forms that our catalogues are written in. A library's next edition has others (a form for millions), and must not
# change what is translated.
PLURAL_FORMS = {
    **dict.fromkeys(("bg", "de", "el", "es", "it", "nl", "pt"), "nplurals=2; plural=(n != 1);"),
    **dict.fromkeys(("cs", "sk"), FEW),
    "fr": "nplurals=2; plural=(n > 1);",
    "hr": SLAVIC.replace("n==1 ?", "n%10==1 && n%100!=11 ?"),
    "hu": "nplurals=1; plural=0;",
    "pl": SLAVIC,
    "ro": "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);",
}
KEYS = {*astuple(TableWords()), *astuple(ReadingWords()), BUSINESS_DAYS}


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_a_catalogue_translates_exactly_the_words_in_use(path: Path) -> None:
    with path.open("rb") as text:
        messages = [message for message in read_po(text, abort_invalid=True) if message.id]
    assert {message.id for message in messages} == KEYS
    assert all(message.string and not message.fuzzy for message in messages)


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_a_catalogue_has_its_languages_plural_forms(path: Path) -> None:
    with path.open("rb") as text:
        catalogue = read_po(text)
    language = path.parent.parent.name
    days = catalogue.get(BUSINESS_DAYS)
    assert catalogue.plural_forms == PLURAL_FORMS[language]
    assert days is not None
    forms = [days.string] if isinstance(days.string, str) else list(days.string or ())
    assert len(forms) == catalogue.num_plurals
    assert all("%(count)s" in form for form in forms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_one_cldr_plural_form_take_one_form_of_business_days(language: str) -> None:
    locale = Locale.parse(language)
    forms: dict[str, set[str]] = {}
    for count in range(1, 200):  # CLDR counts nought with one in Portuguese
        forms.setdefault(str(locale.plural_form(count)), set()).add(business_days(count, "#", language))
    assert all(len(found) == 1 for found in forms.values()), forms


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", {1: "1 business day", 2: "2 business days", 0: "0 business days"}),
        ("es", {1: "1 día hábil", 18: "18 días hábiles"}),
        ("pt", {1: "1 dia útil", 18: "18 dias úteis"}),
        ("de", {1: "1 Arbeitstag", 18: "18 Arbeitstage"}),
        ("el", {1: "1 εργάσιμη ημέρα", 18: "18 εργάσιμες ημέρες"}),
        ("bg", {1: "1 работен ден", 18: "18 работни дни"}),
        ("cs", {1: "1 pracovní den", 3: "3 pracovní dny", 5: "5 pracovních dnů", 22: "22 pracovních dnů"}),
        ("fr", {0: "0 jour ouvré", 1: "1 jour ouvré", 2: "2 jours ouvrés"}),
        ("hr", {1: "1 radni dan", 3: "3 radna dana", 11: "11 radnih dana", 22: "22 radna dana"}),
        ("hu", {1: "1 munkanap", 18: "18 munkanap"}),
        ("it", {1: "1 giorno lavorativo", 18: "18 giorni lavorativi"}),
        ("nl", {1: "1 werkdag", 18: "18 werkdagen"}),
        ("pl", {1: "1 dzień roboczy", 3: "3 dni robocze", 12: "12 dni roboczych", 22: "22 dni robocze"}),
        ("ro", {1: "1 zi lucrătoare", 18: "18 zile lucrătoare", 20: "20 de zile lucrătoare"}),
        ("sk", {1: "1 pracovný deň", 3: "3 pracovné dni", 5: "5 pracovných dní"}),
    ],
)
def test_business_days_are_counted_in_fifteen_languages(language: str, texts: dict[int, str]) -> None:
    assert {count: business_days(count, str(count), language) for count in texts} == texts


def test_a_language_without_a_catalogue_speaks_english() -> None:
    for language in ("en", "sv", "ja", "tlh", "en-GB", ""):
        assert table_words(language) == TableWords()
    assert business_days(1, "1", "sv") == "1 business day"


def test_a_regional_tag_finds_its_languages_words() -> None:
    for language in ("pt-BR", "pt-br", "pt"):
        assert table_words(language).free == "grátis"
    assert table_words("de-Latn-CH").cost == "Kosten"


def test_a_word_is_asked_for_by_name() -> None:
    assert word("es", "sponsored") == "Patrocinado"
    assert word("es", "heading") == "Proveedores que pueden hacerlo por ti"
    with pytest.raises(AttributeError):
        word("es", "no_such_word")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated_or_the_same_by_intent(language: str) -> None:
    same = {
        field.name for field in fields(TableWords) if word(language, field.name) == word("en", field.name)
    }
    assert same <= {"website", "cost"}


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_words_to_read_are_lists_without_gaps(language: str) -> None:
    for name, words in reading_words(language).items():
        assert all(text.strip() == text and text for text in words)
        assert all(("%(price)s" in text) == name.endswith(("price", "hour")) for text in words)


def write_catalogue(folder: Path, word_for_free: str) -> Path:
    """A catalogue of a language of its own; returns the text's path."""
    folder.mkdir(exist_ok=True)
    source = folder / "table.po"
    source.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: nplurals=1; plural=0;\\n"\n\nmsgid "free"\nmsgstr "{word_for_free}"\n'
    )
    return source


def compile_catalogue(source: Path) -> Path:
    compiled = source.with_suffix(".mo")
    with source.open("rb") as text, compiled.open("wb") as binary:
        write_mo(binary, read_po(text))
    return compiled


def age(path: Path, seconds: int) -> None:
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - seconds))


def test_a_catalogue_needs_no_compiling(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "Huq")
    assert module.load_catalogue(tmp_path).gettext("free") == "Huq"


def test_a_compiled_catalogue_alone_suffices(tmp_path: Path) -> None:
    source = write_catalogue(tmp_path, "Huq")
    compile_catalogue(source)
    source.unlink()
    assert module.load_catalogue(tmp_path).gettext("free") == "Huq"


def test_a_compiled_catalogue_older_than_its_text_is_not_used(tmp_path: Path) -> None:
    compiled = compile_catalogue(write_catalogue(tmp_path, "old"))
    write_catalogue(tmp_path, "new")
    age(compiled, 60)
    assert module.load_catalogue(tmp_path).gettext("free") == "new"


def test_a_compiled_catalogue_as_new_as_its_text_is_used(tmp_path: Path) -> None:
    source = write_catalogue(tmp_path, "compiled")
    compile_catalogue(source)
    write_catalogue(tmp_path, "text")
    age(source, 60)
    assert module.load_catalogue(tmp_path).gettext("free") == "compiled"
