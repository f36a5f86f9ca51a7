"""Every route says who may use it, and a change of routes is seen in review."""

from __future__ import annotations

from flask import Flask

from marketplace.web.security import COOKIELESS_RULES, RULES, access_rule
from tests.house.routes import KEPT, route_lines


def test_every_route_declares_its_access_rule(built: Flask) -> None:
    undeclared = [
        rule.endpoint for rule in built.url_map.iter_rules() if access_rule(built, rule.endpoint) not in RULES
    ]
    assert not undeclared


def test_the_routes_are_those_of_the_kept_list(built: Flask) -> None:
    assert route_lines(built) == KEPT.read_text().splitlines(), "read the difference, then run `make routes`"


def test_public_pages_are_only_read(built: Flask) -> None:
    posting = [
        f"{rule.rule} {sorted(rule.methods or ())}"
        for rule in built.url_map.iter_rules()
        if access_rule(built, rule.endpoint) == "public"
        and (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]
    assert not posting, "a page that takes POST is `open` or stricter"


def test_a_rule_without_cookies_is_one_of_the_rules() -> None:
    assert set(RULES) >= COOKIELESS_RULES
