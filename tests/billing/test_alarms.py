"""Alarms: once for each thing, and again only for what comes back."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.billing.alarms import alarm_counts, open_alarms, raise_alarm, resolve_alarm
from marketplace.billing.statuses import RECURRING_ALARMS, AlarmKind
from marketplace.core.errors import NotFound
from tests.factories import NOON


@pytest.mark.parametrize("kind", AlarmKind)
def test_an_alarm_is_raised_once_for_each_subject(app: Flask, kind: AlarmKind) -> None:
    assert [raise_alarm(kind, "x", now=NOON), raise_alarm(kind, "x", now=NOON)] == [True, False]
    assert raise_alarm(kind, "y", now=NOON)
    assert [alarm.subject for alarm in open_alarms()] == ["y", "x"]
    assert alarm_counts() == {**dict.fromkeys(AlarmKind, 0), kind: 2}


@pytest.mark.parametrize("kind", AlarmKind)
def test_only_a_state_that_is_back_is_told_again(app: Flask, kind: AlarmKind) -> None:
    raise_alarm(kind, "x", now=NOON)
    number = open_alarms()[0].id
    assert resolve_alarm(number, now=NOON).resolved_at == NOON
    assert open_alarms() == []
    assert raise_alarm(kind, "x", now=NOON) is (kind in RECURRING_ALARMS)
    assert len(open_alarms()) == (kind in RECURRING_ALARMS)


def test_what_does_not_exist_cannot_be_resolved(app: Flask) -> None:
    with pytest.raises(NotFound):
        resolve_alarm(1, now=NOON)


def test_a_long_subject_is_cut(app: Flask) -> None:
    assert raise_alarm(AlarmKind.ORPHAN, "x" * 1000, now=NOON)
    assert len(open_alarms()[0].subject) == 200


def test_the_log_holds_kind_and_id(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    raise_alarm(AlarmKind.ORPHAN, "cs_1", now=NOON)
    assert "billing alarm: orphan cs_1" in caplog.text
