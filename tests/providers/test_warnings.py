from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.providers.warnings import clear_warning, warn_of
from tests.factories import NOON, make_listing, make_provider, make_topic


def test_a_warning_tells_the_pages_of_provider_and_topics(app: Flask) -> None:
    provider = make_provider()
    topic = make_listing(make_topic(), provider).topic
    seen = (provider.version, provider.revision, topic.revision)
    warn_of(provider, now=NOON)
    db.session.refresh(topic)
    assert provider.warned_at == NOON
    raised = (provider.version, provider.revision, topic.revision)
    assert all(new > old for new, old in zip(raised, seen, strict=True))
    clear_warning(provider, now=NOON)
    db.session.refresh(topic)
    assert provider.warned_at is None
    assert (provider.version, provider.revision, topic.revision) > raised


@pytest.mark.parametrize("status", ["unclaimed", "pending", "suspended", "removed"])
def test_only_of_an_active_provider_is_warned(app: Flask, status: str) -> None:
    provider = make_provider(status=status)
    with pytest.raises(Conflict):
        warn_of(provider, now=NOON)
    provider.warned_at = NOON
    with pytest.raises(Conflict):
        clear_warning(provider, now=NOON)


def test_a_warning_is_put_up_and_taken_down_once(app: Flask) -> None:
    provider = make_provider()
    with pytest.raises(Conflict):
        clear_warning(provider, now=NOON)
    warn_of(provider, now=NOON)
    with pytest.raises(Conflict):
        warn_of(provider, now=NOON)
