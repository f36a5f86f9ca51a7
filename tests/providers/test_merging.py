"""One business under several spellings: what counts as one, what merging moves, and what forbids it."""

from __future__ import annotations

import json
import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.services import export_rows, import_records
from marketplace.listings.models import Listing
from marketplace.moderation.models import Flag
from marketplace.providers.merging import merge_problems, merge_provider, propose_merges
from marketplace.providers.models import Provider, ProviderClaim
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


def test_what_forbids_a_merge_is_named(app: object) -> None:
    ana, ben, author = make_user(), make_user(), make_user()
    gone, into = twins(owner=ana)
    topic: Topic = make_topic("peru", "peru-card")
    theirs, ours = make_listing(topic, gone), make_listing(topic, into)
    make_review(theirs, author)
    make_review(ours, author, submitted_at=NOON - timedelta(days=300))
    assert merge_problems(gone, into) == ["merge_members", "merge_reviewed_twice"]
    suspended = make_provider(owner=ben, status="suspended")
    assert merge_problems(into, suspended) == ["merge_standing"]
    assert merge_problems(into, into) == ["merge_standing", *merge_problems(into, into)[1:]]


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


def test_the_command_names_what_cannot_be_merged(runner: Runner) -> None:
    owners: list[User] = [make_user(), make_user()]
    _, into = twins(owner=owners[0])
    into.note = ""
    make_provider(owner=owners[1], slug="third", name="Gestoría-Peña", host="pena.example")
    db.session.commit()
    result = runner.invoke(args=["providers", "duplicates", "--merge", "--yes", "--json"])
    report = json.loads(result.stdout)
    assert report["merged"] == 1, "the one that nobody manages goes into the oldest that has a member"
    assert [entry["path"] for entry in report["refused"]] == ["/providers/third/"]
