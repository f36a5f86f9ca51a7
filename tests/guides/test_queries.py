"""What is asked of topics and guides: addresses, lists, names, search. Retired guides are never an answer."""

from __future__ import annotations

import pytest

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.guides import queries
from marketplace.guides.models import Topic
from tests.factories import NOON, make_guide, make_topic

pytestmark = pytest.mark.usefixtures("app")


def peru_topic() -> Topic:
    topic: Topic = make_topic("peru", "peru-card", languages=())
    make_guide(topic, "es", "carné_b", title="Carné B", search_text="carne b peru")
    make_guide(topic, "es", "carné_a", title="Carné A", search_text="carne a peru")
    make_guide(topic, "en", "card", title="Card", search_text="card peru 100% a_b")
    make_guide(topic, "de", "karte", title="Karte", retired_at=NOON, shown=False)
    db.session.flush()
    return topic


def test_a_guide_is_found_at_its_address() -> None:
    topic = peru_topic()
    found = queries.guide_at("es", "peru", "carné_a")
    assert (found.topic_id, found.topic_key, found.revision) == (topic.id, "peru-card", 1)


@pytest.mark.parametrize(
    ("language", "country", "stem"),
    [("en", "peru", "carné_a"), ("es", "chile", "carné_a"), ("de", "peru", "karte"), ("en", "", "")],
)
def test_no_other_address_has_a_guide(language: str, country: str, stem: str) -> None:
    peru_topic()
    with pytest.raises(NotFound):
        queries.guide_at(language, country, stem)


def test_languages_are_those_of_guides_that_are_not_retired() -> None:
    peru_topic()
    assert queries.guide_languages() == ["en", "es"]
    assert [queries.language_has_guides(tag) for tag in ("en", "de", "pt")] == [True, False, False]
    assert queries.guide_languages("peru") == ["en", "es"]
    assert queries.guide_languages("chile") == []


def test_the_guides_of_a_topic_come_by_language_and_stem_with_the_text_of_one() -> None:
    topic = peru_topic()
    wanted = queries.guide_at("es", "peru", "carné_a").guide_id
    rows = queries.topic_guides(topic.id, wanted)
    assert [(row.language, row.stem) for row in rows] == [
        ("en", "card"),
        ("es", "carné_a"),
        ("es", "carné_b"),
    ]
    assert [bool(row.html_before) for row in rows] == [False, True, False]
    assert rows[1].header == ["Provider", "Website", "Timelines", "Cost"]


def test_countries_and_their_guides_are_listed_by_name() -> None:
    peru_topic()
    make_topic("chile", languages=("es",))
    assert [(row.country, row.guides) for row in queries.countries("es")] == [("chile", 1), ("peru", 2)]
    assert [row.title for row in queries.country_guides("es", "peru")] == ["Carné A", "Carné B"]
    assert queries.country_guides("de", "peru") == []


def test_a_topic_is_named_in_the_language_then_in_english_then_in_any() -> None:
    topic = peru_topic()
    greek = make_topic("peru", languages=("el",))
    gone = make_topic("peru", languages=())
    ids = [topic.id, greek.id, gone.id]
    assert {key: row.stem for key, row in queries.guide_titles(ids, "es").items()} == {
        topic.id: "carné_a",
        greek.id: greek.guides[0].stem,
    }
    assert queries.guide_titles(ids, "pt")[topic.id].stem == "card"
    assert queries.guide_titles([], "es") == {}


@pytest.mark.parametrize(
    ("words", "stems"),
    [
        ([], ["card"]),
        (["card", "peru"], ["card"]),
        (["100%"], ["card"]),
        (["a_b"], ["card"]),
        (["%"], ["card"]),
        (["a%b"], []),
        (["card", "chile"], []),
        (["/"], []),
        (["'; DROP TABLE guide; --"], []),
    ],
)
def test_search_wants_every_word_as_it_is_typed(words: list[str], stems: list[str]) -> None:
    peru_topic()
    assert [row.stem for row in db.session.execute(queries.matching_guides("en", words))] == stems


def test_search_may_be_kept_to_a_country() -> None:
    peru_topic()
    make_topic("chile", languages=("es",))
    found = db.session.execute(queries.matching_guides("es", [], "chile")).all()
    assert [row.country for row in found] == ["chile"]


def test_a_sitemap_lists_the_guides_of_a_language() -> None:
    topic = make_topic("peru", languages=())
    make_guide(topic, "es", "carné")
    make_guide(topic, "es", "adiós", retired_at=NOON, shown=False)
    assert [(row.country, row.stem) for row in queries.sitemap_guides("es")] == [("peru", "carné")]
    assert queries.sitemap_guides("xx") == []
