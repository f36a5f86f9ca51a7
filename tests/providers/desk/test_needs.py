"""What waits for a provider besides its listings: others answer, urgent things come first."""

from __future__ import annotations

from typing import Any

from flask import Flask

from marketplace.core.extensions import db
from marketplace.providers.desk.pages import Need, needs_of
from marketplace.providers.models import Provider
from marketplace.providers.signals import desk_needs_requested
from tests.clients import Client
from tests.factories import make_provider, make_user, sign_in


def need(title: str, *, urgent: bool = False) -> Need:
    return Need("placements", title, "Why.", "/somewhere/", "Do it", "A guide", "en", urgent)


def test_nobody_needs_anything_by_itself(app: Flask) -> None:
    assert needs_of(make_provider()) == []


def test_urgent_needs_come_first_and_are_on_the_desk(app: Flask, client: Client) -> None:
    member = make_user()
    provider = make_provider(member)
    db.session.commit()

    def answer(sender: Any, *, provider: Provider) -> list[Need]:
        return [need("Later"), need("At once", urgent=True)]

    sign_in(client, member)
    with desk_needs_requested.connected_to(answer):
        assert [found.title for found in needs_of(provider)] == ["At once", "Later"]
        page = client.page(f"/manage/{provider.slug}/")
    assert "2 things need your attention." in page.text
    assert page.text.index("At once A guide") < page.text.index("Later A guide")
    assert page.links().count("/somewhere/") == 2
