"""Edits that wait while the live row stays shown: their versions, their place in the queue, and their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.core.errors import Conflict
from marketplace.core.waiting_edits import drop_edit, propose_edit, reject_edit
from marketplace.providers.models import Provider, ProviderEdit
from tests.factories import NOON, make_provider

LATER = NOON + timedelta(days=1)


@pytest.fixture
def provider(app: Flask) -> Provider:
    return make_provider(name="Casa", version=4)


def propose(provider: Provider, name: str, **options: object) -> Any:
    values = {"name": name, "website": provider.website, "description": provider.description}
    return propose_edit(provider, ProviderEdit, values, **{"now": NOON, **options})


def test_an_edit_waits_with_a_version_that_the_row_never_had(provider: Provider) -> None:
    edit = propose(provider, "Nueva")
    assert (edit.name, edit.status, edit.note, edit.version) == ("Nueva", "pending", "", 5)
    assert (provider.name, provider.version) == ("Casa", 4)


def test_the_same_values_again_change_nothing(provider: Provider) -> None:
    edit = propose(provider, "Nueva")
    assert propose(provider, "Nueva", now=LATER) is edit
    assert (edit.version, edit.submitted_at) == (5, NOON)


def test_what_the_row_says_already_drops_the_edit(provider: Provider) -> None:
    propose(provider, "Nueva")
    assert propose(provider, "Casa") is None
    assert (provider.edit, provider.version) == (None, 6)


@pytest.mark.parametrize(("keeps_place", "submitted_at"), [(False, LATER), (True, NOON)])
def test_other_values_keep_the_place_in_the_queue_only_where_asked(
    provider: Provider, keeps_place: bool, submitted_at: object
) -> None:
    propose(provider, "Nueva")
    edit = propose(provider, "Novísima", now=LATER, keeps_place=keeps_place)
    assert (edit.name, edit.version, edit.submitted_at) == ("Novísima", 6, submitted_at)


@pytest.mark.parametrize("keeps_place", [False, True])
def test_a_rejected_edit_stays_with_the_statement_until_it_is_sent_again(
    provider: Provider, keeps_place: bool
) -> None:
    edit = propose(provider, "Nueva")
    assert edit is not None
    reject_edit(edit, note="Which name?")
    assert (edit.status, edit.note, edit.version) == ("rejected", "Which name?", 6)
    with pytest.raises(Conflict, match="decided_already"):
        reject_edit(edit, note="")
    again = propose(provider, "Nueva", now=LATER, keeps_place=keeps_place)
    assert again is edit
    assert (edit.status, edit.note, edit.version, edit.submitted_at) == ("pending", "", 7, LATER)


def test_versions_go_on_where_a_dropped_edit_ended(provider: Provider) -> None:
    last = propose(provider, "Nueva").version
    drop_edit(provider)
    drop_edit(provider)
    assert provider.version == last + 1
    assert propose(provider, "Nueva").version == last + 2
