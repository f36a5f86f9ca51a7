"""What a template asks before it offers an appeal: `contest_state(kind, id)`."""

from __future__ import annotations

from flask import Flask
from flask_login import current_user

from marketplace.accounts.contested import contestable
from marketplace.core.extensions import now


def init_contest_state(app: Flask) -> None:
    """Let every template ask."""
    app.add_template_global(contest_state)


def contest_state(kind: str, number: int) -> str | None:
    """`open` where the signed-in member can appeal against the last decision on a thing, `made` where somebody did."""
    if not current_user.is_authenticated:
        return None
    return contestable(current_user, kind, number, now())
