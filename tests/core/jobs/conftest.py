from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.core.jobs import queue


@pytest.fixture(autouse=True)
def own_tasks(app: Flask) -> Iterator[None]:
    """Forget the tasks that a test registers."""
    known = dict(queue._tasks)
    yield
    queue._tasks.clear()
    queue._tasks.update(known)
