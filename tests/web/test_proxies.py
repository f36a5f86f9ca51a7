"""The client behind our proxies is known as each kind of proxy writes it, and nobody can pass for another."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from marketplace.web.limits import client_network
from marketplace.web.proxies import ForwardedClient, client_address

PEER = "10.0.0.9"


def seen_by(proxies: int, **headers: str) -> tuple[str, str]:
    """The address and the scheme that the application sees."""
    seen: list[tuple[str, str]] = []

    def site(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        start_response("200 OK", [])
        return []

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = EnvironBuilder(headers=named).get_environ() | {"REMOTE_ADDR": PEER}
    run_wsgi_app(ForwardedClient(site, proxies), environ)
    return seen[0]


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("[2001:db8::7]:51234", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ('"[2001:db8::7]:51234"', "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", PEER),
        ("_hidden", PEER),
        ("203.0.113.7.example", PEER),
        ("203.0.113.700", PEER),
        ("", PEER),
    ],
)
@pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded"])
def test_an_entry_is_read_as_proxies_write_it(header: str, entry: str, address: str) -> None:
    quoted = entry if entry.startswith('"') or header != "Forwarded" else f'"{entry}"'
    assert seen_by(1, **{header: quoted if header != "Forwarded" else f"for={quoted}"})[0] == address


@pytest.mark.parametrize(
    ("proxies", "entries", "address"),
    [
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7:80,10.0.0.1", "203.0.113.7"),
        (3, "198.51.100.1, 203.0.113.7", PEER),
    ],
)
def test_only_what_our_own_proxies_saw_counts(proxies: int, entries: str, address: str) -> None:
    assert seen_by(proxies, X_Forwarded_For=entries)[0] == address
    elements = ", ".join(f'for="{entry.strip()}";by=_x' for entry in entries.split(","))
    assert seen_by(proxies, Forwarded=elements)[0] == address


def test_the_scheme_comes_from_either_header() -> None:
    assert seen_by(1, X_Forwarded_Proto="https") == (PEER, "https")
    assert seen_by(1, Forwarded='By=10.0.0.1; For="203.0.113.7:80";Proto=HTTPS') == ("203.0.113.7", "https")
    assert seen_by(1, X_Forwarded_Proto="javascript") == (PEER, "http")


def test_a_header_that_the_client_adds_gives_no_other_address() -> None:
    claimed = {"X_Forwarded_For": "198.51.100.1", "Forwarded": "for=203.0.113.7;proto=https"}
    assert seen_by(1, **claimed)[0] == PEER
    assert seen_by(1, X_Forwarded_For="203.0.113.7:99", Forwarded="for=203.0.113.7")[0] == "203.0.113.7"


def test_one_subscriber_of_ipv6_is_one_network(app: Flask) -> None:
    networks = set()
    for entry in ("[2001:db8:1:2::7]:443", "2001:db8:1:2:ffff::9", "[2001:db8:1:3::7]:443"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": client_address(entry)}):
            assert request.remote_addr
            networks.add(client_network())
    assert networks == {"2001:db8:1:2::", "2001:db8:1:3::"}
