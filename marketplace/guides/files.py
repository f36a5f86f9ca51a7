"""Finds guide files in a folder: `<language>/<country>/<stem>.md`. Also names the topic of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pycountry

from marketplace.hugo import FrontMatter, GuideRefused
from marketplace.i18n import PREFIXED_ROOTS, UNPREFIXED_ROOTS, is_language_tag

COUNTRY_LENGTH = 80
STEM_LENGTH = 200
KEY_LENGTH = 255
_SEPARATORS = re.compile(r"[\s_-]+")


class NoGuides(Exception):
    """The folder holds no guides: most likely the wrong folder."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A guide's file and the identity its place gives it."""

    path: Path
    language: str
    country: str
    stem: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """(language, country, stem)."""
        return (self.language, self.country, self.stem)

    @property
    def name(self) -> str:
        """The path below the folder, as reports name it."""
        return f"{self.language}/{self.country}/{self.stem}.md"


def is_language_folder(name: str) -> bool:
    """Whether a folder's name is a valid language tag that can be an address's prefix."""
    if not is_language_tag(name) or name in PREFIXED_ROOTS | UNPREFIXED_ROOTS:
        return False
    primary = name.split("-")[0]
    known = (
        pycountry.languages.get(alpha_2=primary)
        if len(primary) == 2
        else pycountry.languages.get(alpha_3=primary)
    )
    return known is not None


def find_files(folder: Path) -> list[FoundFile]:
    """The guide files below a folder, in stable order. Raises `NoGuides` where there is none."""
    files = sorted(_files(folder), key=lambda file: file.identity) if folder.is_dir() else []
    if not files:
        raise NoGuides(f"No guides in {folder}: expected <language>/<country>/<guide>.md")
    return files


def _files(folder: Path) -> Iterator[FoundFile]:
    for language in folder.iterdir():
        if not language.is_dir() or not is_language_folder(language.name):
            continue
        for country in language.iterdir():
            if not country.is_dir() or country.name.startswith(".") or country.name == "categories":
                continue
            for path in country.iterdir():
                if path.suffix == ".md" and path.name != "_index.md" and not path.name.startswith("."):
                    yield FoundFile(path, language.name, country.name, path.stem)


def read_file(file: FoundFile) -> bytes:
    """The file's bytes. Raises `GuideRefused` where its name cannot be an address or it cannot be read."""
    try:
        file.name.encode()
    except UnicodeEncodeError:
        raise GuideRefused("file_name", "The file's name is not UTF-8.") from None
    if len(file.country) > COUNTRY_LENGTH or len(file.stem) > STEM_LENGTH:
        raise GuideRefused("file_name", f"The file's name is longer than {STEM_LENGTH} characters.")
    if file.path.is_symlink():
        raise GuideRefused("link", "The file is a symbolic link.")
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise GuideRefused("unreadable", f"The file cannot be read: {error.strerror}.") from None


def topic_key(front: FrontMatter, country: str, stem: str) -> str:
    """The key of a file's topic: its first translationKey with the country part in the folder's spelling, or
    `<country>-<stem>`. Raises `GuideRefused` where it is too long."""
    key = (front.translation_key or "").strip()
    key = _folder_spelling(key, country) if key else f"{country}-{stem}"
    if len(key) > KEY_LENGTH or any(ord(c) < 32 for c in key):
        raise GuideRefused(
            "translation_key", f"The translationKey is longer than {KEY_LENGTH} characters or broken."
        )
    return key


def _folder_spelling(key: str, country: str) -> str:
    parts = [re.escape(part) for part in _SEPARATORS.split(country) if part]
    match = re.match(r"[\s_-]+".join(parts) + r"(?=-)", key, re.IGNORECASE) if parts else None
    return country + key[match.end() :] if match else key
