"""A Flask application that answers every address with the same bytes, `/bytes/<n>` with so many: what the speeds of pages
are measured against."""

from __future__ import annotations

import os

from flask import Flask

app = Flask("bare")
BODY = "x" * int(os.environ.get("BARE_BYTES", "1000"))
BODIES: dict[int, str] = {}


@app.get("/bytes/<int:size>")
def sized(size: int) -> str:
    """A body of a page's size."""
    return BODIES.setdefault(size, "x" * size)


@app.get("/", defaults={"path": ""})
@app.get("/<path:path>")
def page(path: str) -> str:
    """The same for every address."""
    return BODY
