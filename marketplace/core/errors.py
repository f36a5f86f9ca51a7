"""Refusals: typed exceptions with a code, raised by services and turned by views into field errors or pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Refusal(Exception):
    """A rule forbids the action. `code` is a short ascii word; `field` names the form field it belongs to, if any; `details`
    carry numbers or names for the message."""

    status = 422

    def __init__(self, code: str, field: str | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details

    @property
    def problems(self) -> tuple[Refusal, ...]:
        """Each broken rule: of most refusals, itself."""
        return (self,)


class NotFound(Refusal):
    """The row does not exist, or not for this person (strangers are not told the difference)."""

    status = 404

    def __init__(self, code: str = "not_found", field: str | None = None, **details: object) -> None:
        super().__init__(code, field, **details)


class NotAllowed(Refusal):
    """The person may see the row, but may not do this to it."""

    status = 403


class Conflict(Refusal):
    """Somebody else changed the row since it was read."""

    status = 409


class Invalid(Refusal):
    """A value breaks a rule; `field` says which."""


class InvalidFields(Invalid):
    """Several values break rules at once: `problems` has them all, made of codes by field where no details are needed."""

    def __init__(self, problems: Mapping[str, str] | Iterable[Refusal]) -> None:
        super().__init__("invalid_fields")
        if isinstance(problems, Mapping):
            problems = (Invalid(code, field) for field, code in problems.items())
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Refusal, ...]:
        """Each broken rule."""
        return self._problems

    @property
    def fields(self) -> dict[str, str]:
        """The code of each field."""
        return {problem.field or "": problem.code for problem in self._problems}
