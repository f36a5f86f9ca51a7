from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.extensions import db
from marketplace.moderation.bulk.campaigns import Suspect, campaigns_of, clear_suspects, waiting_campaigns
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.reviews.proofs.models import Proof
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_review, make_topic, make_user


def suspect(number: int, **values: Any) -> Suspect:
    defaults = {
        "version": 1,
        "listing_id": number,
        "submitted_at": NOON,
        "network": None,
        "risk": 0,
        "risk_reasons": [],
        "rating": 5,
        "text": "Text",
        "language": "en",
        "topic_id": 1,
        "provider_name": "Provider",
    }
    return Suspect(id=number, **{**defaults, **values})


def alike(*others: int, code: str = "copied_text") -> list[dict[str, Any]]:
    return [
        {"code": "new_account", "hours": 2},
        {"code": code, "reviews": [[number, 90] for number in others]},
    ]


def found(*suspects: Suspect) -> list[tuple[str, list[int]]]:
    return [(one.tie, [row.id for row in one.suspects]) for one in campaigns_of(suspects)]


def test_one_network_is_one_campaign() -> None:
    assert found(suspect(1, network="a"), suspect(2, network="a"), suspect(3, network="b"), suspect(4)) == [
        ("network", [1, 2])
    ]


def test_one_listing_within_an_hour_is_one_campaign() -> None:
    times = [0, 50, 100, 161]
    rows = [
        suspect(number, listing_id=7, submitted_at=NOON + timedelta(minutes=minutes))
        for number, minutes in enumerate(times, start=1)
    ]
    assert found(*rows) == [("rush", [1, 2, 3])]


def test_texts_that_are_alike_are_one_campaign() -> None:
    rows = (
        suspect(1),
        suspect(2, risk_reasons=alike(1)),
        suspect(3, risk_reasons=alike(1, code="similar_text")),
    )
    assert found(*rows) == [("text", [1, 2, 3])]


def test_two_that_copy_a_third_are_one_campaign_though_that_one_is_decided() -> None:
    assert found(suspect(5, risk_reasons=alike(1)), suspect(6, risk_reasons=alike(1))) == [("text", [5, 6])]


def test_what_hangs_together_over_steps_is_one_campaign() -> None:
    rows = (suspect(1), suspect(2, risk_reasons=alike(1)), suspect(3, risk_reasons=alike(2)))
    assert found(*rows) == [("text", [1, 2, 3])]


def test_a_group_has_one_reason_and_a_review_stands_in_one_group() -> None:
    rows = [suspect(number, network="a") for number in (1, 2, 4, 5)]
    rows += [suspect(3, network="a", risk_reasons=alike(6)), suspect(6), suspect(7, listing_id=9)]
    rows += [suspect(8, listing_id=9), suspect(9, network="b", risk_reasons=alike(6))]
    assert found(*rows) == [("network", [1, 2, 4, 5]), ("text", [3, 6, 9]), ("rush", [7, 8])]


def test_other_reasons_and_unknown_ones_tie_nothing() -> None:
    assert found(suspect(1, risk_reasons=["copied_text"]), suspect(2, risk_reasons=[{"code": "burst"}])) == []


@given(st.lists(st.tuples(st.sampled_from("abc-"), st.integers(1, 4), st.integers(0, 300)), max_size=12))
def test_nobody_stands_twice_and_the_order_of_rows_does_not_matter(rows: list[tuple[str, int, int]]) -> None:
    made = [
        suspect(
            number,
            network=None if network == "-" else network,
            listing_id=listing,
            submitted_at=NOON + timedelta(minutes=minutes),
        )
        for number, (network, listing, minutes) in enumerate(rows)
    ]
    groups = found(*made)
    assert groups == found(*made[::-1])
    everybody = [number for _, numbers in groups for number in numbers]
    assert len(everybody) == len(set(everybody))
    assert all(len(numbers) > 1 for _, numbers in groups)


def test_only_what_waits_is_looked_at_in_one_query(app: Flask, count_queries: CountQueries) -> None:
    topic = make_topic()
    made = [
        make_review(make_listing(topic), status=status, published_at=None, network="n")
        for status in ("pending", "pending", "rejected")
    ]
    with count_queries(app) as statements:
        (campaign,) = waiting_campaigns()
    assert len(statements) == 1
    assert {row.id for row in campaign.suspects} == {made[0].id, made[1].id}
    assert campaign.suspects[0].provider_name == made[0].listing.provider.name


def test_no_more_are_shown_than_can_be_decided_at_once(app: Flask) -> None:
    listing = make_listing(make_topic())
    for _ in range(MOST_AT_ONCE + 3):
        make_review(listing, status="pending", published_at=None)
    (campaign,) = waiting_campaigns()
    assert len(campaign.suspects) == MOST_AT_ONCE


def test_a_review_with_a_proof_or_cleared_by_a_moderator_is_never_swept_in(app: Flask) -> None:
    topic = make_topic()
    made = [
        make_review(make_listing(topic), status="pending", published_at=None, network="n") for _ in range(5)
    ]
    values = {"media_type": "image/png", "size": 1, "uploaded_at": NOON}
    db.session.add(Proof(review_id=made[0].id, name="kept", **values))
    db.session.add(Proof(review_id=made[1].id, name="gone", deleted_at=NOON, **values))
    moderator = make_user("moderator")
    made[4].user_id = moderator.id
    db.session.flush()
    assert (
        clear_suspects({made[2].id: 1, made[3].id: 7, made[4].id: 1, 9999: 1}, actor=moderator, now=NOON) == 1
    )
    assert clear_suspects({made[2].id: 1}, actor=moderator, now=NOON) == 0
    (campaign,) = waiting_campaigns()
    assert [row.id for row in campaign.suspects] == [made[1].id, made[3].id, made[4].id]
    assert made[2].status == "pending"
