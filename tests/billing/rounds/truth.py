"""What must hold at the end of a round, told from the description of the product and the stand-in's state alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from marketplace.core.extensions import db
from tests.billing.rounds.account import Belongings, Money, Thing, belongings, book_lines
from tests.billing.rounds.stage import Stage
from tests.standin import client_of

LIVE = {"reserved", "pending", "held", "active", "canceling", "past_due"}
PAID = {"active", "canceling", "past_due"}
RUNNING = {"active", "trialing", "past_due", "unpaid"}
PASS_DAYS = timedelta(days=30)
GRACE = timedelta(days=7)
ALARMS = {"dispute", "dispute_won", "inquiry", "late_refund", "refund_failed", "refused"}


def differences(stage: Stage, *, most_slots: int, lost: set[int]) -> list[str]:
    """What is wrong, a sentence each. `lost` are placements whose slots were freed while they could be paid."""
    stage.stripe.tick()
    state = stage.stripe.state()
    now = stage.clock()
    found = belongings(state)
    rows = _rows("SELECT * FROM placement ORDER BY id")
    problems = []
    for row in rows:
        of = found.pop(row["id"], Belongings())
        said = f"placement {row['id']} ({row['kind']}, {row['scope']}) is {row['state']} ({row['reason']})"
        problems += [
            f"{said}: {problem}" for problem in (*_state(row, of, now, lost), *_mails(row, of, state))
        ]
    problems += [f"Stripe knows of placement {number}, which is none" for number in found]
    problems += [*_slots(rows, most_slots), *_books(stage), *_jobs(now), *_events(stage, state)]
    problems += [*_alarms(state), *_hidden(rows)]
    return problems


def _rows(query: str) -> list[dict[str, Any]]:
    rows = [dict(row._mapping) for row in db.session.execute(text(query))]
    db.session.rollback()
    return rows


def _moment(value: Any) -> datetime | None:
    """A moment as either database gives it to a plain query."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _seconds(value: Any) -> int:
    moment = _moment(value)
    assert moment is not None
    return int(moment.timestamp())


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


# --- Placements


def _state(row: dict[str, Any], of: Belongings, now: datetime, lost: set[int]) -> Iterator[str]:
    allowed = _allowed(row, of, now)
    if row["id"] in lost and allowed == {"held"}:
        allowed = {"held", "released"}
    if row["state"] not in allowed:
        yield f"Stripe says {sorted(allowed)}"
    if len(of.sessions) > 1:
        yield f"{len(of.sessions)} sessions"
    running = [one for one in of.subscriptions if one["status"] in RUNNING]
    if row["state"] not in PAID and running:
        yield "its subscription runs on"
    if row["state"] in PAID:
        newest = of.money[-1] if of.money else None
        if newest is None:
            yield "nobody paid"
        elif row["state"] != "past_due" and not _good(newest):
            yield "the payment of its period was given or taken back"
        if (end := _end(row, of)) != _moment(row["period_end"]):
            yield f"it ends at {row['period_end']}, not at {end}"
    if row["started_at"] is None:
        for money in of.money:
            if not (money.all_refunded or money.some_refund_failed or money.ever_taken):
                yield f"{money.charge['id']} was paid for nothing and not given back"


def _good(money: Money) -> bool:
    return not money.all_refunded and not money.taken


def _allowed(row: dict[str, Any], of: Belongings, now: datetime) -> set[str]:
    """The states that Stripe's objects leave open; more than one where what happened in between decides."""
    if not of.sessions:
        return {"released", "reserved"}
    session = of.sessions[-1]
    if session["status"] == "open":
        return {"held"}
    if session["status"] == "expired":
        kept = _moment(row["hold_until"])  # for the first of the waiting list, who may try again
        return {"released", "reserved"} if kept is not None and kept > now else {"released"}
    if not of.money:
        return _unpaid(of)
    if row["kind"] == "pass":
        return _pass(of.money, now)
    return _month(of, now)


def _unpaid(of: Belongings) -> set[str]:
    if of.subscriptions:
        return {"held"} if of.subscriptions[-1]["status"] == "incomplete" else {"released"}
    return {"held"} if of.intents[-1]["status"] == "processing" else {"released"}


def _pass(payments: list[Money], now: datetime) -> set[str]:
    [money] = payments
    over = {"ended", "refunded"}
    if not _good(money) or now >= _pass_end(money):
        return over
    # A worker that learned of a refund or dispute in time ended it for good.
    return {"active", *over} if money.ever_taken or money.some_refund_failed else {"active"}


def _pass_end(money: Money) -> datetime:
    """Thirty days on, and the time that disputes took which were won."""
    away = sum(back - taken for taken, back in money.won)
    return _at(money.charge["created"] + away) + PASS_DAYS


def _month(of: Belongings, now: datetime) -> set[str]:
    subscription = of.subscriptions[-1]
    if subscription["status"] not in RUNNING:
        rest = _rest(of)
        back = rest is not None and now < rest and all(map(_good, of.money[-1:])) and not _taken(of)
        return {"ended", "refunded", *(["canceling"] if back else [])}
    if _taken(of):
        return set()  # nothing of it may run on
    if subscription["status"] in ("past_due", "unpaid"):
        start = _at(subscription["items"]["data"][0]["current_period_start"])
        return {"past_due"} if now < start + GRACE else set()
    if of.money[-1].all_refunded:
        return set()
    ends = subscription["cancel_at"] or subscription["cancel_at_period_end"]
    return {"canceling"} if ends else {"active"}


def _taken(of: Belongings) -> bool:
    return any(money.taken for money in of.money)


def _rest(of: Belongings) -> datetime | None:
    """Until when a subscription that ended during disputes which were won is shown."""
    subscription = of.subscriptions[-1]
    item = subscription["items"]["data"][0]
    ended = subscription["ended_at"]
    won = [
        (taken, back) for money in of.money for taken, back in money.won if ended and taken <= ended <= back
    ]
    if not won:
        return None
    begun = max(item["current_period_start"], min(taken for taken, _back in won))
    return _at(max(back for _taken, back in won) + item["current_period_end"] - begun)


def _end(row: dict[str, Any], of: Belongings) -> datetime:
    if row["kind"] == "pass":
        return _pass_end(of.money[-1])
    subscription = of.subscriptions[-1]
    if (
        row["state"] == "canceling"
        and subscription["status"] not in RUNNING
        and (rest := _rest(of)) is not None
    ):
        return rest
    if row["state"] == "canceling" and subscription["cancel_at"]:
        return _at(subscription["cancel_at"])
    return _at(subscription["items"]["data"][0]["current_period_end"])


def _slots(rows: list[dict[str, Any]], most_slots: int) -> Iterator[str]:
    taken: dict[str, list[int]] = defaultdict(list)
    paid: Counter[str] = Counter()
    for row in rows:
        if row["state"] in LIVE:
            taken[row["scope"]].append(row["slot_no"])
        paid[row["scope"]] += row["state"] in PAID
    for scope, numbers in taken.items():
        if len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(1, most_slots + 1)):
            yield f"{scope} has slots {sorted(numbers)} of {most_slots}"
    for scope, count in paid.items():
        if count > most_slots:
            yield f"{scope} has {count} paid placements in {most_slots} slots"


def _hidden(rows: list[dict[str, Any]]) -> Iterator[str]:
    listings = {row["id"]: row for row in _rows("SELECT id, provider_id, status FROM listing")}
    for row in rows:
        if row["state"] not in PAID:
            continue
        shown = (
            listings[row["listing_id"]]["status"] == "published"
            if row["listing_id"]
            else any(
                one["status"] == "published"
                for one in listings.values()
                if one["provider_id"] == row["provider_id"]
            )
        )
        if row["hidden"] != ("" if shown else "listing"):
            yield f"placement {row['id']} is hidden as {row['hidden']!r}, shown: {shown}"


# --- Books, mails, jobs


def _books(stage: Stage) -> Iterator[str]:
    query = "SELECT stripe_id, charge_id, kind, amount, currency, occurred_at FROM payment_entry"
    ours = Counter((*list(row.values())[:5], _seconds(row["occurred_at"])) for row in _rows(query))
    theirs = Counter(book_lines(client_of(stage.stripe)))
    yield from (f"the ledger lacks {line}" for line in theirs - ours)
    yield from (f"the ledger has {line}, and Stripe does not" for line in ours - theirs)
    found = belongings(stage.stripe.state())
    of = {money.charge["id"]: number for number, things in found.items() for money in things.money}
    for row in _rows("SELECT charge_id, placement_id FROM payment_entry"):
        if of.get(row["charge_id"]) != row["placement_id"]:
            yield f"{row['charge_id']} is booked for placement {row['placement_id']}"


def _mails(row: dict[str, Any], of: Belongings, state: dict[str, list[Thing]]) -> Iterator[str]:
    """Each occasion is told once: keys name placement, occasion and reader."""
    query = f"SELECT key FROM job WHERE task = 'mail.deliver' AND key LIKE 'placement:{row['id']}:%'"
    told = Counter(job["key"].split(":")[2] for job in _rows(query))
    started = row["started_at"] is not None
    expected = {
        "started": int(started),
        "ended": int(started and row["state"] == "ended"),
        "given_back": int(row["state"] == "refunded"),
    }
    again = sum(len(money.won) for money in of.money)  # how often it may have come back, to end again
    for code, count in expected.items():
        if not count <= told[code] <= count + (again if code == "ended" else 0):
            yield f"{told[code]} mails say {code}, not {count}"
    ours = {one["id"] for one in of.subscriptions}
    bounds = {"payment_failed": _failures(ours, state), "canceling": _cancellations(ours, state) + again}
    for code, most in bounds.items():
        if told[code] > most:
            yield f"{told[code]} mails say {code}, which happened {most} times"


def _failures(ours: set[str], state: dict[str, list[Thing]]) -> int:
    """How many renewals were refused at first."""
    return sum(
        invoice["billing_reason"] == "subscription_cycle"
        and invoice["parent"]["subscription_details"]["subscription"] in ours
        and (invoice["status"] != "paid" or invoice["attempt_count"] > 1)
        for invoice in state.get("invoice", [])
    )


def _cancellations(ours: set[str], state: dict[str, list[Thing]]) -> int:
    """How often an end was set."""
    return sum(
        event["type"] == "customer.subscription.updated"
        and event["data"]["object"]["id"] in ours
        and event["data"]["object"]["cancel_at"] is not None
        and "cancel_at" in event["data"]["previous_attributes"]
        for event in state.get("event", [])
    )


def _jobs(now: datetime) -> Iterator[str]:
    for job in _rows("SELECT task, key, state, error, run_at FROM job WHERE state <> 'done'"):
        due = _moment(job["run_at"])
        if job["state"] != "waiting" or (due is not None and due <= now):
            yield f"job {job['key']} of {job['task']} is {job['state']}: {job['error']}"


def _events(stage: Stage, state: dict[str, list[Thing]]) -> Iterator[str]:
    heard = {row["event_id"]: row["state"] for row in _rows("SELECT event_id, state FROM stripe_event")}
    for event_id, known in heard.items():
        if known != "done":
            yield f"event {event_id} is {known}"
    created = {event["id"]: _at(event["created"]) for event in state.get("event", [])}
    for delivery in stage.stripe.deliveries():
        event_id = delivery["event"]
        old = created[event_id] < stage.clock() - timedelta(days=30)
        if event_id not in heard and event_id not in stage.lost_for_good and not old:
            yield f"event {event_id} ({delivery['type']}) was never heard of"


def _alarms(state: dict[str, list[Thing]]) -> Iterator[str]:
    alarms = {(row["kind"], row["subject"]) for row in _rows("SELECT kind, subject FROM billing_alarm")}
    for kind, subject in sorted(alarms):
        if kind not in ALARMS:
            yield f"an alarm: {kind} {subject}"
    for dispute in state.get("dispute", []):
        if not dispute["status"].startswith("warning") and ("dispute", dispute["id"]) not in alarms:
            yield f"no alarm of {dispute['id']}"
    for refund in state.get("refund", []):
        if refund["status"] == "failed" and ("refund_failed", f"{refund['id']}:failed") not in alarms:
            yield f"no alarm of {refund['id']}"
