"""Pages of a provider's desk: what all of them carry beside their own content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template
from flask_login import current_user

from marketplace.core.extensions import now
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.listings.queries import NEEDS, count_listings
from marketplace.providers.desk.needs import needs_of
from marketplace.providers.membership import providers_of
from marketplace.providers.models import Provider


def desk_page(template: str, provider: Provider, status: int = 200, **context: Any) -> Response:
    """A page beside the provider's navigation, which says how many listings, and what else, need somebody."""
    page = render_template(
        template,
        provider=provider,
        providers=providers_of(current_user),
        waiting=count_listings(provider, now=now(), show=NEEDS),
        other_needs=needs_of(provider),
        **context,
    )
    return make_response(page, status)


@dataclass(frozen=True, slots=True)
class TopicName:
    """What a page calls a topic: its guide's title and language (the reader's where there is one). `stem` is None where
    every guide is gone."""

    title: str
    language: str
    country: str
    stem: str | None


def topic_name(topic: Topic) -> TopicName:
    """The name of a topic for the reader."""
    guide = guide_titles([topic.id], address_language()).get(topic.id)
    if guide is None:
        return TopicName(topic.key, "en", topic.country, None)
    return TopicName(guide.title, guide.language, guide.country, guide.stem)
