"""What every page of a provider's desk shows beside its own content: the navigation, and what needs attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template
from flask_login import current_user

from marketplace.core.extensions import now
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.providers.membership import providers_of
from marketplace.providers.models import Provider
from marketplace.providers.signals import (
    desk_counts_requested,
    desk_needs_requested,
    suspension_effects_requested,
)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the provider: what, why, and where to do it. `place` names a thing in `place_language`;
    `feature` is the page of the desk that counts it, as so many (`count`)."""

    feature: str
    title: str
    text: str
    address: str
    button: str
    place: str = ""
    place_language: str = ""
    urgent: bool = False
    count: int = 1


def needs_of(provider: Provider) -> list[Need]:
    """Everything that other features have waiting for a provider, urgent things first."""
    found = [need for _, needs in desk_needs_requested.send(Provider, provider=provider) for need in needs]
    return sorted(found, key=lambda need: not need.urgent)


def effects_of_suspension(provider: Provider) -> list[str]:
    """What of other features a suspension would change, in sentences for a moderator."""
    answers = suspension_effects_requested.send(Provider, provider=provider)
    return [effect for _, effects in answers for effect in effects]


def desk_page(template: str, provider: Provider, status: int | None = None, **context: Any) -> Response:
    """A page beside the provider's navigation, which says how many listings, and what else, need the provider. Where none is
    given, the page's form knows the status."""
    counts: dict[str, int] = {}
    for _, answer in desk_counts_requested.send(Provider, provider=provider, now=now()):
        counts |= answer
    page = render_template(
        template,
        provider=provider,
        providers=providers_of(current_user),
        waiting=counts.get("listings", 0),
        other_needs=needs_of(provider),
        **context,
    )
    return make_response(page, status or getattr(context.get("form"), "status_code", 200))


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
