"""Makes rows for tests: each function adds one thing with sensible defaults and commits nothing."""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from flask_security.utils import hash_password

from marketplace.accounts.models import User
from marketplace.accounts.terms import NEWEST
from marketplace.billing.models import Placement, PlacementPrice
from marketplace.core.extensions import db
from marketplace.guides.models import Guide, GuideFile, Topic
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "a-long-test-password"
_numbers = itertools.count(1)


def make_user(role: str = "member", *, confirmed: bool = True, **values: Any) -> User:
    """A person with an account; signs in with `PASSWORD`."""
    number = next(_numbers)
    defaults = {
        "email": f"person{number}@home{number}.example",
        "name": f"Person {number}",
        "language": "en",
        "role": role,
        "password": _hash_of_password(current_app.config["SECURITY_PASSWORD_SALT"]),
        "active": True,
        "fs_uniquifier": secrets.token_hex(16),
        "confirmed_at": NOON if confirmed else None,
        "created_at": NOON,
        "terms_version": NEWEST.name,
    }
    return _add(User(**{**defaults, **values}))


def make_topic(
    country: str = "mexico", key: str | None = None, languages: tuple[str, ...] = ("en", "es")
) -> Topic:
    """A topic with one guide in each language, stems `procedure<n>` (English) or `<language>_procedure<n>`."""
    number = next(_numbers)
    topic = Topic(key=key or f"{country}-procedure{number}", country=country, revision=1)
    for language in languages:
        stem = f"procedure{number}" if language == "en" else f"{language}_procedure{number}"
        _guide(topic, language, stem)
    return _add(topic)


def make_guide(topic: Topic, language: str, stem: str, **values: Any) -> Guide:
    """A guide of a topic, with a short text around its table."""
    return _add(_guide(topic, language, stem, **values))


def _guide(topic: Topic, language: str, stem: str, **values: Any) -> Guide:
    # Written by whoever adds it: a topic with its guides and their files at once.
    defaults = {
        "topic": topic,
        "language": language,
        "country": topic.country,
        "stem": stem,
        "title": f"Procedure {stem}",
        "description": "How to do it.",
        "author": "Marketplace contributors",
        "date_text": "2024-06-24",
        "search_text": f"procedure {stem}",
        "table_heading": "Providers that can do it for you",
        "header": ["Provider", "Website", "Timelines", "Cost"],
        "toc": [{"id": "description", "text": "Description", "part": "before"}],
        "html_before": '<h2 id="description">Description</h2><p>What it is.</p>',
        "html_after": '<h2 id="details">Details</h2><p>More.</p>',
        "file": GuideFile(digest="0" * 64, content=b"", original_rows=b"", links={}, imported_at=NOON),
    }
    return Guide(**{**defaults, **values})


def make_provider(owner: User | None = None, **values: Any) -> Provider:
    """An active provider, with a member if given."""
    number = next(_numbers)
    defaults = {
        "slug": f"provider-{number}",
        "name": f"Provider {number}",
        "website": f"https://provider{number}.example/",
        "host": f"provider{number}.example",
        "description": "We do paperwork.",
        "languages": ["en", "es"],
        "countries": ["mexico"],
        "status": "active",
        "search_text": f"provider {number}",
        "trader": "trader",
        "legal_name": f"Provider {number} S.L.",
        "legal_form": "S.L.",
        "address": "Calle Mayor 1, 28013 Madrid",
        "seat": "ES",
        "contact": f"office@provider{number}.example",
        "lawful_at": NOON,
        "created_at": NOON,
    }
    provider: Provider = _add(Provider(**{**defaults, **values}))
    if owner is not None:
        _add(ProviderMember(provider_id=provider.id, user_id=owner.id, created_at=NOON))
    return provider


def make_listing(topic: Topic, provider: Provider | None = None, **values: Any) -> Listing:
    """A published listing at a fixed 4,200 MXN in 12 to 18 business days."""
    provider = provider or make_provider()
    defaults = {
        "provider_id": provider.id,
        "topic_id": topic.id,
        "status": "published",
        "service": "We fill in the application and go with you.",
        "cost_basis": "fixed",
        "fee_min": 420000,
        "currency": "MXN",
        "official_fee_kind": "unknown",
        "time_min": 12,
        "time_max": 18,
        "time_unit": "business_days",
        "time_from": "documents_complete",
        "created_at": NOON,
        "submitted_at": NOON,
        "published_at": None if values.get("status") in ("draft", "pending") else NOON,
        "confirmed_at": NOON,
    }
    return _add(Listing(**{**defaults, **values}))


def make_placement(listing: Listing, *, country: bool = False, **values: Any) -> Placement:
    """A paid month on top of a listing's topic, or of its country's page, as if Stripe had said so."""
    topic = listing.topic
    scope = f"country:{topic.country}" if country else f"topic:{topic.id}"
    defaults = {
        "scope": scope,
        "slot_no": next(_numbers),
        "provider_id": listing.provider_id,
        "listing_id": None if country else listing.id,
        "country": topic.country,
        "kind": "month",
        "amount": 4900,
        "currency": "EUR",
        "state": "active",
        "period_end": NOON + timedelta(days=30),
        "created_at": NOON,
        "started_at": NOON,
    }
    return _add(Placement(**{**defaults, **values}))


def make_price(country: str = "mexico", **values: Any) -> PlacementPrice:
    """What a place costs in a country: 49 EUR a month, 60 EUR a pass, three slots each."""
    defaults = {
        "country": country,
        "currency": "EUR",
        "month_amount": 4900,
        "pass_amount": 6000,
        "topic_slots": 3,
        "country_slots": 3,
        "version": 1,
        "updated_at": NOON,
    }
    return _add(PlacementPrice(**{**defaults, **values}))


def make_review(listing: Listing, author: User | None = None, **values: Any) -> Review:
    """A published documented review; the listing's sums are not touched (call the reviews services for that)."""
    author = author or make_user()
    defaults = {
        "listing_id": listing.id,
        "user_id": author.id,
        "rating": 5,
        "text": "They answered every question and the card came on the day they said.",
        "language": "en",
        "experience_on": date(2026, 10, 1),
        "level": "documented",
        "status": "published",
        "submitted_at": NOON,
        "published_at": NOON,
    }
    return _add(Review(**{**defaults, **values}))


def make_reply(review: Review, **values: Any) -> Reply:
    """A published reply of the provider; with another status nothing of it is shown, unless `shown_text` says so."""
    text = "Thank you. We have put what you missed on the first page of our checklist."
    values = {"text": text, "language": "en", "status": "published", "published_at": NOON, **values}
    shown = (values["text"], values["language"]) if values["status"] == "published" else (None, None)
    defaults = {
        "review_id": review.id,
        "provider_id": review.listing.provider_id,
        "shown_text": shown[0],
        "shown_language": shown[1],
        "submitted_at": NOON,
    }
    return _add(Reply(**{**defaults, **values}))


def sign_in(client: FlaskClient, user: User) -> None:
    """Sign the client in as this user, as the session cookie would."""
    # Not the home page: a public page neither reads nor writes sessions.
    with client.session_transaction("/account/") as session:
        session["_user_id"] = user.fs_uniquifier
        session["_fresh"] = True


@lru_cache
def _hash_of_password(salt: str) -> str:
    # Slow on purpose, so once a run; it depends on the application's salt.
    return str(hash_password(PASSWORD))


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
