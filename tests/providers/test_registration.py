"""Registering a provider and changing its profile."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider, ProviderClaim
from marketplace.providers.registration import (
    Registration,
    change_provider,
    drop_provider_edit,
    register_provider,
)
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user

PROFILE: dict[str, Any] = {
    "name": "Casa Ocotillo",
    "website": "https://www.casa.example/",
    "description": "We do paperwork.",
    "languages": ["es", "en"],
    "countries": ["mexico"],
}


def register(actor: User, **changes: Any) -> Registration:
    return register_provider(actor=actor, now=NOON, **{**PROFILE, **changes})


def change(actor: User, provider: Provider, **changes: Any) -> Provider:
    profile = {name: getattr(provider, name) for name in PROFILE}
    return change_provider(actor=actor, provider=provider, now=NOON, **{**profile, **changes})


def provider_count() -> int:
    return db.session.scalar(select(func.count(Provider.id))) or 0


@pytest.fixture
def member(app: Flask) -> User:
    make_topic()
    return make_user()


def test_a_registration_waits_for_a_moderator(member: User) -> None:
    registration = register(member)
    provider = registration.provider
    assert registration.claim is None
    assert (provider.status, provider.slug, provider.host) == ("pending", "casa-ocotillo", "casa.example")
    assert is_member(member.id, provider.id)


def test_names_that_read_alike_get_addresses_of_their_own(member: User) -> None:
    first = register(member).provider
    second = register(member, name="Casa  Ocotillo!", website="https://other.example").provider
    third = register(member, name="李雷", website="https://third.example").provider
    assert (first.slug, second.slug, third.slug) == ("casa-ocotillo", "casa-ocotillo-2", "provider-1")


def test_a_wrong_profile_is_refused_with_all_its_fields(member: User) -> None:
    with pytest.raises(InvalidFields) as refusal:
        register(member, name="x" * 121, website="casa", countries=["atlantis"])
    assert refusal.value.fields == {
        "name": "name_long",
        "website": "website_address",
        "countries": "country_unknown",
    }


def test_an_unconfirmed_address_registers_nothing(member: User) -> None:
    with pytest.raises(NotAllowed):
        register(make_user(confirmed=False))


@pytest.mark.parametrize("status", ["unclaimed", "pending", "active", "suspended", "removed"])
def test_a_website_that_a_provider_has_becomes_a_claim_and_nothing_is_doubled(
    member: User, status: str
) -> None:
    existing = make_provider(name="Another name", host="casa.example", status=status)
    registration = register(member, website="http://casa.example/other/page")
    assert registration.provider is existing
    assert registration.claim is not None
    assert (registration.claim.status, registration.claim.message) == ("pending", "We do paperwork.")
    assert provider_count() == 1
    assert not is_member(member.id, existing.id)


def test_the_claim_goes_to_the_provider_of_that_name_where_several_share_a_host(member: User) -> None:
    make_provider(name="First", host="shared.example", status="unclaimed")
    named = make_provider(name="Casa Ocotillo", host="shared.example")
    assert register(member, website="https://shared.example/casa").provider is named


def test_a_second_claim_is_the_first_and_a_refused_one_is_sent_again(member: User) -> None:
    make_provider(host="casa.example")
    first = register(member).claim
    assert first is not None
    assert register(member).claim is first
    first.status, first.note = "rejected", "Not yours."
    again = register(member, description="Here is why.").claim
    assert again is first
    assert (again.status, again.note, again.message, again.version) == ("pending", "", "Here is why.", 2)
    assert db.session.scalar(select(func.count(ProviderClaim.id))) == 1


def test_registering_ones_own_website_again_is_refused(member: User) -> None:
    register(member)
    with pytest.raises(Invalid, match="website_yours"):
        register(member)
    assert provider_count() == 1


def test_a_pending_profile_is_changed_directly(member: User) -> None:
    provider = register(member).provider
    change(member, provider, name="Casa Nopal", website="https://nopal.example")
    assert (provider.name, provider.host, provider.slug) == ("Casa Nopal", "nopal.example", "casa-ocotillo")
    assert (provider.status, provider.version, provider.edit) == ("pending", 2, None)
    assert provider.search_text == "casa nopal nopal.example"


def test_a_refused_registration_is_sent_again_by_correcting_it(member: User) -> None:
    provider = make_provider(member, status="removed", note="Who are you?")
    change(member, provider, description="Three sisters.")
    assert (provider.status, provider.note, provider.description) == ("pending", "", "Three sisters.")


def test_an_active_providers_name_website_and_description_wait(member: User) -> None:
    provider = make_provider(member, name="Casa", description="Old.")
    change(member, provider, name="Casa Nueva", description="New.")
    assert (provider.name, provider.description) == ("Casa", "Old.")
    assert provider.edit is not None
    assert (provider.edit.name, provider.edit.description, provider.edit.status) == (
        "Casa Nueva",
        "New.",
        "pending",
    )


def test_languages_and_countries_take_effect_at_once_and_are_told_to_caches(member: User) -> None:
    provider = make_provider(member, languages=["en"])
    topic = make_topic()
    make_listing(topic, provider)
    change(member, provider, languages=["en", "de"])
    db.session.refresh(topic)
    db.session.refresh(provider)
    assert (provider.languages, provider.edit) == (["en", "de"], None)
    assert (provider.revision, topic.revision) == (1, 2)


def test_saving_without_a_change_changes_nothing(member: User) -> None:
    provider = make_provider(member)
    change(member, provider)
    assert (provider.version, provider.revision, provider.edit) == (1, 0, None)


def test_changing_back_drops_the_edit_and_its_version_is_not_used_again(member: User) -> None:
    provider = make_provider(member, name="Casa")
    change(member, provider, name="One")
    assert provider.edit is not None
    seen = provider.edit.version
    change(member, provider, name="Casa")
    assert provider.edit is None
    change(member, provider, name="Two")
    assert provider.edit is not None
    assert provider.edit.version > seen


def test_sending_the_same_change_twice_keeps_its_version_and_a_refused_one_is_sent_again(
    member: User,
) -> None:
    provider = make_provider(member, name="Casa")
    edit = change(member, provider, name="One").edit
    assert edit is not None
    version = edit.version
    change(member, provider, name="One")
    assert edit.version == version
    edit.status, edit.note = "rejected", "Why?"
    change(member, provider, name="One")
    assert (edit.status, edit.note, edit.version) == ("pending", "", version + 1)


def test_another_providers_website_cannot_be_taken(member: User) -> None:
    make_provider(host="taken.example")
    provider = make_provider(member)
    with pytest.raises(Invalid, match="website_taken"):
        change(member, provider, website="https://taken.example")


def test_a_name_is_not_doubled_on_one_host(member: User) -> None:
    make_provider(name="First", website="https://shared.example/1", host="shared.example")
    second = make_provider(member, name="Second", website="https://shared.example/2", host="shared.example")
    change(member, second, description="Still here.")
    with pytest.raises(Invalid, match="website_taken"):
        change(member, second, name="First")


def test_a_stranger_is_told_that_it_does_not_exist(member: User) -> None:
    provider = make_provider(make_user())
    with pytest.raises(NotFound):
        change(member, provider)
    with pytest.raises(NotFound):
        drop_provider_edit(actor=member, provider=provider)


def test_a_suspended_provider_is_not_changed(member: User) -> None:
    provider = make_provider(member, status="suspended")
    with pytest.raises(NotAllowed):
        change(member, provider, name="Other")


def test_a_change_can_be_taken_back_and_taking_it_back_twice_is_no_error(member: User) -> None:
    provider = make_provider(member)
    change(member, provider, name="One")
    drop_provider_edit(actor=member, provider=provider)
    drop_provider_edit(actor=member, provider=provider)
    assert provider.edit is None


def test_countries_that_lost_their_guides_may_stay(member: User) -> None:
    provider = make_provider(member, countries=["atlantis"])
    change(member, provider, countries=["atlantis", "mexico"])
    assert provider.countries == ["atlantis", "mexico"]
    assert db.session.scalar(select(func.count(Topic.id))) == 1
