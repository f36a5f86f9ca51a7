from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Invalid
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.listings import LISTING_MOVES
from tests.factories import NOON, make_listing, make_provider, make_topic


@pytest.mark.parametrize(
    ("status", "code"), [("pending", "provider_pending"), ("suspended", "provider_not_active")]
)
def test_a_listing_goes_live_after_its_provider(app: Flask, status: str, code: str) -> None:
    listing = make_listing(make_topic(), make_provider(status=status), status="pending")
    with pytest.raises(Invalid) as caught:
        LISTING_MOVES["listing"]["publish"].check(find_subject("listing", listing.id), Choice(now=NOON))
    assert caught.value.code == code


@pytest.mark.parametrize(("status", "move"), [("active", "suspend"), ("suspended", "reinstate")])
def test_a_settled_provider_is_suspended_or_reinstated(app: Flask, status: str, move: str) -> None:
    subject = find_subject("provider", make_provider(status=status).id)
    moves = LISTING_MOVES["provider"]
    assert moves[move].is_open(subject)
    assert not moves["suspend" if move == "reinstate" else "reinstate"].is_open(subject)
