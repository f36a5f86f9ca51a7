"""Parameters of a request: Stripe's bracket notation, and reading them with types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stripe_standin.errors import ApiError, invalid

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Names and values of a query or form body, in their order."""
    return parse_qsl(text, keep_blank_values=True)


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested tables of texts. `a[]` makes a list; `a[0]` a table with the key "0", for only the reader of `a` knows whether
    that is a list. Raises ApiError for a name that is no such notation or is used in two ways.
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


def _broken(name: str) -> ApiError:
    return ApiError(f"Invalid parameter name: {name}", code="parameter_unknown", param=name, stored=False)


METADATA_KEYS = 50
METADATA_KEY_LENGTH = 40
METADATA_VALUE_LENGTH = 500


class Params:
    """One table of parameters. Each name that is asked for counts as known; `finish` refuses the others at any depth."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path
        self._known: set[str] = set()
        self._inner: dict[str, Params] = {}

    def given(self, name: str) -> bool:
        """Whether the parameter was sent. Does not count as reading it."""
        return name in self._values

    def holds_table(self, name: str) -> bool:
        """Whether a table was sent below the name, not a text. Does not count as reading it."""
        return isinstance(self._values.get(name), dict)

    def text(self, name: str, *, empty: bool = False, longest: int = 5000) -> str | None:
        """The text, None when it was not sent. An empty text is refused unless it may unset the value."""
        self._known.add(name)
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {name}", self.named(name))
        if value == "" and not empty:
            raise invalid(
                f"You passed an empty string for '{self.named(name)}'. We assume empty values are an attempt to unset a "
                f"parameter; however '{self.named(name)}' cannot be unset.",
                self.named(name),
                "parameter_invalid_empty",
            )
        if len(value) > longest:
            message = f"Invalid string: {value[:20]}…; must be at most {longest} characters"
            raise invalid(message, self.named(name))
        return value

    def needed(self, name: str) -> str:
        """The text of a parameter that must be there."""
        value = self.text(name)
        if value is None:
            raise self.missing(name)
        return value

    def missing(self, name: str) -> ApiError:
        """The refusal of a call without this parameter."""
        return invalid(f"Missing required param: {self.named(name)}.", self.named(name), "parameter_missing")

    def integer(self, name: str, *, least: int | None = None, most: int | None = None) -> int | None:
        """The whole number, None when it was not sent."""
        value = self.text(name)
        if value is None:
            return None
        if not value.removeprefix("-").isdecimal() or not value.isascii():
            raise invalid(f"Invalid integer: {value}", self.named(name), "parameter_invalid_integer")
        number = int(value)
        if least is not None and number < least:
            message = f"This value must be greater than or equal to {least}."
            raise invalid(message, self.named(name), "parameter_invalid_integer")
        if most is not None and number > most:
            message = f"This value must be less than or equal to {most}."
            raise invalid(message, self.named(name), "parameter_invalid_integer")
        return number

    def flag(self, name: str) -> bool | None:
        """True or false, None when it was not sent."""
        value = self.text(name)
        if value is None:
            return None
        if value not in ("true", "false"):
            raise invalid(f"Invalid boolean: {value}", self.named(name))
        return value == "true"

    def choice(self, name: str, options: Sequence[str]) -> str | None:
        """One of the options, None when it was not sent."""
        value = self.text(name)
        if value is not None and value not in options:
            listed = ", ".join(options[:-1]) + (" or " if len(options) > 1 else "") + options[-1]
            raise invalid(f"Invalid {self.named(name)}: must be one of {listed}", self.named(name))
        return value

    def url(self, name: str, *, empty: bool = False) -> str | None:
        """An absolute web address, None when it was not sent."""
        value = self.text(name, empty=empty)
        if not value:
            return value
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            good = False
        if not good:
            raise invalid("Not a valid URL", self.named(name), "url_invalid")
        return value

    def table(self, name: str) -> Params:
        """The parameters below this one; an empty reader when there are none."""
        self._known.add(name)
        value = self._values.get(name, {})
        if not isinstance(value, dict):
            raise invalid("Invalid object", self.named(name))
        return self._open(name, value)

    def items(self, name: str) -> list[Params]:
        """The readers of a list of tables."""
        return [self._open(f"{name}[{place}]", item) for place, item in self._list(name, dict)]

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        return [item for _place, item in self._list(name, str)]

    def metadata(self, old: Mapping[str, str] | None = None, name: str = "metadata") -> dict[str, str]:
        """The old metadata with what was sent put over it: an empty value removes its key, an empty whole removes all."""
        self._known.add(name)
        sent = self._values.get(name, {})
        if sent == "":
            return {}
        if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
            raise invalid("Invalid object: metadata is a table of texts", self.named(name))
        merged = {**(old or {}), **sent}
        for key, value in sent.items():
            if len(key) > METADATA_KEY_LENGTH or len(value) > METADATA_VALUE_LENGTH:
                message = "Metadata keys have at most 40 characters, values at most 500"
                raise invalid(message, f"{self.named(name)}[{key}]")
        kept = {key: value for key, value in merged.items() if value != ""}
        if len(kept) > METADATA_KEYS:
            raise invalid("Metadata has at most 50 keys", self.named(name))
        return kept

    def finish(self) -> None:
        """Refuse the parameters that nobody asked for, here and below."""
        unknown = list(self.unknown())
        if unknown:
            word = "parameter" if len(unknown) == 1 else "parameters"
            raise invalid(f"Received unknown {word}: {', '.join(unknown)}", unknown[0], "parameter_unknown")

    def named(self, name: str) -> str:
        """The parameter's whole name, as it was sent."""
        first, bracket, rest = name.partition("[")
        return f"{self._path}[{first}]{bracket}{rest}" if self._path else name

    def unknown(self) -> Iterator[str]:
        """The whole names of parameters that nobody asked for, here and below."""
        yield from (self.named(name) for name in self._values if name not in self._known)
        for inner in self._inner.values():
            yield from inner.unknown()

    def _open(self, name: str, values: Mapping[str, Any]) -> Params:
        if name not in self._inner:
            self._inner[name] = Params(values, self.named(name))
        return self._inner[name]

    def _list(self, name: str, of: type) -> list[tuple[str, Any]]:
        self._known.add(name)
        value = self._values.get(name, [])
        if isinstance(value, dict) and all(key.isdecimal() for key in value):
            found = sorted(value.items(), key=lambda item: int(item[0]))
        elif isinstance(value, list):
            found = [(str(place), item) for place, item in enumerate(value)]
        else:
            raise invalid("Invalid array", self.named(name))
        if not all(isinstance(item, of) for _place, item in found):
            raise invalid("Invalid array", self.named(name))
        return found
