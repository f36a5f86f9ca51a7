"""The stand-in as a server: its port, its folder, its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from stripe_standin.routes import ROUTES, match
from stripe_standin.server import NotInProduction, StandIn, refuse_production
from stripe_standin.store import FolderInUse
from tests.clock import FrozenClock
from tests.server import free_port, taken
from tests.standin import client_of, started
from tests.stripe_description import description
from tests.stripe_standin.browsing import visit
from tests.stripe_standin.shop import Shop, address_in

CHECKOUT = Path(__file__).parent.parent.parent
CLOCK = FrozenClock()


def test_a_restart_finds_everything_where_it_was(tmp_path: Path) -> None:
    with started(tmp_path, CLOCK, port=free_port()) as standin:
        shop = Shop(standin, client_of(standin))
        session = shop.session()
        shop.subscribed()
        standin.flush(drop=lambda event: event["type"] == "invoice.paid")
        standin.advance(60)
        before, deliveries, now, url = standin.state(), standin.deliveries(), standin.now(), standin.url
    with started(tmp_path, CLOCK) as standin:
        assert (standin.state(), standin.deliveries(), standin.now()) == (before, deliveries, now)
        assert standin.url == url
        assert visit(str(session.url)).status == 200


def test_a_half_written_line_is_as_if_it_never_was(tmp_path: Path) -> None:
    with started(tmp_path, CLOCK) as standin:
        Shop(standin, client_of(standin))
        before = standin.state()
    journal = tmp_path / "journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'[["customer",{"id":"cus_half","obj')
    with started(tmp_path, CLOCK) as standin:
        assert standin.state() == before
        made = client_of(standin).v1.customers.create()
    with started(tmp_path, CLOCK) as standin:
        assert client_of(standin).v1.customers.retrieve(made.id).id == made.id


def test_a_killed_stand_in_has_lost_nothing_it_answered(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "stripe_standin", "--folder", str(tmp_path)]
    process = subprocess.Popen(call, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    url = address_in(process.stderr.readline())
    client = stripe.StripeClient("sk_test_standin", base_addresses={"api": url})
    made = [client.v1.customers.create().id for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    process.stderr.close()
    with started(tmp_path, CLOCK) as standin:
        assert [customer["id"] for customer in standin.state()["customer"]] == made


def test_addresses_move_with_the_server_when_its_port_is_taken(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, CLOCK, port=port) as standin:
        shop = Shop(standin, client_of(standin))
        session, intent = shop.session(), shop.passed()
    with taken(port), started(tmp_path, CLOCK) as standin:
        client = client_of(standin)
        assert not standin.url.endswith(f":{port}")
        moved = client.v1.checkout.sessions.retrieve(session.id)
        assert moved.url == f"{standin.url}/pay/{session.id}"
        (charge,) = client.v1.charges.list(params={"payment_intent": intent}).data
        assert visit(str(charge.receipt_url)).status == 200


def test_a_port_that_was_asked_for_must_be_free(tmp_path: Path) -> None:
    port = free_port()
    with taken(port), pytest.raises(OSError, match="in use"):
        StandIn(tmp_path, port=port).start()
    with StandIn(tmp_path, port=port) as standin:
        assert standin.url == f"http://127.0.0.1:{port}"


def test_a_folder_serves_one_stand_in_at_a_time(standin: StandIn, tmp_path: Path) -> None:
    with pytest.raises(FolderInUse):
        StandIn(tmp_path / "stripe")


def test_a_stopped_stand_in_answers_nobody(tmp_path: Path) -> None:
    with started(tmp_path, CLOCK) as standin:
        client = client_of(standin, retries=0)
        client.v1.customers.list()
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.list()
    with started(tmp_path / "other", CLOCK) as standin:
        assert not client_of(standin).v1.customers.list().data


def test_it_refuses_to_be_there_in_production() -> None:
    with pytest.raises(NotInProduction):
        refuse_production({"MARKETPLACE_ENV": "production"})
    refuse_production({"MARKETPLACE_ENV": "development"})
    refuse_production({})


def test_it_listens_to_this_machine_only(standin: StandIn) -> None:
    assert standin.url.startswith("http://127.0.0.1:")
    assert "no shop" in visit(standin.url + "/").page.text


def test_the_package_needs_nothing_of_the_site() -> None:
    code = (
        "import sys, stripe_standin.command as c; "
        "print(sorted(n for n in sys.modules if n.startswith('marketplace.') and 'stripe_standin' not in n), "
        "'flask' in sys.modules, 'stripe' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert done.stdout.strip() == "[] False False"


def test_a_path_is_matched_with_the_values_in_it() -> None:
    assert match("POST", "/v1/checkout/sessions/cs_1/expire") == (
        "/v1/checkout/sessions/{session}/expire",
        {"session": "cs_1"},
    )
    assert match("GET", "/v1/refunds") == ("/v1/refunds", {})


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/refunds"), ("GET", "/v1/refunds/"), ("GET", "/v1/nothing"), ("GET", "/")],
)
def test_other_paths_have_no_answer(method: str, path: str) -> None:
    assert match(method, path) is None


@pytest.mark.parametrize(("method", "template"), sorted(ROUTES))
def test_every_call_is_one_that_stripe_describes(method: str, template: str) -> None:
    assert description().template(template) == template
    description().check_response(method, template, 400, {"error": {"type": "api_error"}})
