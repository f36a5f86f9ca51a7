"""Whether Hugo would build a guide now: `draft`, `publishDate`, `expiryDate`, `headless` and `build` of its front matter.

Pure. The rules are Hugo's, with its default settings (no drafts, no future and no expired pages): a missing `publishDate` is
taken from `pubdate`, `published` or `date`, a missing `expiryDate` from `unpublishdate`; dates without a time zone are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_TRUE = frozenset({"1", "t", "T", "true", "True", "TRUE"})
_FALSE = frozenset({"0", "f", "F", "false", "False", "FALSE"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]|\Z)")
_PUBLISH_KEYS = ("publishdate", "pubdate", "published", "date")
_EXPIRY_KEYS = ("expirydate", "unpublishdate")


class Listed(StrEnum):
    """Which lists name a guide: all of them, only its country's page, or none."""

    ALWAYS = "always"
    LOCAL = "local"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Publication:
    """When a guide is shown. `held` is set for a draft and for a page that is never rendered."""

    held: bool = False
    publish_at: datetime | None = None
    expires_at: datetime | None = None
    listed: Listed = Listed.ALWAYS

    def is_shown(self, now: datetime) -> bool:
        """Whether the guide has a page at this moment."""
        started = self.publish_at is None or self.publish_at <= now
        return not self.held and started and (self.expires_at is None or now < self.expires_at)


EVERYWHERE = Publication()


def read_publication(values: Mapping[str, str]) -> Publication:
    """The publication that front matter asks for; keys in lower case, those inside `build` as `build.<key>`.

    Raises `ValueError` with the name of a key whose value should be a date and is none.
    """
    headless = values.get("headless") in _TRUE
    listed = _choice(values.get("build.list", ""))
    return Publication(
        held=_is_draft(values) or headless or _choice(values.get("build.render", "")) not in ("", "always"),
        publish_at=_first_date(values, _PUBLISH_KEYS),
        expires_at=_first_date(values, _EXPIRY_KEYS),
        listed=Listed(listed) if listed in set(Listed) else Listed.ALWAYS,
    )


def _is_draft(values: Mapping[str, str]) -> bool:
    if "draft" in values:
        return values["draft"] in _TRUE
    return values.get("published") in _FALSE


def _choice(value: str) -> str:
    """A value of `build`: true and false were its spellings once."""
    if value in _TRUE:
        return "always"
    return "never" if value in _FALSE else value.lower()


def _first_date(values: Mapping[str, str], keys: tuple[str, ...]) -> datetime | None:
    for key in keys:
        value = values.get(key, "").strip()
        moment = _moment(value)
        if moment is not None:
            return moment
        # `date` is shown as written whatever it says, and `published` may be true or false.
        if value and key not in ("date", "published"):
            raise ValueError(key)
    return None


def _moment(value: str) -> datetime | None:
    if not _DATE.match(value):
        return None
    try:
        moment = datetime.fromisoformat(
            value.replace("t", "T").replace("z", "Z").replace(" +", "+").replace(" -", "-")
        )
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
