from __future__ import annotations

from flask import Flask, g

from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.facts import facts_of
from tests.factories import make_provider, make_user
from tests.moderation.waiting import (
    SERVICE,
    waiting_claim,
    waiting_edit,
    waiting_listing,
    waiting_profile,
    waiting_provider,
    waiting_review,
    waiting_review_edit,
)


def facts(app: Flask, kind: str, number: int, language: str = "en") -> dict[str, tuple[str, str | None]]:
    with app.test_request_context():
        g.language = language
        return {fact.code: (fact.value, fact.old) for fact in facts_of(find_subject(kind, number))}


def test_a_listing_is_shown_as_the_table_will_say_it(app: Flask) -> None:
    listing = waiting_listing()
    assert facts(app, "listing", listing.id)["cost"] == ("MX$4,200", None)
    assert facts(app, "listing", listing.id)["time"] == ("12–18 business days", None)
    assert facts(app, "listing", listing.id, "es")["cost"][0].endswith("MXN")


def test_an_edit_stands_beside_what_it_replaces(app: Flask) -> None:
    edit = waiting_edit()
    found = facts(app, "listing_edit", edit.listing_id)
    assert found["cost"] == ("MX$3,000–4,800", "MX$4,200")
    assert found["service"] == (SERVICE, edit.listing.service)
    profile = waiting_profile()
    assert facts(app, "provider_edit", profile.provider_id)["name"] == ("Another name", profile.provider.name)


def test_a_provider_is_shown_whole(app: Flask) -> None:
    found = facts(app, "provider", waiting_provider().id)
    assert found["languages"][0] == "English, Spanish"
    assert found["countries"][0] == "Mexico"


def test_a_settled_provider_is_shown_with_its_standing_and_what_it_was_told(app: Flask) -> None:
    found = facts(app, "provider", make_provider(status="suspended", note="Show us the licence.").id)
    assert (found["standing"][0], found["note"][0]) == ("Suspended", "Show us the licence.")
    assert {"standing", "note"}.isdisjoint(facts(app, "provider", waiting_provider().id))


def test_a_review_tells_what_was_told(app: Flask) -> None:
    review = waiting_review(real_cost=420000, real_currency="MXN", real_time=1, real_time_unit="weeks")
    found = facts(app, "review", review.id)
    assert (found["real_cost"][0], found["real_time"][0]) == ("MX$4,200", "1 week")
    assert (found["outcome"][0], found["experience_on"][0]) == ("not given", "October 2026")


def test_a_claim_says_whether_the_address_is_one_of_the_website(app: Flask) -> None:
    claim = waiting_claim(make_user(email="me@elsewhere.example"))
    assert facts(app, "claim", claim.id)["domain"][0] == "no, it is a different one"
    host = claim.provider.host
    claim.user = make_user(email=f"me@mail.{host}")
    assert facts(app, "claim", claim.id)["domain"][0] == "yes"
    claim.provider = make_provider(host="", website="", status="unclaimed")
    assert facts(app, "claim", claim.id)["domain"][0] == "no, it is a different one"


def test_an_edit_of_a_review_stands_beside_what_is_shown(app: Flask) -> None:
    edit = waiting_review_edit(real_cost=420000, real_currency="MXN")
    found = facts(app, "review_edit", edit.review_id)
    assert found["text"] == (edit.text, edit.review.text)
    assert (found["rating"], found["real_cost"]) == (("3", "5"), ("MX$4,200", "not given"))
    assert found["experience_on"][0] == found["experience_on"][1]
