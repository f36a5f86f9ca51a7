"""Public pages as functions of (address, revision, day in UTC, release): that is their ETag, cache key and 304.

`@public_page(revision)` wraps a view: `revision(**view_args)` is one small query that returns the number (or numbers) the
page depends on. Whatever changes what a page shows raises the revision in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from cachelib import BaseCache, NullCache, SimpleCache
from flask import Flask, Response, current_app, make_response, request

from marketplace.core.config import PACKAGE, Settings, data_folder
from marketplace.core.extensions import db, now
from marketplace.i18n.languages import address_language

PAGE_LIMIT = 1000
PROGRAM_FILES = frozenset({".py", ".html", ".txt", ".css", ".js", ".svg", ".po", ".mo", ".json"})
# What the operator sets and pages show: another value is another page.
SHOWN_SETTINGS = (
    *("site_name", "site_url", "guides_origin", "display_currency"),
    *("operator_name", "operator_address", "operator_email", "stripe_tax"),
)


def release_of(version: str, folders: list[Path]) -> str:
    """A short digest of the installed program: a new release invalidates every page."""
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


def init_caching(app: Flask, settings: Settings, version: str) -> None:
    """Bind the page cache and the release to the application."""
    pages: BaseCache = (
        NullCache() if settings.cache_url == "none" else SimpleCache(threshold=PAGE_LIMIT, default_timeout=0)
    )
    app.extensions["page_cache"] = pages
    shown = repr([getattr(settings, name) for name in SHOWN_SETTINGS])
    app.extensions["release"] = f"{installed_release(version)} {shown}"


def public_page(revision: Callable[..., object]) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Answer 304 or from the cache if the page cannot have changed; otherwise run the view and cache its page."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**arguments: Any) -> Response:
            _steady_reads()
            etag = _page_etag(revision(**arguments))
            asked = request.if_none_match
            if etag in asked.as_set(include_weak=True):
                return _finish(Response(status=304), etag)
            pages: BaseCache = current_app.extensions["page_cache"]
            kept = None if request.query_string else pages.get(etag)
            if kept is not None:
                response = Response(kept[0], content_type=kept[1])
            else:
                response = make_response(view(**arguments))
                if response.status_code != 200:
                    return response
                if not request.query_string:  # of addresses with a query there is no end
                    pages.set(etag, (response.get_data(), response.content_type))
            return _finish(Response(status=304) if asked.star_tag else response, etag)

        return answer

    return wrap


def _steady_reads() -> None:
    # The revision and the rows must come from one snapshot, or new rows would be kept under the old revision's ETag.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.rollback()  # the address's language may have been looked up: a begun transaction keeps its level
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _page_etag(revision: object) -> str:
    parts = (
        address_language(),
        request.path,
        request.query_string.decode("latin-1"),
        repr(revision),
        now().date().isoformat(),
        current_app.extensions["release"],
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _finish(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
