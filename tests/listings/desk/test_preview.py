"""An offer as the table will show it."""

from __future__ import annotations

from flask import Flask

from marketplace.listings.desk.rows import preview_rows
from marketplace.listings.terms import OfferTerms
from tests.factories import make_guide, make_topic
from tests.listings.making import TERMS


def test_there_is_a_row_for_each_guide_in_its_language_and_number_format(app: Flask) -> None:
    topic = make_topic(languages=())
    make_guide(topic, "en", "visa", title="Visa")
    make_guide(topic, "es", "visado", title="Visado", header=["Proveedor", "Sitio", "Plazos", "Costo"])
    english, spanish = preview_rows(topic.id, TERMS)
    assert (english.title, english.time, english.cost) == ("Visa", "10–15 business days", "MX$1,400–1,900")
    assert (english.time_from, english.official_fee) == ("from the order", "official fees not known")
    assert (spanish.heads[3], spanish.time, spanish.cost) == (
        "Costo",
        "10–15 días hábiles",
        "1.400–1.900\u00a0MXN",
    )


def test_a_guide_without_a_table_gets_our_heads_and_an_empty_offer_our_words(app: Flask) -> None:
    topic = make_topic(languages=())
    make_guide(topic, "en", "visa", header=None)
    [row] = preview_rows(topic.id, OfferTerms())
    assert row.heads == ("Provider", "Website", "Timelines", "Cost")
    assert (row.time, row.cost, row.official_fee, row.time_from) == ("not stated", "on request", "", "")
