"""The provider's desk: the form of a listing, its preview, and choosing a topic for a new one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import db, now
from marketplace.guides.models import Topic
from marketplace.guides.queries import topic_by_key, topic_countries
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.listings.desk.forms import ListingForm
from marketplace.listings.desk.rows import preview_rows
from marketplace.listings.desk.topics import PAGE_SIZE, topic_choices
from marketplace.listings.freshness import answer_by
from marketplace.listings.models import LIVE, Listing, ListingStatus
from marketplace.listings.queries import own_listing
from marketplace.listings.services import (
    SUBMITTABLE,
    edit_listing,
    listing_for,
    save_draft,
    submit_listing,
)
from marketplace.listings.terms import OfferTerms, terms_of
from marketplace.providers.desk.pages import desk_page, topic_name
from marketplace.providers.membership import own_provider
from marketplace.providers.models import Provider
from marketplace.web.fields import country_choices
from marketplace.web.forms import PageForm
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access

bp = Blueprint("manage_listing", __name__)


@bp.route("/manage/<provider>/listings/new/", methods=["GET", "POST"])
@access("confirmed")
def new(provider: str) -> BaseResponse:
    """A new listing for `?topic=<key>`; without it the list of topics to choose from."""
    own = own_provider(current_user, provider)
    if not request.args.get("topic"):
        return _choose(own)
    topic = topic_by_key(request.args["topic"])
    existing = listing_for(own, topic.id)
    if existing is not None and request.method == "GET":
        return redirect(url_for("manage_listing.edit", provider=own.slug, listing_id=existing.id))
    return _answer(own, topic, None, OfferTerms())


@bp.route("/manage/<provider>/listings/<int:listing_id>/edit/", methods=["GET", "POST"])
@access("confirmed")
def edit(provider: str, listing_id: int) -> BaseResponse:
    """A listing as its member left it: with the change that waits or was refused, if there is one."""
    listing = own_listing(current_user, provider, listing_id)
    return _answer(listing.provider, listing.topic, listing, terms_of(listing.edit or listing))


@bp.get("/manage/<provider>/listings/<int:listing_id>/preview/")
@access("member")
def preview(provider: str, listing_id: int) -> Response:
    """The row in each guide of the topic, with the change that waits."""
    listing = own_listing(current_user, provider, listing_id)
    terms = terms_of(listing.edit or listing)
    return desk_page(
        "listings/desk/preview.html",
        listing.provider,
        listing=listing,
        name=topic_name(listing.topic),
        preview=preview_rows(listing.topic_id, terms),
    )


def _answer(own: Provider, topic: Topic, listing: Listing | None, terms: OfferTerms) -> BaseResponse:
    form = ListingForm()
    form.offer(own, topic, terms)
    if request.method == "GET":
        return _page(form, own, topic, listing)
    asked = request.form.get("do", "send")
    valid = form.validate()
    complete = asked == "send" or (
        asked == "save" and listing is not None and listing.status in (*LIVE, ListingStatus.PENDING)
    )
    typed = form.read(own, complete=complete)
    if typed is None or not valid:
        return _page(form, own, topic, listing)
    if asked == "preview":
        return _page(form, own, topic, listing, preview=typed)
    try:
        saved = _save(own, topic, listing, typed, send=asked == "send")
    except NotFound:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(form, own, topic, listing)
    db.session.commit()
    flash(_said(saved))
    return redirect(url_for("manage.listings", provider=own.slug))


def _save(own: Provider, topic: Topic, listing: Listing | None, terms: OfferTerms, *, send: bool) -> Listing:
    if listing is None:
        listing = save_draft(actor=current_user, provider=own, topic=topic, terms=terms, now=now())
    else:
        edit_listing(actor=current_user, listing=listing, terms=terms, now=now())
    if send and listing.status in SUBMITTABLE:
        submit_listing(actor=current_user, listing=listing, now=now())
    return listing


def _said(listing: Listing) -> str:
    if listing.status == ListingStatus.PENDING or listing.edit is not None:
        day = format_date(answer_by(now()), address_language())
        return _("Sent. A moderator will reply by %(day)s, by email and here.", day=day)
    if listing.status in LIVE:
        return _("Nothing has changed. The listing stays as it is.")
    return _("Saved. Nobody will see it until you send it to a moderator.")


def _page(
    form: ListingForm,
    own: Provider,
    topic: Topic,
    listing: Listing | None,
    *,
    preview: OfferTerms | None = None,
) -> Response:
    return desk_page(
        "listings/desk/form.html",
        own,
        form=form,
        action_form=PageForm(),
        topic=topic,
        name=topic_name(topic),
        listing=listing,
        preview=None if preview is None else preview_rows(topic.id, preview),
    )


def _choose(own: Provider) -> Response:
    text, country, page = (
        request.args.get("q", "")[:200],
        request.args.get("country") or None,
        requested_page(),
    )
    choices, found = topic_choices(
        own, language=address_language(), text=text, country=country, now=now(), page=page
    )
    return desk_page(
        "listings/desk/choose.html",
        own,
        choices=choices,
        pages=pages_of(page, found, PAGE_SIZE),
        text=text,
        country=country,
        countries=country_choices(topic_countries(), address_language()),
    )
