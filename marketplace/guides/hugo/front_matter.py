"""Front matter of a guide: the YAML between the two `---` lines, read as plain text and never written back.

Scalars stay strings (no dates, numbers or booleans), and the first of two equal keys wins. The text is read as a stream of
events and no objects are built, so alias bombs and tags that name a class have no effect. Real guides use neither anchors
nor tags; a file that does is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from marketplace.guides.hugo.publication import EVERYWHERE, Publication, read_publication
from marketplace.text.clean import one_line

MAX_BYTES = 64 * 1024  # the longest real one has less than one thousand
MAX_DEPTH = 20  # levels of nesting; real ones have two

# Like in Hugo, a byte order mark and blank lines may come first. Unlike in Hugo, `---x` is not a closing line.
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*?---[ \t]*\r?\n")
_CLOSING = re.compile(rb"^---[ \t]*(?:\r?\n|\r?\Z)", re.MULTILINE)
_SECTIONS = {"build", "_build"}  # the second is the first one's older name
_NULLS = {"", "~", "null", "Null", "NULL"}


class GuideRefused(ValueError):
    """A file that cannot be read as a guide. `code` is short ASCII; the message is one line of English."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of the front matter. A missing value is '' (None for `translation_key`).

    `date_text` is the date as written, which need not be a date.
    """

    title: str
    meta_title: str
    description: str
    author: str
    date_text: str
    translation_key: str | None
    publication: Publication = EVERYWHERE


def split_front_matter(data: bytes) -> tuple[bytes, int]:
    """The YAML source and the byte offset at which the body starts. Raises GuideRefused."""
    opening = _OPENING.match(data)
    if opening is None:
        raise GuideRefused(
            "front_matter_missing", "The file does not start with front matter between --- lines."
        )
    closing = _CLOSING.search(data, opening.end())
    if closing is None:
        raise GuideRefused("front_matter_broken", "The front matter has no closing --- line.")
    source = data[opening.end() : closing.start()]
    if len(source) > MAX_BYTES:
        raise GuideRefused("front_matter_too_large", f"The front matter is longer than {MAX_BYTES} bytes.")
    return source, closing.end()


def read_front_matter(source: str) -> FrontMatter:
    """The fields of YAML text. Unknown keys and values that are not scalars are ignored. Raises GuideRefused."""
    values: dict[str, str] = {}
    for key, value in _scalars(source):
        values.setdefault(key, value)  # before cleaning: the first wins even if it is empty

    def text(key: str) -> str:
        return one_line(values.get(key, ""))

    try:
        publication = read_publication(values)
    except ValueError as error:
        raise GuideRefused("front_matter_date", f"The front matter's {error} is not a date.") from None
    return FrontMatter(
        title=text("title"),
        meta_title=text("meta_title"),
        description=text("description"),
        author=text("author"),
        date_text=text("date"),
        translation_key=text("translationkey") or None,
        publication=publication,
    )


def _scalars(source: str) -> Iterator[tuple[str, str]]:
    """Keys and values of the outermost mapping in the order of the file. Keys are in lower case, as Hugo compares them;
    those inside `build` are named `build.<key>`."""
    depth, documents, key = 0, 0, None
    in_section, inner = False, None
    for event in _events(source):
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise GuideRefused(
                    "front_matter_broken", "The front matter holds more than one YAML document."
                )
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            if depth == 0 and not isinstance(event, MappingStartEvent):
                raise GuideRefused("front_matter_broken", "The front matter is no list of keys and values.")
            if depth == 1:
                in_section, inner = isinstance(event, MappingStartEvent) and key in _SECTIONS, None
            depth += 1
            if depth > MAX_DEPTH:
                raise GuideRefused(
                    "front_matter_unsafe", f"The front matter nests deeper than {MAX_DEPTH} levels."
                )
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            depth -= 1
            if depth == 1:
                key = "" if key is None else None  # a mapping or list was the key or the value
            elif depth == 2:
                inner = "" if inner is None else None
        elif isinstance(event, ScalarEvent) and depth == 2 and in_section:
            if inner is not None:
                yield f"build.{inner}", str(event.value)
            inner = event.value.lower() if inner is None else None
        elif isinstance(event, ScalarEvent) and depth < 2:
            value = "" if event.style is None and event.value in _NULLS else str(event.value)
            if depth == 0 and value:
                raise GuideRefused("front_matter_broken", "The front matter is no list of keys and values.")
            if depth == 1 and key is not None:
                yield key, value
                key = None
            elif depth == 1:
                key = value.lower()


def _events(source: str) -> Iterator[Event]:
    """The YAML events of a text; refuses anchors, aliases and tags. Uses the pure parser, so that every installation reads
    the same."""
    try:
        for event in YAML(typ="safe", pure=True).parse(source):
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
                raise GuideRefused(
                    "front_matter_unsafe", "The front matter uses YAML anchors, aliases or tags."
                )
            yield event
    except (YAMLError, ValueError, OverflowError) as error:  # the last two: escapes such as "\UFFFFFFFF"
        if isinstance(error, GuideRefused):
            raise
        cause = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
        problem = one_line(str(cause))
        raise GuideRefused("front_matter_broken", f"The front matter is not valid YAML: {problem}.") from None
