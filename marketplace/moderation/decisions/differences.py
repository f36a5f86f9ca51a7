"""Pure: what differs between two versions, fact by fact and word by word."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from marketplace.text.clean import clean_text

WORDS = re.compile(r"\s*(?:\w+|[^\w\s]|$)")
# Pairs of equal words in both texts: ordinary text of 2,000 characters has some thousand, and the time grows with them.
MOST_PAIRS = 20_000
LONGEST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One value as a moderator reads it. `old` is what it replaces; None where there is nothing to compare with."""

    code: str
    label: str
    value: str
    old: str | None = None
    is_long: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what it replaces."""
        return self.old is not None and self.old != self.value

    @property
    def words(self) -> list[tuple[str, str]]:
        """The value against the old one: (`same`, `gone` or `new`, text) in reading order; short values change whole."""
        old = self.old or ""
        if self.is_long or old == self.value:
            return word_changes(old, self.value)
        return [("gone", old), ("new", self.value)]


def word_changes(old: str, new: str) -> list[tuple[str, str]]:
    """Two texts as one: what stayed, what is gone, what is new, in reading order.

    Texts that repeat the same words so often that comparing them would take long are compared at their ends only.
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    pieces: list[tuple[str, str]] = []
    for operation, i, j, k, m in _operations(before, after):
        if operation == "equal":
            pieces.append(("same", "".join(before[i:j])))
            continue
        if i < j:
            pieces.append(("gone", "".join(before[i:j])))
        if k < m:
            pieces.append(("new", "".join(after[k:m])))
    return pieces


def _operations(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    counts = Counter(after)
    if sum(count * counts[word] for word, count in Counter(before).items()) <= MOST_PAIRS:
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    i, k = len(before) - tail, len(after) - tail
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, i, head, k),
        ("equal", i, len(before), k, len(after)),
    ]


def _shared(one: list[str], other: list[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (left, right) in pairs if left != right), min(len(one), len(other)))


def snapshot(facts: Sequence[Fact]) -> str:
    """The values as they were read, for the form to carry."""
    return json.dumps({fact.code: fact.value for fact in facts}, ensure_ascii=False, separators=(",", ":"))


def read_snapshot(text: str) -> dict[str, str]:
    """The values that a form carried back; empty for what is no snapshot."""
    try:
        values = json.loads(text) if len(text) <= LONGEST_READ else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {key: clean_text(value) for key, value in values.items() if isinstance(value, str)}


def changes_since(read: Mapping[str, str], facts: Sequence[Fact]) -> list[Fact]:
    """The facts that differ from what was read, each with what it was then."""
    return [
        replace(fact, old=read[fact.code]) for fact in facts if read.get(fact.code, fact.value) != fact.value
    ]


def compared(new: Sequence[Fact], old: Sequence[Fact]) -> list[Fact]:
    """The new values, each with the old one that it would replace."""
    before = {fact.code: fact.value for fact in old}
    return [replace(fact, old=before.get(fact.code, "")) for fact in new]


def quoted(prefix: str, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of something else, with a prefix to their codes."""
    return [replace(fact, code=f"{prefix}_{fact.code}") for fact in facts]
