"""The kept list of routes: one line each, `METHODS path rule`. `make routes` writes it anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask

from marketplace import create_app
from marketplace.web.security import access_rule

KEPT = Path(__file__).parent / "routes.txt"


def route_lines(app: Flask) -> list[str]:
    """Every route of the application with its methods and access rule, sorted by path."""
    found = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        found.append((rule.rule, methods, access_rule(app, rule.endpoint) or "no-rule"))
    return [f"{methods} {path} {rule}" for path, methods, rule in sorted(found)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(route_lines(create_app({"INSTANCE_PATH": folder}))))
