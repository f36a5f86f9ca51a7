"""Refusals: typed exceptions with a code, raised by services and turned by views into field errors or pages."""

from __future__ import annotations

from collections.abc import Iterable


class Refusal(Exception):
    """A rule said no. `code` is a short ascii word; `field` names the form field it belongs to, if any; `details`
    carry numbers or names for the message. `problems` are the refusals to show: this one, unless it stands for several."""

    status = 422

    def __init__(self, code: str, field: str | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details
        self.problems: tuple[Refusal, ...] = (self,)


class NotFound(Refusal):
    """The thing does not exist, or not for this person (a stranger is not told the difference)."""

    status = 404

    def __init__(self, code: str = "not_found", field: str | None = None, **details: object) -> None:
        super().__init__(code, field, **details)


class NotAllowed(Refusal):
    """The person is known and may see the thing, but may not do this to it."""

    status = 403


class Conflict(Refusal):
    """Somebody else changed the thing since it was read."""

    status = 409


class Invalid(Refusal):
    """A value breaks a rule; `field` says which."""

    status = 422


class InvalidFields(Invalid):
    """Several values break rules at once: `fields` maps each field to its code."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("invalid_fields")
        self.fields = dict(fields)


class InvalidDraft(InvalidFields):
    """Input breaks rules: `problems` are all of them with their details, in the order of the form."""

    def __init__(self, problems: Iterable[Invalid]) -> None:
        found = tuple(problems)
        super().__init__({problem.field or "": problem.code for problem in found})
        self.problems = found
