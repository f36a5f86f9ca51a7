"""Makes moderation part of an application: its kinds, tasks and receivers, and what templates can ask it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Flask
from flask_login import current_user

from marketplace.core.extensions import now
from marketplace.moderation import kinds as _kinds  # noqa: F401  (registers the kinds of the queue)
from marketplace.moderation import privacy as _privacy  # noqa: F401  (answers for a member's data)
from marketplace.moderation.appeals.queries import appeal_states
from marketplace.moderation.decisions import tasks as _tasks  # noqa: F401  (registers how decisions take effect)
from marketplace.moderation.queue.queries import queue_count
from marketplace.moderation.reports import tasks as _report_tasks  # noqa: F401  (registers how reports are cleared)


def init_moderation(app: Flask) -> None:
    """Let every template ask what can be appealed against, and how much waits."""
    app.add_template_global(own_appeal_states, "appeal_states")
    app.add_template_global(queue_count)


def own_appeal_states(kind: str, ids: Collection[int]) -> dict[int, Any]:
    """Those of the subjects of a kind whose last decision the signed-in member can appeal against (`open`), or somebody has
    (`made`)."""
    if not current_user.is_authenticated:
        return {}
    return dict(appeal_states(kind, list(ids), current_user, now()))
