from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.errors import Conflict, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.listings.models import Listing
from marketplace.reviews.invitations.accepting import opt_out
from marketplace.reviews.invitations.inviting import (
    BATCH_LIMIT,
    MONTHLY_LIMIT,
    ClientList,
    invite_clients,
    plan_batch,
)
from marketplace.reviews.invitations.models import Invite, InviteBatch
from tests.factories import NOON, make_listing, make_topic, make_user
from tests.reviews.asking import (
    OCTOBER,
    SEPTEMBER,
    ask,
    client_list,
    in_parallel,
    invite_of,
    invited,
    offered,
    secret,
)


def plan(listing: Listing, member: Any, clients: ClientList, now: Any = NOON) -> Any:
    return plan_batch(listing, clients, actor=member, secret=secret(), now=now)


def refused(listing: Listing, member: Any, clients: ClientList, now: Any = NOON) -> dict[str, str]:
    with pytest.raises(InvalidFields) as caught:
        invite_clients(listing, clients, actor=member, secret=secret(), now=now)
    assert db.session.scalar(select(func.count(InviteBatch.id)).where(InviteBatch.created_at == now)) == 0
    return caught.value.fields


def people(count: int, start: int = 0) -> str:
    return "\n".join(f"client{number}@one.example" for number in range(start, start + count))


@pytest.mark.usefixtures("no_jobs")
def test_a_list_is_kept_with_hashes_and_mailed_by_a_job(app: Flask) -> None:
    listing, member = offered()
    clients = client_list("Ana <ANA@one.example>, bo@one.example", language="es")
    batch = invite_clients(listing, clients, actor=member, secret=secret(), now=NOON)
    db.session.commit()
    assert (batch.period_from, batch.period_to, batch.user_id) == (*OCTOBER, member.id)
    invites = db.session.scalars(select(Invite).order_by(Invite.id)).all()
    assert [(one.address, one.state, one.language) for one in invites] == [
        ("ana@one.example", "waiting", "es"),
        ("bo@one.example", "waiting", "es"),
    ]
    assert len({one.nonce for one in invites}) == 2
    assert listing.invited_count == 2
    assert db.session.scalar(select(Job.task)) == "reviews.send_invites"


def test_only_a_member_of_the_provider_invites(app: Flask) -> None:
    listing, _ = offered()
    for stranger in (make_user(), make_user("admin"), offered()[1]):
        with pytest.raises(NotFound):
            plan(listing, stranger, client_list("a@one.example"))


def test_the_address_of_the_member_must_be_confirmed(app: Flask) -> None:
    listing, member = offered()
    member.confirmed_at = None
    with pytest.raises(NotAllowed):
        plan(listing, member, client_list("a@one.example"))


def test_a_suspended_provider_and_a_listing_out_of_sight_invite_nobody(app: Flask) -> None:
    listing, member = offered(status="paused")
    with pytest.raises(Conflict):
        plan(listing, member, client_list("a@one.example"))
    listing.status, listing.provider.status = "published", "pending"
    with pytest.raises(Conflict):
        plan(listing, member, client_list("a@one.example"))
    listing.provider.status = "suspended"
    with pytest.raises(NotAllowed):
        plan(listing, member, client_list("a@one.example"))


@pytest.mark.parametrize(
    ("period", "fields"),
    [
        ((None, None), {"period_from": "period_missing", "period_to": "period_missing"}),
        ((date(2026, 10, 1), date(2026, 11, 25)), {"period_to": "period_future"}),
        ((date(2025, 11, 22), date(2026, 1, 1)), {"period_from": "period_old"}),
        ((date(2026, 10, 31), date(2026, 10, 1)), {"period_to": "period_order"}),
        ((date(2026, 10, 1), date(2026, 10, 27)), {"period_to": "period_short"}),
    ],
)
def test_a_period_that_breaks_a_rule_is_refused(app: Flask, period: Any, fields: dict[str, str]) -> None:
    listing, member = offered()
    assert refused(listing, member, client_list("a@one.example", period)) == fields


def test_the_longest_and_the_shortest_period_are_taken(app: Flask) -> None:
    listing, member = offered()
    today_far_east = (date(2026, 10, 1), date(2026, 11, 24))  # it is noon in UTC on the 23rd
    assert plan(listing, member, client_list("a@one.example", today_far_east)).clients
    assert plan(
        listing, member, client_list("a@one.example", (date(2025, 11, 23), date(2026, 11, 23)))
    ).clients
    assert plan(
        listing, member, client_list("a@one.example", (date(2026, 10, 1), date(2026, 10, 28)))
    ).clients


def test_no_day_is_given_twice_for_a_listing(app: Flask) -> None:
    listing, member = offered()
    ask(listing, "a@one.example")
    overlapping = client_list("b@one.example", (date(2026, 10, 20), date(2026, 11, 20)))
    assert refused(listing, member, overlapping, NOON + timedelta(hours=1)) == {"period_from": "period_taken"}
    other = make_listing(make_topic(), listing.provider)
    assert plan(other, member, overlapping).clients


def test_every_mistake_is_named_at_once(app: Flask) -> None:
    listing, member = offered()
    wrong = client_list("nobody", (None, OCTOBER[1]), language="xx", declared=False)
    assert refused(listing, member, wrong) == {
        "period_from": "period_missing",
        "addresses": "addresses_missing",
        "language": "language_unknown",
        "declared": "not_declared",
    }


def test_a_list_has_its_limits(app: Flask) -> None:
    listing, member = offered()
    assert refused(listing, member, client_list(people(BATCH_LIMIT + 1))) == {
        "addresses": "too_many_addresses"
    }
    assert refused(listing, member, client_list("x@one.example\n" * 10_000)) == {
        "addresses": "too_many_lines"
    }


def test_a_provider_has_a_limit_a_month_over_all_its_listings(app: Flask) -> None:
    listing, member = offered()
    batch = ask(listing, "first@one.example")
    values = {"batch_id": batch.id, "language": "en", "nonce": "n"}
    db.session.add_all(Invite(address_hash=f"{number}", **values) for number in range(MONTHLY_LIMIT - 3))
    other = make_listing(make_topic(), listing.provider)
    db.session.flush()
    later = NOON + timedelta(days=1)
    assert refused(other, member, client_list(people(3)), later) == {"addresses": "month_full"}
    assert len(plan(other, member, client_list(people(2)), later).clients) == 2
    assert len(plan(other, member, client_list(people(3)), NOON + timedelta(days=31)).clients) == 3


def test_a_year_of_lists_is_all_that_fits(app: Flask) -> None:
    listing, member = offered()
    taken, day = 0, date(2025, 11, 23)
    while taken < 20:
        clients = client_list(f"c{taken}@one.example", (day, day + timedelta(days=27)))
        try:
            invite_clients(listing, clients, actor=member, secret=secret(), now=NOON)
        except InvalidFields:
            break
        taken, day = taken + 1, day + timedelta(days=28)
    assert taken == 13


def test_members_of_the_provider_are_no_clients(app: Flask) -> None:
    listing, member = offered()
    found = plan(listing, member, client_list(f"a@one.example\nMe <{member.email.upper()}>"))
    assert list(found.clients.values()) == ["a@one.example"]
    assert [(one.line, one.text, one.reason) for one in found.unread] == [(2, member.email, "member")]
    assert refused(listing, member, client_list(member.email)) == {"addresses": "addresses_missing"}


def test_nobody_is_written_to_twice_within_a_year(app: Flask) -> None:
    listing, member = offered()
    ask(listing, "a@one.example", period=SEPTEMBER)
    both = client_list("a@one.example\nb@one.example")
    later = NOON + timedelta(hours=1)
    assert list(plan(listing, member, both, later).clients.values()) == ["b@one.example"]
    assert refused(listing, member, client_list("a@one.example"), later) == {"addresses": "nobody_new"}
    year = NOON + timedelta(days=365)
    assert (
        len(
            plan(
                listing, member, client_list(both.text, (year.date() - timedelta(40), year.date())), year
            ).clients
        )
        == 2
    )


def test_who_wants_no_invitations_gets_none_and_is_not_given_away(app: Flask) -> None:
    opt_out(invited(offered()[0], "quiet@one.example"), secret=secret(), now=NOON)
    listing, member = offered()
    alone = plan(listing, member, client_list("quiet@one.example"))
    assert (len(alone.clients), alone.not_written_to, alone.unread) == (1, None, ())
    many = plan(listing, member, client_list("quiet@one.example\n" + people(9)))
    assert (len(many.clients), many.not_written_to) == (10, 1)
    batch = ask(listing, "quiet@one.example", "b@one.example")
    db.session.commit()
    quiet = invite_of("quiet@one.example", batch.id)
    assert (quiet.state, quiet.address) == ("opted_out", None)
    assert listing.invited_count == 2


def test_of_two_lists_for_the_same_days_one_is_kept(app: Flask) -> None:
    listing, member = offered()
    listing_id, member_id = listing.id, member.id
    db.session.commit()

    def send(address: str) -> str:
        found = db.session.get_one(Listing, listing_id)
        actor = db.session.get_one(type(member), member_id)
        invite_clients(found, client_list(address), actor=actor, secret=secret(), now=NOON)
        return "kept"

    results = in_parallel(app, lambda: send("a@one.example"), lambda: send("b@one.example"))
    assert sorted(map(str, results)) == ["invalid_fields", "kept"]
    assert db.session.scalar(select(func.count(Invite.id))) == 1
