"""For crawlers: a sitemap index by language, the addresses of a language, and robots.txt."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings
from marketplace.guides.queries import guide_languages
from marketplace.public.pages.queries import sitemap_guides
from marketplace.web.security import access

bp = Blueprint("machine", __name__)


@bp.get("/sitemap.xml")
@access("machine")
def sitemap() -> Response:
    """The index, or with `?language=` the addresses of that language."""
    language = request.args.get("language")
    if language is None:
        languages = guide_languages()
        body = render_template("public/machine/sitemap_index.xml", languages=languages)
    else:
        guides = sitemap_guides(language)
        if not guides:
            raise NotFound
        body = render_template("public/machine/sitemap.xml", language=language, guides=guides)
    return Response(body, content_type="application/xml; charset=utf-8")


@bp.get("/robots.txt")
@access("machine")
def robots() -> Response:
    """What crawlers need not read."""
    site = current_settings().site_url
    lines = [
        "User-agent: *",
        "Disallow: /go/",
        "Disallow: /compare/",
        "Disallow: /*/compare/",
        "",
        f"Sitemap: {site}{url_for('machine.sitemap')}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
