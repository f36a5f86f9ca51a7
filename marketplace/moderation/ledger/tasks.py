"""What the worker does for the log of actions: seals its new lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marketplace.core.extensions import now
from marketplace.core.jobs.queue import task
from marketplace.moderation.ledger.services import BATCH, seal_log


@task("moderation.seal_log", every=timedelta(minutes=10))
def seal_new_lines(payload: dict[str, Any]) -> None:
    """Seal what was written since."""
    while seal_log(now=now()) == BATCH:
        pass
