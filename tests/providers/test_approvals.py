"""What moderators decide about providers and edits of their profiles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.revisions import OFFERS, revision_of
from marketplace.listings.approvals import publish_listing
from marketplace.providers.approvals import (
    activate_provider,
    add_warning,
    apply_provider_edit,
    clear_warning,
    reinstate_provider,
    reject_provider,
    reject_provider_edit,
    suspend_provider,
)
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider, ProviderEdit
from marketplace.providers.registration import change_provider
from tests.factories import NOON, make_listing, make_provider, make_topic
from tests.listings.making import provider_revision, topic_revision

LATER = NOON + timedelta(days=1)


def make_provider_edit(member: User) -> ProviderEdit:
    provider = make_provider(member, name="Casa")
    change_provider(
        actor=member,
        provider=provider,
        name="Casa Nueva",
        website="https://www.nueva.example/x",
        description="New.",
        languages=["en", "es"],
        countries=["mexico"],
        now=NOON,
    )
    assert provider.edit is not None
    return provider.edit


def test_an_activated_provider_may_publish(member: User) -> None:
    provider = make_provider(member, status="pending")
    activate_provider(provider, now=LATER)
    assert (provider.status, provider.version, provider_revision(provider)) == ("active", 2, 1)
    listing = make_listing(make_topic(), provider, status="pending")
    publish_listing(listing, now=LATER)


def test_a_rejected_registration_is_removed_with_the_statement(member: User) -> None:
    provider = make_provider(member, status="pending")
    listing = make_listing(make_topic(), provider, status="pending")
    reject_provider(provider, note="Who are you?", now=LATER)
    assert (provider.status, provider.note, listing.status) == ("removed", "Who are you?", "pending")
    assert is_member(member.id, provider.id)


def test_a_suspended_provider_keeps_the_statement_and_leaves_all_pages(member: User) -> None:
    provider = make_provider(member)
    shown, paused = (
        make_listing(make_topic(), provider),
        make_listing(make_topic(), provider, status="paused"),
    )
    suspend_provider(provider, note="Show us the licence.", now=LATER)
    assert (provider.status, provider.note, provider.version) == ("suspended", "Show us the licence.", 2)
    assert (provider_revision(provider), topic_revision(shown), revision_of(OFFERS)) == (1, 2, 1)
    assert (topic_revision(paused), shown.status, shown.version) == (1, "published", 1)


def test_a_reinstated_provider_is_shown_as_it_was(member: User) -> None:
    provider = make_provider(member, status="suspended", note="Show us the licence.")
    listing = make_listing(make_topic(), provider)
    reinstate_provider(provider, now=LATER)
    assert (provider.status, provider.note, provider.version) == ("active", "", 2)
    assert (provider_revision(provider), topic_revision(listing), revision_of(OFFERS)) == (1, 2, 1)


def test_a_provider_without_listings_leaves_the_lists_of_the_site(member: User) -> None:
    provider = make_provider(member)
    suspend_provider(provider, note="", now=LATER)
    assert (provider_revision(provider), revision_of(OFFERS)) == (1, 1)


@pytest.mark.parametrize("status", ["unclaimed", "pending", "suspended", "removed"])
def test_only_an_active_provider_is_suspended(app: Flask, status: str) -> None:
    provider = make_provider(status=status)
    with pytest.raises(Conflict, match="decided_already"):
        suspend_provider(provider, note="", now=LATER)
    assert (provider.status, provider.version) == (status, 1)


@pytest.mark.parametrize("status", ["unclaimed", "pending", "active", "removed"])
def test_only_a_suspended_provider_is_reinstated(app: Flask, status: str) -> None:
    provider = make_provider(status=status)
    with pytest.raises(Conflict, match="decided_already"):
        reinstate_provider(provider, now=LATER)
    assert (provider.status, provider.version) == (status, 1)


def test_a_standing_is_read_anew_before_it_changes(app: Flask) -> None:
    provider = make_provider()
    db.session.execute(
        db.update(Provider).values(status="suspended").execution_options(synchronize_session=False)
    )
    with pytest.raises(Conflict, match="decided_already"):
        suspend_provider(provider, note="", now=LATER)


def test_an_applied_profile_changes_name_and_host_but_not_the_address(member: User) -> None:
    edit = make_provider_edit(member)
    provider, slug = edit.provider, edit.provider.slug
    listing = make_listing(make_topic(), provider)
    apply_provider_edit(edit, now=LATER)
    assert (provider.name, provider.host, provider.slug) == ("Casa Nueva", "nueva.example", slug)
    assert (provider.search_text, provider.edit) == ("casa nueva nueva.example", None)
    assert (topic_revision(listing), provider_revision(provider)) == (2, 1)


def test_a_profile_whose_website_was_taken_meanwhile_is_not_applied(member: User) -> None:
    edit = make_provider_edit(member)
    make_provider(host="nueva.example")
    with pytest.raises(Conflict, match="website_taken"):
        apply_provider_edit(edit, now=LATER)


def test_a_rejected_profile_stays_with_the_statement(member: User) -> None:
    edit = make_provider_edit(member)
    reject_provider_edit(edit, note="Which name?", now=LATER)
    assert (edit.status, edit.note, edit.provider.name) == ("rejected", "Which name?", "Casa")


def test_a_registration_is_decided_once(app: Flask) -> None:
    provider = make_provider(status="active")
    with pytest.raises(Conflict, match="decided_already"):
        activate_provider(provider, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        reject_provider(provider, note="", now=LATER)


def test_a_warning_tells_the_pages_of_provider_and_topics(app: Flask) -> None:
    provider = make_provider()
    topic = make_listing(make_topic(), provider).topic
    seen = (provider.version, provider.revision, topic.revision)
    add_warning(provider, now=NOON)
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
        add_warning(provider, now=NOON)
    provider.warned_at = NOON
    with pytest.raises(Conflict):
        clear_warning(provider, now=NOON)


def test_a_warning_is_put_up_and_taken_down_once(app: Flask) -> None:
    provider = make_provider()
    with pytest.raises(Conflict):
        clear_warning(provider, now=NOON)
    add_warning(provider, now=NOON)
    with pytest.raises(Conflict):
        add_warning(provider, now=NOON)
