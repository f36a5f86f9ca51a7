"""Refusals of services, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from marketplace.core.errors import Refusal


@contextmanager
def refused(kind: type[Refusal], said: str | dict[str, str]) -> Iterator[None]:
    """What happens inside is refused with a code, or with the code of each field."""
    with pytest.raises(kind) as caught:
        yield
    error: Any = caught.value
    assert (error.fields if isinstance(said, dict) else error.code) == said
