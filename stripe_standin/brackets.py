"""Stripe's form notation: `line_items[0][price]=price_1&expand[]=customer` as nested tables and lists of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from stripe_standin.refusals import Refusal

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Names and values of a query or form body, in their order."""
    return parse_qsl(text, keep_blank_values=True)


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested tables of texts. `a[]` makes a list; `a[0]` a table with the key "0", for only the reader of `a` knows whether
    that is a list. Raises Refusal for a name that is no such notation or is used in two ways.
    """
    decoded: dict[str, Any] = {}
    for name, value in pairs:
        found = _NAME.fullmatch(name)
        if found is None:
            raise _broken(name)
        _place(decoded, [found[1], *_PART.findall(found[2])], value, name)
    return decoded


def _place(table: dict[str, Any], parts: list[str], value: str, name: str) -> None:
    """Put the value at the place that the parts name, making what lies between."""
    part, rest = parts[0], parts[1:]
    if not rest:
        if not isinstance(table.get(part, ""), str):
            raise _broken(name)
        table[part] = value
        return
    inner = table.setdefault(part, [] if rest[0] == "" else {})
    if isinstance(inner, list) and rest[0] == "":
        _append(inner, rest[1:], value, name)
    elif isinstance(inner, dict) and rest[0] != "":
        _place(inner, rest, value, name)
    else:
        raise _broken(name)


def _append(items: list[Any], rest: list[str], value: str, name: str) -> None:
    """`a[][b]=1&a[][c]=2` is one item with b and c; a name that the last item has already starts the next item."""
    if not rest:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or (len(rest) == 1 and rest[0] in items[-1]):
        items.append({})
    _place(items[-1], rest, value, name)


def _broken(name: str) -> Refusal:
    return Refusal(f"Invalid parameter name: {name}", code="parameter_unknown", param=name, stored=False)
