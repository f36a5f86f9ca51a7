"""What can be done with an account."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.services import (
    change_details,
    find_user,
    make_staff,
    name_changed,
    request_confirmation,
    request_reset,
)
from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
from tests.factories import make_user

LANGUAGES = ("en", "es")


@pytest.fixture
def renamed() -> Any:
    """The users whose change of name was told."""
    found: list[User] = []

    def note(sender: object, user: User) -> None:
        found.append(user)

    name_changed.connect(note)
    yield found
    name_changed.disconnect(note)


def test_an_account_is_found_in_whatever_case_its_address_is_written(app: Flask) -> None:
    user = make_user(email="Anna@Example.com")
    assert user.email == "anna@example.com"
    assert find_user("ANNA@example.COM") is user
    assert find_user("other@example.com") is None


def test_name_and_language_change_and_the_change_of_name_is_told(app: Flask, renamed: list[User]) -> None:
    user = make_user(name="Anna")
    change_details(user, name=" Ana  María ", language="es", languages=LANGUAGES)
    assert (user.name, user.language, renamed) == ("Ana María", "es", [user])


def test_the_same_name_again_is_no_change(app: Flask, renamed: list[User]) -> None:
    change_details(make_user(name="Anna"), name="Anna", language="es", languages=LANGUAGES)
    assert renamed == []


def test_a_name_that_is_none_changes_nothing(app: Flask, renamed: list[User]) -> None:
    user = make_user(name="Anna")
    with pytest.raises(Invalid):
        change_details(user, name="", language="es", languages=LANGUAGES)
    assert (user.name, user.language, renamed) == ("Anna", "en", [])


def test_a_language_that_nobody_offers_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid) as caught:
        change_details(make_user(), name="Anna", language="xx", languages=LANGUAGES)
    assert caught.value.field == "language"


def test_a_language_without_translation_may_be_kept(app: Flask) -> None:
    user = make_user(language="de")
    change_details(user, name="Anna", language="de", languages=LANGUAGES)
    assert user.language == "de"


@pytest.mark.parametrize("ask", [request_reset, request_confirmation])
def test_asking_for_a_link_looks_nobody_up(app: Flask, count_queries: Any, ask: Any) -> None:
    """Neither the answer nor the time it takes tells whether there is an account."""
    make_user(email="anna@example.com", confirmed=False)
    db.session.commit()
    seen = []
    for email in ("anna@example.com", "nobody@example.com"):
        with count_queries(app) as statements:
            ask(email, "en")
            db.session.commit()
        seen.append(statements)
    assert seen[0] == seen[1]
    assert "user" not in "".join(seen[0])


def test_a_staff_account_is_made_confirmed_and_without_a_password(app: Flask) -> None:
    user, created = make_staff("Boss@Example.com", "admin")
    assert created
    assert (user.email, user.role, user.password) == ("boss@example.com", "admin", None)
    assert user.confirmed_at is not None


def test_a_member_is_promoted_and_keeps_the_password(app: Flask) -> None:
    member = make_user(email="anna@example.com")
    password, session = member.password, member.fs_uniquifier
    user, created = make_staff("anna@example.com", "moderator")
    assert (user, created, user.role) == (member, False, "moderator")
    assert (user.password, user.fs_uniquifier) == (password, session)


def test_who_signed_up_with_an_address_that_is_not_theirs_does_not_become_staff(app: Flask) -> None:
    squatter = make_user(email="boss@example.com", confirmed=False)
    session = squatter.fs_uniquifier
    user, _ = make_staff("boss@example.com", "admin")
    assert user.password is None
    assert user.fs_uniquifier != session


def test_making_staff_again_changes_the_role_only(app: Flask) -> None:
    make_staff("boss@example.com", "admin")
    user, created = make_staff("boss@example.com", "moderator")
    assert (created, user.role) == (False, "moderator")
    assert db.session.scalars(select(User)).all() == [user]
