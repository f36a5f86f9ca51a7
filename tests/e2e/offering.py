"""The provider's pages: registering, the form of a listing, the desk."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


@dataclass(frozen=True)
class Offer:
    """What the provider of the story offers."""

    name: str
    slug: str
    host: str
    fee_min: str
    fee_max: str
    service: str = "We fill in every form, talk to the office & the bank, and sit beside you when you *sign*."


def register_business(person: Visitor, offer: Offer) -> None:
    """Register, after a website that is none."""
    person.look("register")
    person.fill(
        name=offer.name,
        website=offer.host.partition(".")[0],
        description="Two people and a van.",
        languages="fr",
    )
    person.press()
    person.expect_error_summary("website", "trader-0", "lawful")
    person.look("register-mistake", again=False)
    expect(person.field("name")).to_have_value(offer.name)
    expect(person.page.locator("[name='languages'][value='fr']")).to_be_checked()
    person.fill(website=f"https://{offer.host}/papers?a=1&b=2", trader="trader", seat="ES", lawful="y")
    person.fill(legal_name=f"{offer.name} S.L.", legal_form="S.L.", address="Calle Mayor 1")
    person.fill(contact=f"office@{offer.host}")
    person.press()


def write_listing(person: Visitor, offer: Offer) -> None:
    """Write the listing of the topic that the guide named: mistakes, preview, send."""
    person.look("listing-form", dark=True)
    typed = {"service": offer.service, "fee_min": offer.fee_max, "fee_max": offer.fee_min, "time_min": "6"}
    choices = {"cost_basis": "range", "official_fee_kind": "unknown", "time_from": "documents_complete"}
    person.fill(**typed, **choices, time_max="4", time_unit="weeks")
    person.press("send")
    person.expect_error_summary("fee_max", "time_max")
    person.look("listing-mistakes", again=False, dark=True)
    for name, value in {**typed, "time_max": "4", "cost_basis": "range"}.items():
        expect(person.field(name)).to_have_value(value)
    expect(person.page.locator("[name='official_fee_kind'][value='unknown']")).to_be_checked()

    person.fill(fee_min=offer.fee_min, fee_max=offer.fee_max, time_max="10")
    person.press("preview")
    expect(person.page.locator("#preview")).to_be_focused()
    expect(person.page.locator(".offers-preview")).to_have_count(2)
    person.look("listing-preview", again=False)
    person.press("send")
    expect(person.page.locator("main [role='status']")).to_be_visible()
    person.look("desk-listings")


def look_at_the_desk(person: Visitor, name: str) -> None:
    """The desk's first page."""
    person.open("/manage/")
    person.look(name)
