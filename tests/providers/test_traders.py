"""Who is behind a provider: what traders must say, and what is not kept of private persons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.accounts.privacy.services import as_file, data_of, erase_account
from marketplace.core.errors import InvalidFields, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.listings.approvals import publish_listing
from marketplace.listings.services import submit_listing
from marketplace.providers.approvals import KEEP_TRADER, apply_provider_edit
from marketplace.providers.desk.pages import needs_of
from marketplace.providers.models import TRADER_LENGTHS, Provider, TraderStatus, trader_columns
from marketplace.providers.registration import change_provider, register_provider
from marketplace.providers.traders import is_contact, read_trader, read_vat_number
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user

TRADER = {
    "trader": "trader",
    "legal_name": " Ocotillo Trámites S.L. ",
    "legal_form": "S.L.",
    "address": "Calle Mayor 1\n28013 Madrid",
    "seat": "ES",
    "register_name": "Registro Mercantil de Madrid",
    "register_number": "M-123456",
    "vat_number": "es B-58378431",
    "contact": "oficina@casa.example",
}
PROFILE: dict[str, Any] = {
    "name": "Casa Ocotillo",
    "website": "https://www.casa.example/",
    "description": "",
    "languages": ["es"],
    "countries": [],
}


def test_what_a_trader_says_is_tidied() -> None:
    columns, problems = read_trader(TRADER)
    assert problems == {}
    assert columns == {**TRADER, "legal_name": "Ocotillo Trámites S.L.", "vat_number": "B58378431"}


def test_register_and_vat_number_may_be_missing() -> None:
    assert read_trader({**TRADER, "register_name": "", "register_number": "", "vat_number": ""})[1] == {}


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"trader": ""}, {"trader": "trader_missing"}),
        ({"trader": "asked"}, {"trader": "trader_missing"}),
        ({"legal_name": " \n"}, {"legal_name": "legal_name_missing"}),
        ({"legal_name": "x" * 201}, {"legal_name": "trader_long"}),
        ({"legal_form": ""}, {"legal_form": "legal_form_missing"}),
        ({"address": ""}, {"address": "address_missing"}),
        ({"seat": ""}, {"seat": "seat_missing"}),
        ({"seat": "XX"}, {"seat": "seat_missing"}),
        ({"register_number": ""}, {"register_number": "register_half"}),
        ({"register_name": ""}, {"register_name": "register_half"}),
        ({"vat_number": "B58378432"}, {"vat_number": "vat_number_wrong"}),
        ({"contact": ""}, {"contact": "contact_missing"}),
        ({"contact": "write to us"}, {"contact": "contact_wrong"}),
    ],
)
def test_each_wrong_field_is_named(changes: dict[str, str], problems: dict[str, str]) -> None:
    assert read_trader({**TRADER, **changes})[1] == problems


def test_nothing_is_kept_of_a_private_person_but_that() -> None:
    columns, problems = read_trader({**TRADER, "trader": "private", "vat_number": "nonsense"})
    assert problems == {}
    assert columns == {"trader": "private", **dict.fromkeys(TRADER_LENGTHS, "")}


@pytest.mark.parametrize(
    ("country", "typed", "number"),
    [
        ("DE", "DE 136 695 976", "136695976"),
        ("DE", "136695978", None),
        ("GR", "EL 094259216", "094259216"),
        ("MX", "COC140301AB9", "COC140301AB9"),
        ("GB", "980 7806 84", "980780684"),
        ("US", "12-3456789", "12-3456789"),
        ("US", "none", None),
        ("US", "<script>", None),
        ("BO", "x" * 40, None),
    ],
)
def test_a_vat_number_is_checked_where_its_country_s_numbers_are_known(
    country: str, typed: str, number: str | None
) -> None:
    assert read_vat_number(country, typed) == number


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a@b.example", True),
        ("+34 91 123 45 67", True),
        ("(0)30 / 1234-567", True),
        ("a@b", False),
        ("a@b.example, c@d.example", False),
        ("123", False),
        ("https://casa.example/contact", False),
    ],
)
def test_a_contact_is_one_address_or_one_number(text: str, good: bool) -> None:
    assert is_contact(text) is good


@pytest.fixture
def member(app: Flask) -> User:
    return make_user()


def registered(member: User, **changes: Any) -> Provider:
    typed = {**PROFILE, "trader": TRADER, "lawful": True, **changes}
    return register_provider(actor=member, now=NOON, **typed).provider


def test_a_registration_says_who_is_behind_it_and_that_its_services_are_lawful(member: User) -> None:
    provider = registered(member)
    assert trader_columns(provider) == read_trader(TRADER)[0]
    assert provider.lawful_at == NOON
    with pytest.raises(InvalidFields) as refusal:
        registered(make_user(), website="https://b.example", lawful=False, trader={})
    assert refusal.value.fields == {"trader": "trader_missing", "lawful": "lawful_missing"}


def test_a_change_of_an_active_provider_waits_and_the_declaration_holds_at_once(member: User) -> None:
    provider = make_provider(member, trader="asked", legal_name="", lawful_at=None, **PROFILE)
    later = NOON + timedelta(days=1)
    change_provider(actor=member, provider=provider, now=later, trader=TRADER, lawful=True, **PROFILE)
    assert (provider.trader, provider.legal_name, provider.lawful_at) == ("asked", "", later)
    edit = provider.edit
    assert edit is not None
    assert needs_of(provider) == [], "asked until it is sent"
    apply_provider_edit(edit, now=later)
    assert trader_columns(provider) == read_trader(TRADER)[0]
    change_provider(actor=member, provider=provider, now=later, trader=TRADER, lawful=None, **PROFILE)
    assert provider.edit is None


def test_an_edit_from_before_takes_nothing_away(member: User) -> None:
    provider = make_provider(member, name="Casa")
    change_provider(actor=member, provider=provider, now=NOON, **PROFILE)
    assert provider.edit is not None
    apply_provider_edit(provider.edit, now=NOON)
    assert (provider.name, provider.trader) == ("Casa Ocotillo", "trader")


@pytest.mark.parametrize("status", TraderStatus)
def test_nothing_new_goes_live_before_its_provider_has_said_who_is_behind_it(
    member: User, status: TraderStatus
) -> None:
    provider = make_provider(member, trader=status)
    draft = make_listing(make_topic(), provider, status="draft")
    waiting = make_listing(make_topic(), provider, status="pending")
    assert len(needs_of(provider)) == (status in ("unknown", "asked"))
    if status != TraderStatus.UNKNOWN:
        submit_listing(actor=member, listing=draft, now=NOON)
        publish_listing(waiting, now=NOON)
        return
    with pytest.raises(NotAllowed, match="trader_unknown"):
        submit_listing(actor=member, listing=draft, now=NOON)
    with pytest.raises(NotAllowed, match="trader_unknown"):
        publish_listing(waiting, now=NOON)


def test_the_copy_has_it_and_the_last_member_takes_it_along(member: User, clock: FrozenClock) -> None:
    provider, shared = registered(member), make_provider(member, legal_name="Shared S.L.")
    shared.members.append(type(shared.members[0])(user_id=make_user().id, created_at=NOON))
    db.session.flush()
    (mine, _) = as_file(data_of(member))["providers"]
    assert (mine["legal_name"], mine["address"]) == ("Ocotillo Trámites S.L.", TRADER["address"])
    erase_account(member, take_down=False, now=NOON)
    db.session.commit()
    assert trader_columns(provider) == {"trader": "unknown", **dict.fromkeys(TRADER_LENGTHS, "")}
    assert (shared.trader, shared.legal_name) == ("trader", "Shared S.L.")
    clock.advance(timedelta(days=180))
    run_due()
    db.session.expire_all()
    assert provider.address == TRADER["address"], "kept as long as the law asks, told to nobody"
    clock.advance(KEEP_TRADER)
    run_due()
    db.session.expire_all()
    assert {getattr(provider, name) for name in TRADER_LENGTHS} == {""}
    assert shared.legal_name == "Shared S.L."
