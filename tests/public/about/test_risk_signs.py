from __future__ import annotations

from flask import Flask

from marketplace.public.about.risk_signs import risk_signs
from marketplace.reviews.risk.rules import BURST, FLOOD, NETWORK_BURST, WEIGHTS
from marketplace.text.near_duplicates import COPIED, SIMILAR


def test_every_sign_is_described_with_the_numbers_in_use_strongest_first(app: Flask) -> None:
    with app.test_request_context("/"):
        signs = risk_signs()
    assert [sign.points for sign in signs] == sorted(WEIGHTS.values(), reverse=True)
    assert len({sign.words for sign in signs}) == len(WEIGHTS)
    told = " ".join(sign.words for sign in signs)
    for rush in (FLOOD, BURST, NETWORK_BURST):
        assert f"{rush.hour} others within an hour or {rush.day} within a day" in told
    for percent in (COPIED, SIMILAR):
        assert f"by {percent} per cent or more" in told
