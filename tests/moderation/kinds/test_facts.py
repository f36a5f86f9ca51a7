from __future__ import annotations

from flask import Flask, g

from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Flag
from tests.factories import make_provider, make_user
from tests.moderation.appeals.test_visitors import appeal, dismissed
from tests.moderation.deciding import subject_of
from tests.moderation.reporting import READER, reported, shown_review, unconfirmed
from tests.moderation.waiting import (
    APPEAL,
    EXPLANATION,
    SERVICE,
    STATEMENT,
    waiting_appeal,
    waiting_claim,
    waiting_edit,
    waiting_listing,
    waiting_profile,
    waiting_provider,
    waiting_reply,
    waiting_review,
    waiting_review_edit,
)


def facts(app: Flask, kind: str, number: int, language: str = "en") -> dict[str, tuple[str, str | None]]:
    with app.test_request_context():
        g.language = language
        return {fact.code: (fact.value, fact.old) for fact in find_subject(kind, number).facts()}


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


def test_an_appeal_stands_beside_what_was_decided(app: Flask) -> None:
    with app.test_request_context():
        facts = {fact.code: fact.value for fact in subject_of("appeal", waiting_appeal()).facts()}
    assert facts["about"] == "Review"
    assert facts["decision"] == "Rejected"
    assert facts["statement"] == STATEMENT
    assert facts["text"] == APPEAL


def test_who_appeals_is_named_with_or_without_an_account(app: Flask) -> None:
    member, flag = waiting_appeal(make_user(name="Ana A.")), dismissed()
    visitor = appeal(flag)
    with app.test_request_context():
        for made, name in ((member, "Ana A."), (visitor, "Rea")):
            assert {fact.code: fact.value for fact in subject_of("appeal", made).facts()}["appellant"] == name
        flag.name, flag.email = "", None
        db.session.commit()
        left = {fact.code: fact.value for fact in subject_of("appeal", visitor).facts()}
    assert left["appellant"] == "someone who has left"


def flag_facts(app: Flask, flag: Flag) -> dict[str, str]:
    with app.test_request_context():
        return {fact.code: fact.value for fact in subject_of("flag", flag).facts()}


def test_a_moderator_reads_what_and_why_and_from_whom(app: Flask) -> None:
    owner = make_user(name="Olga Owner")
    review = shown_review(owner)
    shown = flag_facts(app, reported(review, owner))
    assert shown["reason"] == "Fake, bought or written under pressure"
    assert shown["explanation"] == EXPLANATION
    assert shown["reporter"] == "Olga Owner"
    assert shown["by_provider"] == review.listing.provider.name
    assert shown["language"] == "English"


def test_visitors_are_named_as_they_wish_and_forgotten_ones_are_not(app: Flask) -> None:
    flag = unconfirmed(shown_review())
    assert flag_facts(app, flag)["reporter"] == "Rea"
    flag.name = ""
    assert flag_facts(app, flag)["reporter"] == READER
    flag.email = None
    db.session.commit()
    assert flag_facts(app, flag)["reporter"] == "someone who has left"
    assert "by_provider" not in flag_facts(app, flag)


def test_a_new_reply_stands_alone_and_an_edit_beside_what_is_shown(app: Flask) -> None:
    with app.test_request_context():
        g.language = "es"
        fresh = {fact.code: (fact.value, fact.old) for fact in subject_of("reply", waiting_reply()).facts()}
        assert fresh["language"] == ("inglés", None)
        assert fresh["text"][1] is None
        edit = waiting_reply(text="Other words.", shown_text="What was said.", shown_language="es")
        changed = {fact.code: (fact.value, fact.old) for fact in subject_of("reply", edit).facts()}
        assert changed == {"text": ("Other words.", "What was said."), "language": ("inglés", "español")}
