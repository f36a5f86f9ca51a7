"""The provider's desk: overview, the list of listings, and the way to a new one."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.i18n.languages import address_language
from marketplace.listings.desk.rows import checklist, desk_rows
from marketplace.listings.queries import FILTERS, PAGE_SIZE, count_listings, desk_listings, status_counts
from marketplace.providers.claims import claims_of
from marketplace.providers.desk.pages import desk_page
from marketplace.providers.membership import own_provider, providers_of
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.web.forms import PageForm
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access

bp = Blueprint("manage", __name__)
OVERVIEW_ROWS = 12
OFFERING = (ProviderStatus.ACTIVE, ProviderStatus.PENDING, ProviderStatus.REMOVED)


@bp.get("/manage/")
@access("member")
def overview() -> Response:
    """The desk of a member's one provider; with none the way to it, with several the list of them."""
    providers = providers_of(current_user)
    if len(providers) == 1:
        return _desk(providers[0])
    claims = claims_of(current_user)
    confirmed = current_user.confirmed_at is not None
    checks = checklist(confirmed=confirmed, provider=None, counts={}, claims=claims)
    page = render_template("listings/desk/providers.html", providers=providers, claims=claims, checks=checks)
    return make_response(page)


@bp.get("/manage/<provider>/")
@access("member")
def desk(provider: str) -> Response:
    """One provider's overview."""
    return _desk(own_provider(current_user, provider))


def _desk(provider: Provider) -> Response:
    counts = status_counts(provider)
    shown = desk_listings(provider, now=now(), limit=OVERVIEW_ROWS)
    return desk_page(
        "listings/desk/desk.html",
        provider,
        claims=claims_of(current_user),
        checks=checklist(confirmed=current_user.confirmed_at is not None, provider=provider, counts=counts),
        rows=desk_rows(shown, provider, language=address_language(), now=now()),
        total=sum(counts.values()),
        form=PageForm(),
    )


@bp.get("/manage/<provider>/listings/")
@access("member")
def listings(provider: str) -> Response:
    """All listings of a provider, filtered by status and words. Raises `NotFound` past the last page."""
    own = own_provider(current_user, provider)
    show, text = request.args.get("show", ""), request.args.get("q", "")[:200]
    if show and show not in FILTERS:
        raise NotFound("no_such_filter")
    total = count_listings(own, now=now(), show=show, text=text)
    pages = pages_of(requested_page(), total, PAGE_SIZE)
    found = desk_listings(own, now=now(), show=show, text=text, offset=pages.first_item - 1)
    rows = desk_rows(found, own, language=address_language(), now=now())
    return desk_page(
        "listings/desk/list.html",
        own,
        rows=rows,
        show=show,
        text=text,
        number=pages.number,
        last=pages.last,
        total=total,
        any_listing=sum(status_counts(own).values()),
        form=PageForm(),
    )


@bp.get("/manage/listings/new/")
@access("confirmed")
def new_listing() -> str | BaseResponse:
    """From anywhere on the site to the form of a new listing (`?topic=<key>`), by way of registering where needed."""
    topic = request.args.get("topic") or None
    providers = [provider for provider in providers_of(current_user) if provider.status in OFFERING]
    if not providers:
        return redirect(url_for("manage_provider.register", topic=topic))
    if len(providers) == 1:
        return redirect(url_for("manage_listing.new", provider=providers[0].slug, topic=topic))
    return render_template("listings/desk/choose_provider.html", providers=providers, topic=topic)
