"""Which files are guides, what identifies them, and which are refused before they are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marketplace.guides.files import FoundFile, NoGuides, find_files, is_language_folder, read_file, topic_key
from marketplace.guides.hugo.guide_file import FrontMatter, GuideRefused
from tests.guide_files import write_guide


def front(key: str | None) -> FrontMatter:
    return FrontMatter("Title", "", "", "", "", key)


def refusal(folder: Path) -> str:
    (file,) = find_files(folder)
    with pytest.raises(GuideRefused) as refused:
        read_file(file)
    return refused.value.code


@pytest.mark.parametrize("name", ["en", "es", "pt", "el", "yue", "pt-BR", "zh-Hans", "sr-Latn-RS", "es-419"])
def test_a_valid_language_tag_names_a_language(name: str) -> None:
    assert is_language_folder(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "xx",
            "img",
            "eng",
            "EN",
            "english",
            "es-old",
            "en-bk",
            "es-Abcd",
            "go",
            "api",
            "static",
            "",
            ".git",
        ),
        *("en\n", "e", "es_MX", "es-", "２３", "../en"),
    ],
)
def test_other_folders_are_no_languages(name: str) -> None:
    assert not is_language_folder(name)


def test_guides_are_the_files_of_countries_in_stable_order(tmp_path: Path) -> None:
    for name in ("es/peru/b", "en/peru/b", "en/peru/a.b", "en/costa-rica/café"):
        write_guide(tmp_path, name)
    assert [file.name for file in find_files(tmp_path)] == [
        "en/costa-rica/café.md",
        "en/peru/a.b.md",
        "en/peru/b.md",
        "es/peru/b.md",
    ]
    assert find_files(tmp_path)[1].identity == ("en", "peru", "a.b")


def test_files_elsewhere_are_not_guides(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/card")
    for name in (
        *("README", "en/_index", "en/about", "en/peru/_index", "en/peru/.hidden", "en/peru/deep/card"),
        *(".git/peru/card", "en/.obsidian/card", "en/categories/peru", "node/peru/card", "archetypes/x/y"),
    ):
        write_guide(tmp_path, name)
    (tmp_path / "en/peru/folder.md").mkdir()
    (tmp_path / "en/peru/card.txt").write_text("no guide")
    (tmp_path / "en/peru/LOUD.MD").write_text("no guide")
    os.mkfifo(tmp_path / "en/peru/pipe.md")
    assert [file.name for file in find_files(tmp_path)] == ["en/peru/card.md"]


@pytest.mark.parametrize("name", ["nowhere", "empty", "file"])
def test_a_folder_without_guides_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty" / "en").mkdir(parents=True)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NoGuides, match="No guides in"):
        find_files(tmp_path / name)


def test_links_are_refused_and_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: Secret\n---\n")
    guides = tmp_path / "guides"
    (guides / "en/peru").mkdir(parents=True)
    (guides / "en/peru/card.md").symlink_to(secret)
    assert refusal(guides) == "link"


def test_files_of_a_linked_folder_are_refused(tmp_path: Path) -> None:
    write_guide(tmp_path / "outside", "peru/card")
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides/en").symlink_to(tmp_path / "outside")
    assert refusal(tmp_path / "guides") == "link"


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en/peru").mkdir(parents=True)
    (tmp_path / "en/peru/card.md").symlink_to(tmp_path / "gone.md")
    assert refusal(tmp_path) == "link"


def test_a_folder_reached_through_a_link_is_read(tmp_path: Path) -> None:
    write_guide(tmp_path / "guides", "en/peru/card")
    (tmp_path / "link").symlink_to(tmp_path / "guides")
    (file,) = find_files(tmp_path / "link")
    assert read_file(file)


@pytest.mark.parametrize("name", ["x" * 201, "tab\there", "line\nbreak", "bell\x7f"])
def test_a_name_that_makes_no_address_is_refused(tmp_path: Path, name: str) -> None:
    write_guide(tmp_path, f"en/peru/{name}")
    assert refusal(tmp_path) == "file_name"


def test_a_name_that_is_not_utf_8_is_refused_and_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "en/peru").mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/en/peru/caf\xe9.md")).write_text("x")
    (file,) = find_files(tmp_path)
    assert refusal(tmp_path) == "file_name"
    assert file.name.encode() == "en/peru/caf\ufffd.md".encode()


def test_a_long_name_that_fits_is_read(tmp_path: Path) -> None:
    write_guide(tmp_path, f"en/{'p' * 80}/{'é' * 100}")
    (file,) = find_files(tmp_path)
    assert read_file(file)


def test_accents_written_in_two_ways_are_one_name(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/cafe\u0301")
    (file,) = find_files(tmp_path)
    assert file.stem == "caf\u00e9"
    assert read_file(file)
    write_guide(tmp_path, "en/peru/caf\u00e9")
    first, second = find_files(tmp_path)
    assert (first.is_duplicate, second.is_duplicate) == (False, True)
    with pytest.raises(GuideRefused, match="Another file has the same name"):
        read_file(second)


def test_a_file_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideRefused) as refused:
        read_file(FoundFile(tmp_path / "en/peru/gone.md", "en", "peru", "gone"))
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize(
    ("key", "country", "expected"),
    [
        ("mexico-social_security", "mexico", "mexico-social_security"),
        ("czech republic-card", "czech-republic", "czech-republic-card"),
        ("Czech Republic-card", "czech-republic", "czech-republic-card"),
        ("czech-republic-card", "czech republic", "czech republic-card"),
        ("  mexico-card  ", "mexico", "mexico-card"),
        ("spain-card", "mexico", "spain-card"),
        ("mexicocard", "mexico", "mexicocard"),
        (None, "spain", "spain-residence_permit"),
        ("", "spain", "spain-residence_permit"),
    ],
)
def test_a_topic_is_named_by_its_key_in_the_folders_spelling(
    key: str | None, country: str, expected: str
) -> None:
    assert topic_key(front(key), country, "residence_permit") == expected


def test_a_key_too_long_to_keep_is_refused() -> None:
    assert len(topic_key(front("k" * 255), "peru", "card")) == 255
    with pytest.raises(GuideRefused, match="longer than 255"):
        topic_key(front("k" * 256), "peru", "card")
