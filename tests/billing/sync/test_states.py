"""From Stripe's state to ours: pure, so its rules are shown for every state that Stripe can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.billing.statuses import FINAL, LIVE, PAID
from marketplace.billing.sync.facts import UNPAID_COMMENT, Facts, Known
from marketplace.billing.sync.states import GRACE, Plan, Step, paid_after_end, plan
from tests.billing.making import (
    DAY,
    START,
    after,
    intent,
    known,
    paid_month,
    paid_pass,
    payment,
    session,
    subscription,
)
from tests.factories import NOON

NOW = after(1)
PASSING = st.sampled_from(["succeeded", "processing", "requires_payment_method", "canceled"])
STATUSES = st.sampled_from(
    ["incomplete", "incomplete_expired", "active", "trialing", "past_due", "unpaid", "canceled"]
)
payments = st.lists(
    st.builds(
        payment,
        intent_id=st.sampled_from(["pi_1", "pi_2", "pi_3"]),
        refunded=st.sampled_from([0, 100, 4900]),
        dispute=st.sampled_from([None, "needs_response", "warning_needs_response", "won", "lost"]),
        made=st.sampled_from([NOON, after(-31), after(1)]),
    ),
    max_size=3,
    unique_by=lambda one: one.intent_id,
).map(tuple)
sessions = st.builds(
    session,
    status=st.sampled_from(["open", "complete", "expired"]),
    payment_status=st.just("unpaid"),
)
intents = st.builds(intent, status=PASSING, error=st.booleans())
months = st.builds(
    Facts,
    session=sessions,
    subscription=st.builds(
        subscription,
        status=STATUSES,
        cancel_at=st.sampled_from([None, START + 3 * DAY]),
        cancel_at_period_end=st.booleans(),
    ),
    intent=st.none(),
    owed=st.none() | intents,
    payments=payments,
)
passes = st.builds(
    Facts, session=sessions, subscription=st.none(), intent=st.none() | intents, payments=payments
)
moments = st.sampled_from([NOON, after(1), after(8), after(40)])
unpaid_states = st.sampled_from(["pending", "held", "released"])


def later(before: Known, planned: Plan) -> Known:
    """What we know once the plan is written."""
    target = planned.target
    values = {name: getattr(target, name) for name in target.__slots__}
    return replace(before, version=before.version + 1, **values)


@given(facts=months | passes, state=unpaid_states, moment=moments)
def test_nothing_is_ever_shown_without_a_payment_that_came(facts: Facts, state: str, moment: object) -> None:
    kind = "month" if facts.subscription else "pass"
    target = plan(known(state, kind), replace(facts, payments=()), moment).target  # type: ignore[arg-type]
    assert target.state not in PAID


@given(facts=months | passes, state=st.sampled_from(FINAL), moment=moments)
def test_what_ended_stays_ended_and_nothing_of_it_runs_on(facts: Facts, state: str, moment: object) -> None:
    kind = "month" if facts.subscription else "pass"
    before = known(state, kind, reason="refunded", period_end=NOON)
    planned = plan(before, facts, moment)  # type: ignore[arg-type]
    assert (planned.target.state, planned.target.reason) == (state, "refunded")
    if facts.subscription and facts.subscription["status"] in ("active", "past_due", "unpaid", "trialing"):
        assert [step.action for step in planned.steps] == ["cancel"]


@given(facts=months | passes, state=st.sampled_from((*LIVE, "released")), moment=moments)
def test_hearing_the_same_twice_changes_nothing_more(facts: Facts, state: str, moment: object) -> None:
    kind = "month" if facts.subscription else "pass"
    first = plan(known(state, kind), facts, moment)  # type: ignore[arg-type]
    if not first.steps:
        again = plan(later(known(state, kind), first), facts, moment)  # type: ignore[arg-type]
        assert again.target == first.target


@given(
    news=st.lists(months, max_size=4),
    last=months,
    state=st.sampled_from(["pending", "held"]),
    moment=moments,
)
def test_the_end_is_that_of_the_last_news_whatever_came_before(
    news: list[Facts], last: Facts, state: str, moment: object
) -> None:
    """Earlier news count only where they ended it, or let it be shown, for good."""
    straight = plan(known(state), last, moment).target  # type: ignore[arg-type]
    before = known(state)
    for facts in news:
        before = later(before, plan(before, facts, moment))  # type: ignore[arg-type]
    target = plan(before, last, moment).target  # type: ignore[arg-type]
    if before.state in ("pending", "held"):
        assert target.state == straight.state
    elif before.state in FINAL:
        assert target.state == before.state
    elif before.state in PAID and straight.state in PAID:
        assert target.state == straight.state


@pytest.mark.parametrize("state", ["pending", "held"])
def test_a_payment_on_its_way_is_held_though_the_subscription_is_active(state: str) -> None:
    facts = Facts(session(), subscription("active"), None, intent("processing"))
    assert plan(known(state), facts, NOW).target.state == "held"


@pytest.mark.parametrize("status", ["past_due", "unpaid", "incomplete", "active"])
def test_a_first_payment_that_failed_is_released_and_not_tried_again(status: str) -> None:
    facts = Facts(session(), subscription(status), None, intent("requires_payment_method", error=True))
    planned = plan(known(), facts, NOW)
    assert (planned.target.state, planned.target.reason) == ("released", "payment_failed")
    assert [step.action for step in planned.steps] == ["cancel"]


def test_the_portals_mark_alone_is_a_cancellation() -> None:
    # 22
    end = START + 10 * DAY
    target = plan(known("active"), paid_month(cancel_at=end), NOW).target
    assert (target.state, target.period_end) == ("canceling", after(10))
    assert plan(known("canceling"), paid_month(), NOW).target.state == "active"
    assert plan(known("active"), paid_month(cancel_at_period_end=True), NOW).target.state == "canceling"


def test_grace_counts_from_when_the_payment_was_due() -> None:
    # 20, 21
    facts = paid_month("past_due")
    target = plan(known("active"), facts, after(3)).target
    assert (target.state, target.grace_until) == ("past_due", NOON + GRACE)
    over = plan(known("past_due"), facts, NOON + GRACE)
    assert (over.target.state, over.target.reason) == ("ended", "unpaid")
    assert [(step.action, step.comment) for step in over.steps] == [("cancel", UNPAID_COMMENT)]


def test_why_a_subscription_ended_is_read_from_stripe() -> None:
    def reason(**details: str) -> str:
        facts = paid_month("canceled", cancellation_details={"reason": None, "comment": None, **details})
        return plan(known("active"), facts, NOW).target.reason

    assert reason(comment=UNPAID_COMMENT, reason="cancellation_requested") == "unpaid"
    assert reason(reason="payment_failed") == "unpaid"
    assert reason(reason="cancellation_requested") == "canceled"


def test_a_pass_stands_thirty_days_to_the_second() -> None:
    # 2
    end = NOON + timedelta(days=30)
    assert plan(known(kind="pass"), paid_pass(), end - timedelta(seconds=1)).target.state == "active"
    over = plan(known("active", "pass"), paid_pass(), end).target
    assert (over.state, over.reason, over.period_end) == ("ended", "over", end)


def test_an_expired_session_gives_a_reservation_back_for_its_day() -> None:
    facts = Facts(session("expired"))
    assert plan(known(hold_until=after(2)), facts, NOW).target.state == "reserved"
    assert plan(known(hold_until=NOW), facts, NOW).target.state == "released"


def test_what_was_paid_and_over_before_it_was_shown_goes_back() -> None:
    # 11
    planned = plan(known("released"), paid_month("past_due"), after(2))
    assert (planned.target.state, planned.target.reason) == ("refunded", "late")
    assert sorted(step.action for step in planned.steps) == ["cancel", "refund"]
    assert len({step.key for step in planned.steps}) == 2


@pytest.mark.parametrize("state", [*LIVE, "ended", "released"])
def test_an_invoice_is_open_no_longer_than_the_place(state: str) -> None:
    owing = replace(paid_month("past_due"), open_invoices=("in_2",))
    planned = plan(known(state), owing, after(1))
    void = Step("void", "in_2", "void:in_2")
    assert (void in planned.steps) == (planned.target.state not in LIVE)
    assert void in plan(known("past_due"), owing, after(8)).steps


@pytest.mark.parametrize(
    ("comment", "made", "late"),
    [
        (UNPAID_COMMENT, 0, True),
        (UNPAID_COMMENT, 9, True),
        (UNPAID_COMMENT, -31, False),
        ("", 3, False),
        ("", 9, True),
    ],
)
def test_what_was_paid_for_a_period_that_was_cut_off_goes_back(comment: str, made: float, late: bool) -> None:
    said = {"reason": None, "comment": comment}
    facts = paid_month(
        "canceled",
        payment("pi_2", made=after(made)),
        payment(made=after(-31)),
        cancellation_details=said,
        ended_at=START + 7 * DAY,
    )
    ended = known("ended", reason="unpaid")
    assert [one.intent_id for one in paid_after_end(ended, facts)] == (["pi_2"] if late else [])
    steps = plan(ended, facts, after(10)).steps
    assert steps == ((Step("refund", "pi_2", "refund:7:pi_2"),) if late else ())


def test_what_is_given_back_or_with_the_bank_is_not_given_back_again() -> None:
    ended = {"ended_at": START + 7 * DAY}
    for late in (payment(made=after(9), refunded=4900), payment(made=after(9), dispute="lost")):
        assert plan(known("ended"), paid_month("canceled", late, **ended), after(10)).steps == ()
    assert paid_after_end(known("ended"), paid_month("active", payment(made=after(9)))) == ()
