"""A Flask application that answers every address with the same bytes: what the speeds of pages are measured against."""

from __future__ import annotations

import os

from flask import Flask

app = Flask("bare")
BODY = "x" * int(os.environ.get("BARE_BYTES", "1000"))


@app.get("/", defaults={"path": ""})
@app.get("/<path:path>")
def page(path: str) -> str:
    """The same for every address."""
    return BODY
