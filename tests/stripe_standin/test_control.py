from __future__ import annotations

import http.client
import inspect
import json
from typing import Any

import pytest

from stripe_standin.control import NAMES, Controls
from stripe_standin.errors import ApiError
from stripe_standin.server import StandIn
from tests.clock import FrozenClock
from tests.stripe_standin.shop import DAY, NOW, Inbox, Shop


def control(
    standin: StandIn, name: str, *, headers: dict[str, str] | None = None, **values: Any
) -> tuple[int, Any]:
    """A control by HTTP."""
    connection = http.client.HTTPConnection(standin.url.removeprefix("http://"), timeout=20)
    connection.request(
        "POST", f"/_control/{name}", json.dumps(values), headers or {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def test_every_name_is_a_control() -> None:
    public = {
        name for name, _method in inspect.getmembers(Controls, inspect.isfunction) if not name.startswith("_")
    }
    assert public - NAMES == {"envelope", "now"}
    assert not NAMES - public


def test_a_whole_life_by_http(shop: Shop, inbox: Inbox) -> None:
    standin = shop.standin
    session = shop.session()
    assert control(standin, "close", session=session.id)[1]["status"] == "open"
    assert control(standin, "decline", session=session.id)[1]["status"] == "open"
    status, paid = control(standin, "pay", session=session.id)
    assert (status, paid["payment_status"]) == (200, "paid")
    wanted = paid["subscription"]
    assert control(standin, "renew", subscription=wanted, ok=False)[1]["status"] == "past_due"
    assert control(standin, "pay_invoice", subscription=wanted)[1]["status"] == "active"
    assert control(standin, "portal_cancel", subscription=wanted)[1]["cancel_at"]
    assert control(standin, "portal_resume", subscription=wanted)[1]["cancel_at"] is None
    assert control(standin, "set_card", customer=shop.customer, ok=False) == (200, None)
    assert control(standin, "cancel_now", subscription=wanted)[1]["status"] == "canceled"
    assert control(standin, "advance", seconds=60) == (200, NOW + 60)
    sent = control(standin, "flush", order="reverse", repeat=2)[1]
    assert len(sent) == len(inbox.letters) == 2 * len(control(standin, "deliveries")[1])
    assert control(standin, "state")[1]["subscription"][0]["id"] == wanted


def test_the_rest_by_http_too(shop: Shop) -> None:
    standin = shop.standin
    later = control(standin, "pay_later", session=shop.session("payment").id)[1]
    assert control(standin, "settle", session=later["id"], ok=True)[1]["payment_status"] == "paid"
    refund = control(standin, "refund", charge=later["payment_intent"], amount=5)[1]
    assert control(standin, "fail_refund", refund=refund["id"])[1]["status"] == "failed"
    dispute = control(standin, "dispute", charge=later["payment_intent"], inquiry=True)[1]
    assert control(standin, "close_dispute", dispute=dispute["id"], won=True)[1]["status"] == "warning_closed"
    event = control(standin, "send", kind="refund.updated", thing={"id": "re_1"}, event="evt_1")[1]
    assert (event, control(standin, "redeliver", event=event)) == ("evt_1", (200, 200))
    assert control(standin, "sign", body="x", at=1)[1].startswith("t=1,v1=")
    assert control(standin, "fault", kind="down") == (200, None)
    assert control(standin, "clear_faults") == (200, None)
    assert control(standin, "tick") == (200, None)


@pytest.mark.parametrize(
    ("name", "values", "status"),
    [
        ("pay", {"session": "cs_none"}, 400),
        ("pay", {}, 400),
        ("pay", {"session": "cs_none", "tip": 5}, 400),
        ("stop", {}, 404),
        ("world", {}, 404),
        ("__init__", {}, 404),
        ("flush", {"order": "sideways"}, 400),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(
    standin: StandIn, name: str, values: dict[str, object], status: int
) -> None:
    found, body = control(standin, name, **values)
    assert found == status
    assert body["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Host": "evil.example"},
    ],
)
def test_no_page_of_another_site_can_use_a_control(standin: StandIn, headers: dict[str, str]) -> None:
    assert control(standin, "tick", headers=headers)[0] == 403


def test_the_portal_ends_at_the_period_or_at_once(shop: Shop) -> None:
    wanted = shop.subscribed()
    ending = shop.standin.portal_cancel(wanted)
    assert (ending["cancel_at"], ending["cancel_at_period_end"], ending["status"]) == (
        NOW + 30 * DAY,
        False,
        "active",
    )
    assert shop.standin.portal_resume(wanted)["cancel_at"] is None
    with pytest.raises(ApiError, match="not about to end"):
        shop.standin.portal_resume(wanted)
    assert shop.standin.portal_cancel(wanted, at_period_end=False)["status"] == "canceled"
    with pytest.raises(ApiError, match="is over"):
        shop.standin.cancel_now(wanted)


def test_the_clock_is_moved_by_seconds(standin: StandIn, clock: FrozenClock) -> None:
    assert standin.advance(90) == NOW + 90
    assert standin.now() == NOW + 90


def test_the_state_is_a_copy(shop: Shop) -> None:
    shop.standin.state()["customer"][0]["name"] = "Eve"
    assert shop.v1.customers.retrieve(shop.customer).name == "Ana <Lopez>"
