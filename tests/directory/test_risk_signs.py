from __future__ import annotations

import re

from flask import Flask

from marketplace.directory.risk_signs import risk_signs
from marketplace.reviews.near_duplicates import COPIED, SIMILAR
from marketplace.reviews.risk import BURST, EXTREME_FROM, FLOOD, NETWORK_BURST, WEIGHTS, YOUNG_ACCOUNT
from tests.clients import Client


def test_every_sign_is_told_with_its_points_strongest_first(app: Flask) -> None:
    with app.test_request_context():
        signs = risk_signs()
    assert {sign.code: sign.points for sign in signs} == WEIGHTS
    assert [sign.points for sign in signs] == sorted(WEIGHTS.values(), reverse=True)
    assert len({sign.words for sign in signs}) == len(WEIGHTS)


def test_the_sentences_have_the_figures_that_are_gone_by(app: Flask) -> None:
    with app.test_request_context():
        figures = {sign.code: [int(one) for one in re.findall(r"\d+", sign.words)] for sign in risk_signs()}
    assert {code: found for code, found in figures.items() if found} == {
        "flood": [FLOOD.hour, FLOOD.day, FLOOD.usual],
        "burst": [BURST.hour, BURST.day, BURST.usual],
        "network_burst": [NETWORK_BURST.hour, NETWORK_BURST.day],
        "copied_text": [COPIED],
        "similar_text": [SIMILAR],
        "young_account": [YOUNG_ACCOUNT.days],
        "all_extreme": [EXTREME_FROM],
    }
    assert NETWORK_BURST.usual == 0, "nothing is said of usual days"


def test_the_page_shows_the_points_of_each_sign(app: Flask, client: Client) -> None:
    for path in ("/about/reviews/", "/es/about/reviews/"):
        assert client.page(path).texts("td", class_="num") == [str(points) for points in WEIGHTS.values()]
