"""The log tells what failed and where, never what somebody typed."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from marketplace.core.logs import QuietFormatter, log_to_stderr


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was afterwards."""
    logger = logging.getLogger()
    before = list(logger.handlers)
    # A server command run earlier in this process has set the log up already.
    logger.handlers[:] = [one for one in before if not isinstance(one.formatter, QuietFormatter)]
    yield logger
    logger.handlers[:] = before
    logging.getLogger("marketplace").setLevel(logging.NOTSET)


def logged(error: Exception) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    logger = logging.getLogger("test_logs")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        raise error
    except Exception:
        logger.exception("failed")
    return stream.getvalue()


def test_an_exception_is_its_class_and_its_places() -> None:
    text = logged(ValueError("person@example.com"))
    assert "failed" in text
    assert "test_logs.py" in text
    assert text.endswith("ValueError\n")


def test_no_message_of_an_exception_nor_of_its_cause_is_written() -> None:
    error = ValueError("person@example.com")
    error.__cause__ = KeyError("Person Example")
    assert "erson" not in logged(error)


def test_the_log_is_set_up_once(root: logging.Logger) -> None:
    before = len(root.handlers)
    log_to_stderr()
    log_to_stderr()
    assert len(root.handlers) == before + 1
    assert logging.getLogger("marketplace").isEnabledFor(logging.INFO)
