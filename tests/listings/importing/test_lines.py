"""A line's topic, provider and website."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import InvalidFields
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.lines import read_line, reason_of, topic_ids
from tests.factories import make_topic

CELLS = {"topic": " mexico-visa ", "provider": " Casa\nOcotillo ", "website": "https://www.casa.example/"}


def test_a_line_names_its_provider_by_name_and_host(app: Flask) -> None:
    line = read_line(Record(7, CELLS), {"mexico-visa": 3})
    assert (line.number, line.topic_id, line.identity) == (7, 3, ("Casa Ocotillo", "casa.example"))


def test_a_provider_without_a_website_is_named_by_its_name_alone(app: Flask) -> None:
    line = read_line(Record(2, {**CELLS, "website": ""}), {"mexico-visa": 3})
    assert (line.identity, line.website.url) == (("Casa Ocotillo", ""), "")


def test_all_that_is_wrong_is_said_in_the_order_of_the_columns(app: Flask) -> None:
    with pytest.raises(InvalidFields) as refusal:
        read_line(Record(2, {"topic": "x", "provider": "n" * 121, "website": "ftp://x.example"}), {})
    assert reason_of(refusal.value) == (
        "topic: There is no such procedure; provider: The name must be 120 characters or "
        "fewer; website: Enter your full website address, starting with https:// or http://"
    )


def test_topics_are_found_by_their_keys(app: Flask) -> None:
    topic = make_topic(key="mexico-visa")
    assert topic_ids({"mexico-visa", "mexico-none"}) == {"mexico-visa": topic.id}
