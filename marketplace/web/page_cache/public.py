"""How a view becomes a public page: it names the revisions that its page depends on.

`@public_page(depends_on(SITE))`, or with a function of the view's arguments that returns the names of revisions, each
with its number where a query that had to be made anyway brought it, else None. All are read in the transaction in which
the page is made, so that a page never stands under a revision newer than its rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, make_response, request

from marketplace.core.config import PACKAGE, Settings, data_folder
from marketplace.core.extensions import db
from marketplace.core.revisions import revisions_query
from marketplace.web.page_cache.layer import MAKING, Making, PageCache, PageLayer
from marketplace.web.page_cache.shared import shared_pages

Names = dict[str, int | None]

PROGRAM_FILES = frozenset({".py", ".html", ".txt", ".css", ".js", ".svg", ".po", ".mo", ".json"})
# What the operator sets and pages show: another value is another page.
SHOWN_SETTINGS = (
    *("site_name", "site_url", "guides_origin", "display_currency"),
    *("operator_name", "operator_address", "operator_email", "stripe_tax"),
)


def release_of(version: str, folders: list[Path]) -> str:
    """A short digest of the installed program: pages of another release are not taken over."""
    digest = hashlib.sha256(version.encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in PROGRAM_FILES:
                digest.update(path.name.encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def installed_release(version: str) -> str:
    """The release that this process runs."""
    return release_of(
        version, [PACKAGE, *(data_folder(name) for name in ("templates", "static", "translations"))]
    )


def init_page_cache(app: Flask, settings: Settings, version: str, host: str | None) -> None:
    """Put the layer around the application, once all other middleware is there."""
    shared = None
    if settings.cache_url.startswith("valkey"):
        shown = repr([getattr(settings, name) for name in SHOWN_SETTINGS])
        shared = shared_pages(settings.cache_url, f"{installed_release(version)} {shown}")
    kept = PageCache(app.extensions["clock"], keeps=settings.cache_url != "none", shared=shared)
    app.extensions["page_cache"] = kept
    app.wsgi_app = PageLayer(app.wsgi_app, kept, host)  # type: ignore[method-assign]


def depends_on(*names: str) -> Callable[..., Names]:
    """The revisions of a page that are the same whatever its address says."""
    return lambda **arguments: dict.fromkeys(names)


def public_page(revisions: Callable[..., Names]) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Let the layer keep what the view answers, if that is a page; take the kept one where its revisions stand."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**arguments: Any) -> Response:
            kept: PageCache = current_app.extensions["page_cache"]
            making: Making = request.environ.get(MAKING) or Making(request.path)
            mine = making.turn.enter_context(kept.turns.taken(making.address))
            making.found = None if mine else kept.current(making.address)
            if making.found is None:
                _steady_reads()
                named = _numbers(revisions(**arguments))
                making.found = kept.standing(making.address, named)
            if making.found is not None:
                making.revisions = making.found.revisions
                return Response()
            response = make_response(view(**arguments))
            if response.status_code == 200:
                kept.bind(db.engine)
                making.revisions = named
                request.environ["REQUEST_METHOD"] = "GET"  # the layer needs the page to answer a HEAD
                response.headers["Cache-Control"] = "public, no-cache"
            return response

        return answer

    return wrap


def _numbers(names: Names) -> dict[str, int]:
    """The named revisions with their numbers, one statement for those that are not known."""
    unknown = [name for name, number in names.items() if number is None]
    if not unknown:
        return {name: number for name, number in names.items() if number is not None}
    connection = db.session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    found = connection.exec_driver_sql(*revisions_query(unknown, mark)).one()
    return {**names, **dict(zip(unknown, found, strict=True))}


def _steady_reads() -> None:
    # The revision and the rows must come from one snapshot, or new rows would be kept under the old revision.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.rollback()  # the address's language may have been looked up: a begun transaction keeps its level
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
