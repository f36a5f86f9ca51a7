"""One business under several spellings: what counts as one, what merging moves, and what forbids it."""

from __future__ import annotations

import json
import unicodedata

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.extensions import db
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.services import export_rows, import_records
from marketplace.listings.models import Listing
from marketplace.moderation.models import Flag, LogEntry
from marketplace.providers.membership import members_of
from marketplace.providers.merging import merge_problems, merge_provider, propose_merges, with_merged
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit, ProviderMember
from marketplace.providers.registration import provider_with_host
from marketplace.reviews.models import Review
from tests.clients import Client, Runner
from tests.factories import (
    NOON,
    make_listing,
    make_provider,
    make_reply,
    make_review,
    make_topic,
    make_user,
    sign_in,
)
from tests.moderation.waiting import waiting_flag
from tests.providers.test_registration import change, register

SPELLINGS = (
    "Gestoría Peña",
    "GESTORÍA PEÑA",
    "Gestoría\u00a0Peña",
    "Gestoría   Peña",
    unicodedata.normalize("NFD", "gestoría peña"),
    "Gestoría\u200e Peña",
)


def twins(**values: object) -> tuple[Provider, Provider]:
    """Two rows that were made before names were compared: the second is told apart by its id."""
    host = {"host": "pena.example", "website": "https://pena.example/"}
    into = make_provider(slug="pena", name=SPELLINGS[0], **host)
    gone = make_provider(slug="pena-2", name="Peña Gestoría", **host, **values)
    gone.name, gone.name_key = SPELLINGS[1], f"{into.name_key}\x01{gone.id}"
    db.session.commit()
    return gone, into


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_import_finds_the_provider_however_its_name_is_spelled(app: object, spelling: str) -> None:
    topic = make_topic("peru", "peru-card")
    provider = make_provider(name=SPELLINGS[0], host="pena.example", website="https://pena.example/")
    db.session.commit()
    cells = {
        "topic": topic.key,
        "provider": spelling,
        "website": "https://www.pena.example/",
        "cost_basis": "free",
    }
    report = import_records([Record(2, cells), Record(3, {**cells, "provider": spelling + " "})], now=NOON)
    assert (report.created, report.updated, report.refused) == (1, 1, [])
    assert db.session.scalars(select(Listing.provider_id)).all() == [provider.id]


def test_other_accents_are_another_name(app: object) -> None:
    make_provider(name="Peña", host="a.example")
    make_provider(name="Pena", host="a.example")
    db.session.commit()


def test_a_registration_and_a_changed_name_meet_the_provider_that_is_there(app: object) -> None:
    owner, other = make_user(), make_user()
    make_topic("mexico")
    first = make_provider(
        owner=owner, name=SPELLINGS[0], host="pena.example", website="https://pena.example/"
    )
    for name in SPELLINGS:
        found = provider_with_host("pena.example", name)
        assert found is not None
        assert found.id == first.id
    second = make_provider(owner=other, name="Other", host="pena.example", website="https://pena.example/b")
    with pytest.raises(Invalid, match="website_taken"):
        change(other, second, name=SPELLINGS[3], website="https://pena.example/")
    claim = register(make_user(), name=SPELLINGS[4], website="https://pena.example/").claim
    assert claim is not None
    assert claim.provider_id == first.id


def test_merging_moves_everything_and_the_old_addresses_lead_on(client: Client) -> None:
    gone, into = twins()
    both, alone = make_topic("peru", "peru-card"), make_topic("peru", "peru-visa")
    kept, theirs = make_listing(both, into, status="withdrawn"), make_listing(both, gone, fee_min=777700)
    moved = make_listing(alone, gone)
    author, claimant = make_user(), make_user()
    first = make_review(theirs, author)
    make_review(moved, author)
    make_reply(first, provider_id=gone.id)
    waiting_flag(subject="listing", review_id=None, listing_id=theirs.id, provider_id=gone.id)
    db.session.add(ProviderClaim(provider_id=gone.id, user_id=claimant.id, submitted_at=NOON))
    db.session.commit()
    stems = {topic.id: topic.guides[0].stem for topic in (both, alone)}
    merge_provider(gone, into, now=NOON)
    db.session.commit()

    assert (kept.status, kept.fee_min, theirs.status) == ("published", 777700, "withdrawn")
    assert moved.provider_id == into.id
    written = select(Review.listing_id).where(Review.user_id == author.id)
    assert set(db.session.scalars(written)) == {kept.id, moved.id}
    assert (kept.review_count, theirs.review_count) == (1, 0)
    flag = db.session.scalars(select(Flag)).one()
    assert (flag.provider_id, flag.listing_id) == (into.id, kept.id)
    assert db.session.scalars(select(ProviderClaim.provider_id)).all() == [into.id]
    assert [row[1] for row in export_rows() if row[0].startswith("peru")] == [into.name] * 2

    def leads_to(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 301
        return answer.headers["Location"]

    assert leads_to("/es/providers/pena-2/") == "/es/providers/pena/"
    for topic in (both, alone):
        start = f"/guides/peru/{stems[topic.id]}"
        assert leads_to(f"{start}/pena-2/") == f"{start}/pena/"
        assert "pena-2" not in client.get(f"{start}/").text
    assert propose_merges() == []


def test_chains_of_merges_lead_to_the_last(client: Client) -> None:
    gone, into = twins()
    merge_provider(gone, into, now=NOON)
    last = make_provider(slug="last", name="Peña y Hijos", host="pena.example")
    merge_provider(into, last, now=NOON)
    db.session.commit()
    assert client.get("/providers/pena-2/").headers["Location"] == "/providers/last/"
    assert client.get("/providers/pena/").headers["Location"] == "/providers/last/"


def test_only_providers_in_good_or_no_standing_are_merged(app: Flask) -> None:
    gone, into = twins()
    suspended = make_provider(status="suspended")
    assert merge_problems(gone, into) == []
    assert merge_problems(gone, suspended) == ["merge_standing"]
    assert merge_problems(into, into) == ["merge_standing"]
    with pytest.raises(Conflict, match="merge_standing"):
        merge_provider(gone, suspended, now=NOON)


def test_members_manage_the_one_that_stays_and_old_addresses_of_the_desk_lead_there(client: Client) -> None:
    ana, ben = make_user(), make_user()
    gone, into = twins(owner=ana)
    for member in (ana, ben):
        db.session.add(ProviderMember(provider_id=into.id, user_id=member.id, created_at=NOON))
        db.session.flush()
    db.session.delete(db.session.get_one(ProviderMember, (into.id, ana.id)))
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    assert [user.id for user in members_of(into.id)] == [ana.id, ben.id]
    assert members_of(gone.id) == []
    sign_in(client, ana)
    assert into.name in client.get("/manage/pena-2/").text


def test_members_of_a_registration_that_nobody_accepted_ask_for_it(app: Flask) -> None:
    ana = make_user()
    gone, into = twins(owner=ana, status="pending", vat_number="ESB00000000", description="Ours.")
    into.vat_number = ""
    merge_provider(gone, into, now=NOON)
    claim = db.session.scalars(select(ProviderClaim)).one()
    assert (claim.user_id, claim.provider_id, claim.status, claim.message) == (
        ana.id,
        into.id,
        "pending",
        "Ours.",
    )
    assert members_of(into.id) == []
    assert into.vat_number == "", "no moderator has read it"


def test_what_one_of_them_says_fills_the_gaps_of_the_other(app: Flask) -> None:
    gone, into = twins(description="Papers.", countries=["peru"], flags_made=2, warned_at=NOON)
    into.description, into.trader, into.flags_made = "", "asked", 3
    merge_provider(gone, into, now=NOON)
    assert (into.description, into.countries, into.flags_made) == ("Papers.", ["mexico", "peru"], 5)
    assert (into.trader, into.warned_at) == ("trader", NOON)
    assert (gone.legal_name, gone.website, gone.host, gone.description) == ("", "", "", "")


@pytest.mark.parametrize("has_own", [False, True])
def test_a_change_that_waits_waits_for_the_one_that_stays(app: Flask, has_own: bool) -> None:
    ana = make_user()
    gone, into = twins(owner=ana)
    change(ana, gone, description="Theirs.")
    if has_own:
        db.session.add(ProviderMember(provider_id=into.id, user_id=ana.id, created_at=NOON))
        db.session.flush()
        change(ana, into, description="Ours.")
    db.session.commit()
    version = max(gone.version, into.version)
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    edit = db.session.scalars(select(ProviderEdit)).one()
    assert (edit.provider_id, edit.description) == (into.id, "Ours." if has_own else "Theirs.")
    assert into.edit is edit
    assert has_own or edit.version > version, "no decision on another edit fits it"


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [("pending", "rejected", "ours"), ("rejected", "pending", "theirs"), ("rejected", "rejected", "ours")],
)
def test_of_two_claims_of_one_person_one_stays(app: Flask, ours: str, theirs: str, kept: str) -> None:
    gone, into = twins()
    claimant = make_user()
    for provider, status, words in ((into, ours, "ours"), (gone, theirs, "theirs")):
        about = {"provider_id": provider.id, "user_id": claimant.id, "message": words}
        db.session.add(ProviderClaim(**about, status=status, submitted_at=NOON))
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    claim = db.session.scalars(select(ProviderClaim)).one()
    assert (claim.provider_id, claim.message) == (into.id, kept)


def test_an_import_finds_the_one_that_stays_also_where_the_other_had_the_plain_key(app: Flask) -> None:
    double, first = twins()
    make_topic("peru", "peru-card")
    merge_provider(first, double, now=NOON)
    db.session.commit()
    cells = {
        "topic": "peru-card",
        "provider": SPELLINGS[0],
        "website": "https://pena.example/",
        "cost_basis": "free",
    }
    import_records([Record(2, cells)], now=NOON)
    assert db.session.scalars(select(Listing.provider_id)).all() == [double.id]


def test_one_of_two_doubles_can_change_what_it_says_and_keeps_its_name(app: Flask) -> None:
    ana = make_user()
    gone, into = twins(owner=ana, status="pending")
    change(ana, gone, description="More.", website="https://pena.example/")
    assert (gone.description, gone.name_key) == ("More.", f"{into.name_key}\x01{gone.id}")
    change(ana, gone, name="Peña e Hijos", website="https://other.example/")
    assert gone.name_key == "peña e hijos"


def test_the_operators_merge_stands_in_the_log(app: Flask) -> None:
    gone, into = twins()
    merge_provider(gone, into, now=NOON)
    lines = db.session.scalars(select(LogEntry).order_by(LogEntry.id))
    assert [(line.action, line.subject_id, line.actor_id) for line in lines] == [
        ("merge", gone.id, None),
        ("merge_into", into.id, None),
    ]
    assert set(db.session.scalars(with_merged(into.id))) == {gone.id, into.id}


def test_the_command_proposes_and_merges_what_is_confirmed(runner: Runner, client: Client) -> None:
    twins(status="unclaimed")
    asked = runner.invoke(args=["providers", "duplicates", "--json"])
    report = json.loads(asked.stdout)
    assert report == {
        "proposed": 1,
        "merged": 0,
        "refused": [],
        "proposals": [{"keep": "pena", "merge": ["pena-2"]}],
    }
    runner.invoke(args=["providers", "duplicates", "--merge"], input="n\n")
    assert client.get("/providers/pena-2/").status_code == 200
    said = runner.invoke(args=["providers", "duplicates", "--merge"], input="y\n")
    assert (said.exit_code, said.stdout) == (0, "1 proposed, 1 merged, 0 refused.\n")
    assert client.get("/providers/pena-2/").status_code == 301
    assert runner.invoke(args=["providers", "duplicates", "--yes"]).exit_code == 2


def test_nobody_is_asked_with_json_and_only_spellings_of_one_name_are_merged(runner: Runner) -> None:
    twins()
    make_provider(slug="third", name="Gestoria-Pena", host="pena.example")
    db.session.commit()
    report = json.loads(runner.invoke(args=["providers", "duplicates", "--merge", "--json"], input="").stdout)
    assert (report["merged"], report["proposals"]) == (1, [{"keep": "pena", "merge": ["pena-2", "third"]}])
    assert (
        json.loads(runner.invoke(args=["providers", "duplicates", "--merge", "--yes", "--json"]).stdout)[
            "merged"
        ]
        == 1
    )


def test_the_command_names_what_cannot_be_merged(runner: Runner) -> None:
    twins(status="suspended")
    result = runner.invoke(args=["providers", "duplicates", "--merge", "--yes", "--json"])
    report = json.loads(result.stdout)
    reason = "only unclaimed, pending and active providers can be merged"
    assert (report["merged"], report["refused"]) == (0, [{"path": "/providers/pena-2/", "reason": reason}])


def test_without_an_answer_nothing_is_merged(runner: Runner) -> None:
    twins()
    said = runner.invoke(args=["providers", "duplicates", "--merge"], input="")
    assert (said.exit_code, said.stdout) == (0, "1 proposed, 0 merged, 0 refused.\n")
