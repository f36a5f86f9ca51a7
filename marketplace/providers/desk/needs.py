"""What waits for a provider besides its listings: other features answer for themselves (`signals.desk_needs_asked`)."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.listings.signals import desk_needs_asked, suspension_effects_asked
from marketplace.providers.models import Provider


@dataclass(frozen=True, slots=True)
class Need:
    """One thing: what, why, and where to do it. `place` names a thing in `place_language`; `feature` is the page of the desk
    that counts it, as so many (`count`)."""

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
    found = [need for _, needs in desk_needs_asked.send(Provider, provider=provider) for need in needs]
    return sorted(found, key=lambda need: not need.urgent)


def effects_of_suspension(provider: Provider) -> list[str]:
    """What of other features a suspension would change, in sentences for a moderator."""
    return [one for _, told in suspension_effects_asked.send(Provider, provider=provider) for one in told]
