"""Finds and reads guide files, `<language>/<country>/<stem>.md`, and determines the topic of each."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pycountry

from marketplace.guides.hugo.guide_file import MAX_BYTES, FrontMatter, GuideRefused
from marketplace.i18n.languages import PREFIXED_ROOTS, UNPREFIXED_ROOTS, is_language_tag

COUNTRY_LENGTH = 80
STEM_LENGTH = 200
KEY_LENGTH = 255
_SEPARATORS = re.compile(r"[\s_-]+")


class NoGuides(Exception):
    """The folder has no guides: most likely it is the wrong folder."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A guide's file with the identity given by its path. `is_duplicate` is set if an earlier file has the same identity."""

    path: Path
    language: str
    country: str
    stem: str
    is_duplicate: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        """(language, country, stem)."""
        return (self.language, self.country, self.stem)

    @property
    def name(self) -> str:
        """The path below the folder for reports. Bytes that are not UTF-8 are replaced."""
        name = f"{self.language}/{self.country}/{self.stem}.md"
        return os.fsencode(name).decode(errors="replace")


def is_language_folder(name: str) -> bool:
    """Whether a folder's name is a valid language tag that can be the prefix of an address."""
    if not is_language_tag(name) or name in PREFIXED_ROOTS | UNPREFIXED_ROOTS:
        return False
    language, *rest = name.split("-")
    return _is_language(language) and all(_is_script_or_region(part) for part in rest)


def _is_language(code: str) -> bool:
    if len(code) == 2:
        return pycountry.languages.get(alpha_2=code) is not None
    found = pycountry.languages.get(alpha_3=code)
    return found is not None and not hasattr(found, "alpha_2")  # BCP 47 uses the shortest code of a language


def _is_script_or_region(part: str) -> bool:
    if len(part) == 4:
        return pycountry.scripts.get(alpha_4=part.title()) is not None
    return part.isdigit() or pycountry.countries.get(alpha_2=part.upper()) is not None


def find_files(folder: Path) -> list[FoundFile]:
    """The guide files below a folder, in stable order. Raises `NoGuides` if there are none or the folder cannot be read."""
    try:
        found = (
            sorted(_files(folder), key=lambda file: (*file.identity, file.path)) if folder.is_dir() else []
        )
    except OSError as error:  # an unreadable part must not look like removed guides
        raise NoGuides(f"Cannot read {error.filename}: {error.strerror}") from None
    if not found:
        raise NoGuides(f"No guides in {folder}: expected <language>/<country>/<guide>.md")
    last = [None, *(file.identity for file in found)]
    return [
        replace(file, is_duplicate=file.identity == before) for file, before in zip(found, last, strict=False)
    ]


def _files(folder: Path) -> Iterator[FoundFile]:
    for language in folder.iterdir():
        if not is_language_folder(language.name) or not language.is_dir():
            continue
        for country in language.iterdir():
            if country.name.startswith(".") or country.name == "categories" or not country.is_dir():
                continue
            for path in country.iterdir():
                hidden = path.name.startswith(".") or path.name == "_index.md"
                if path.suffix == ".md" and not hidden and (path.is_symlink() or path.is_file()):
                    yield FoundFile(path, language.name, _composed(country.name), _composed(path.stem))


def _composed(name: str) -> str:
    # Some systems return decomposed names; addresses and links have composed ones.
    return unicodedata.normalize("NFC", name)


def read_file(file: FoundFile) -> bytes:
    """The file's bytes. Raises `GuideRefused` if its name cannot be an address or the file cannot be read."""
    try:
        f"{file.country}/{file.stem}".encode()
    except UnicodeEncodeError:
        raise GuideRefused("file_name", "The file's name is not UTF-8.") from None
    if any(ord(c) < 32 or ord(c) == 127 for c in file.country + file.stem):
        raise GuideRefused("file_name", "The file's name holds control characters.")
    if len(file.country) > COUNTRY_LENGTH or len(file.stem) > STEM_LENGTH:
        raise GuideRefused(
            "file_name",
            f"The name is too long: a country has {COUNTRY_LENGTH} characters at most, a guide {STEM_LENGTH}.",
        )
    if file.is_duplicate:
        raise GuideRefused("file_name", "Another file has the same name, its accents written in another way.")
    if any(path.is_symlink() for path in (file.path, *file.path.parents[:2])):
        raise GuideRefused("link", "The file is a symbolic link, or its folder is one.")
    try:
        with file.path.open("rb") as stream:
            return stream.read(
                MAX_BYTES + 1
            )  # one byte more, so that a file that is too large is refused as such
    except OSError as error:
        raise GuideRefused("unreadable", f"The file cannot be read: {error.strerror}.") from None


def topic_key(front: FrontMatter, country: str, stem: str) -> str:
    """The key of a file's topic: its first translationKey with the country spelled like the folder, or `<country>-<stem>`.
    Raises `GuideRefused` if it is too long."""
    key = (front.translation_key or "").strip()
    key = _folder_spelling(key, country) if key else f"{country}-{stem}"
    if len(key) > KEY_LENGTH:
        raise GuideRefused("translation_key", f"The translationKey is longer than {KEY_LENGTH} characters.")
    return key


def _folder_spelling(key: str, country: str) -> str:
    parts = [re.escape(part) for part in _SEPARATORS.split(country) if part]
    match = re.match(r"[\s_-]+".join(parts) + r"(?=-)", key, re.IGNORECASE) if parts else None
    return country + key[match.end() :] if match else key
