"""The sample guides: twelve topics in both languages, in the format of the real ones, with its quirks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from marketplace.samples import guides_folder
from tests.samples.reading import (
    COUNTRIES,
    LANGUAGES,
    guide_files,
    guide_name,
    keys_of,
    languages_of_topics,
    rows_of,
)

all_guides = pytest.mark.parametrize("path", guide_files(), ids=guide_name)


def test_twelve_topics_in_three_countries_have_a_guide_in_each_language() -> None:
    topics = languages_of_topics()
    assert len(topics) == 12
    assert all(languages == LANGUAGES for languages in topics.values())
    assert Counter(path.parent.name for path in guide_files()) == dict.fromkeys(COUNTRIES, 8)
    assert {path.parent.name for path in guides_folder().glob("*/_index.md")} == LANGUAGES


@all_guides
def test_a_guide_is_plain_normalised_text_of_a_readable_length(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.normalize("NFC", text + path.name) == text + path.name
    assert "\r" not in text
    assert 350 <= len(text.split("---", 2)[2].split()) <= 650
    assert "\nauthor: Marketplace contributors\n" in text
    assert (
        f"\n- {path.parent.name.title()}\n" in text or f'categories: ["{path.parent.name.title()}"]' in text
    )


@all_guides
def test_the_provider_table_is_in_the_fourth_section(path: Path) -> None:
    sections = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [number for number, section in enumerate(sections) if "\n|" in section] == [4]
    assert len(sections) == 7


@all_guides
def test_a_guide_links_to_sample_guides_of_its_language_only(path: Path) -> None:
    language = path.parent.parent.name
    start = "/guides/" if language == "en" else f"/{language}/guides/"
    links = re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    related = [urlsplit(link) for link in links if urlsplit(link).hostname == "tramitit.com"]
    assert len(related) >= 2
    for link in related:
        country, stem = unquote(link.path).removeprefix(start).removesuffix("/").split("/")
        assert (guides_folder() / language / country / f"{stem}.md").is_file()
        assert (country, stem) != (path.parent.name, path.stem)
    others = {urlsplit(link).hostname or "" for link in links} - {"tramitit.com"}
    assert all(host.endswith(".example") for host in others)


def test_the_guides_show_the_quirks_of_the_format() -> None:
    texts = {guide_name(path): path.read_text(encoding="utf-8") for path in guide_files()}
    keys = {guide_name(path): keys_of(path) for path in guide_files()}
    assert [len(set(found)) for found in keys.values() if len(found) == 2] == [2, 1]
    assert [name for name, found in keys.items() if not found] == [
        "en/spain/paying_into_public_healthcare.md"
    ]
    assert any(re.search(r"^date: '\d{4}-\d\d-\d\d'$", text, re.MULTILINE) for text in texts.values())
    assert any(re.search(r"^date: \S+ \d\d:\d\d", text, re.MULTILINE) for text in texts.values())
    assert any(")_\n|" in text for text in texts.values())
    assert any(")_\n\n|" in text for text in texts.values())
    assert any(re.search(r"-.*\|\n## ", text) for text in texts.values())
    assert sum(not text.endswith("\n") for text in texts.values()) == 22
    assert not all(name.isascii() for name in texts)
    delimiters = {
        line for text in texts.values() for line in text.split("\n") if re.match(r"\|[ :-]+\|[ :|-]+$", line)
    }
    assert len(delimiters) >= 8


def test_two_topics_bring_rows_and_one_file_a_blank_one() -> None:
    rows = {guide_name(path): rows_of(path) for path in guide_files() if rows_of(path)}
    assert {name: len(found) for name, found in rows.items()} == {
        "en/colombia/rut_tax_registration.md": 1,
        "en/mexico/bringing_household_goods.md": 3,
        "en/spain/exchanging_foreign_driving_licence.md": 1,
        "es/mexico/traer_menaje_de_casa.md": 3,
        "es/spain/canjear_el_carnet_extranjero.md": 1,
    }
    assert not rows["en/colombia/rut_tax_registration.md"][0].strip("| ")
    assert "?ref=26" in rows["en/spain/exchanging_foreign_driving_licence.md"][0]
