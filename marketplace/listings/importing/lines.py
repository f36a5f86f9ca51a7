"""The lines of an import: which topic and provider each one means, or why it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.core.errors import Invalid, InvalidFields
from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.i18n.folding import name_key
from marketplace.listings.importing.csv_file import COLUMNS, Record
from marketplace.listings.labels import sentence
from marketplace.providers.models import NAME_LENGTH
from marketplace.providers.websites import Website, read_website
from marketplace.text.names import read_name

Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A line whose topic and provider could be read."""

    number: int
    topic_id: int
    name: str
    website: Website
    cells: Mapping[str, str]

    @property
    def identity(self) -> Identity:
        """The name's key and the host: what tells providers apart."""
        return name_key(self.name), self.website.host


def read_line(record: Record, topics: Mapping[str, int]) -> BulkLine:
    """The line of a record; `topics` are ids by key. Raises `InvalidFields` by column."""
    problems: dict[str, str] = {}
    key = record.cells["topic"].strip()
    name, website = "", Website("", "")
    if key not in topics:
        problems["topic"] = "no_such_topic"
    try:
        name = read_name(record.cells["provider"], NAME_LENGTH)
    except Invalid as refusal:
        problems["provider"] = refusal.code
    try:
        # Rows found in guides may have no link: their providers come back from a file without a website too.
        website = read_website(record.cells["website"]) if record.cells["website"].strip() else website
    except Invalid as refusal:
        problems["website"] = refusal.code
    if problems:
        raise InvalidFields(problems)
    return BulkLine(record.line, topics[key], name, website, record.cells)


def reason_of(refusal: InvalidFields) -> str:
    """Why a line was refused: each wrong column with its sentence."""
    problems = sorted(
        refusal.fields.items(), key=lambda item: COLUMNS.index(item[0]) if item[0] in COLUMNS else 0
    )
    return "; ".join(f"{column}: {sentence(code)}" for column, code in problems)


def topic_ids(keys: set[str]) -> dict[str, int]:
    """The ids of the topics with these keys. A key that no topic has as it is written may be another spelling of one's: a
    spreadsheet or a file system may have changed its form, blanks or case."""
    written = select(Topic.id, Topic.key)
    found = {row.key: row.id for row in db.session.execute(written.where(Topic.key.in_(keys)))}
    if missing := keys - found.keys():
        spelled: dict[str, list[int]] = {}
        for row in db.session.execute(written):
            spelled.setdefault(name_key(row.key), []).append(row.id)
        same = {key: spelled.get(name_key(key), []) for key in missing}
        found |= {key: ids[0] for key, ids in same.items() if len(ids) == 1}
    return found
