"""Featured placements on every public surface: above the earned order, labelled in words, in the day's rotation, and gone as
soon as nothing entitles them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.billing.models import Placement
from marketplace.billing.placements.scopes import invalidate_scope
from marketplace.core.extensions import db
from marketplace.guides.hugo.guide_file import plain_text, read_guide
from marketplace.guides.models import Topic
from marketplace.i18n.table_words import word
from marketplace.listings.models import Listing
from marketplace.public.publish.services import publish_guides
from tests.clients import Client
from tests.clock import START, FrozenClock
from tests.conftest import CountQueries
from tests.factories import make_guide, make_listing, make_placement, make_price, make_provider
from tests.guide_files import write_guide
from tests.guides.running import Run
from tests.pages import Page, text_of
from tests.public.site import Site, words

CARD = "/guides/peru/card/"


def groups(page: Page) -> list[list[str]]:
    """The names of the table's rows by group: paid, where there is one, then earned."""
    (table,) = page.all("table", class_="offers")
    return [
        [text_of(link) for link in body.iter("a") if link.get("class") == "title-link"]
        for body in table.iter("tbody")
    ]


def feature(listing: Listing, **values: object) -> Placement:
    placement: Placement = make_placement(listing, **values)
    invalidate_scope(placement.scope)
    db.session.commit()
    return placement


def test_a_featured_listing_is_on_top_with_a_label_and_keeps_its_recommended_position(
    client: Client, site: Site
) -> None:
    before = groups(client.page(CARD))
    feature(site.gestor)
    page = client.page(CARD)
    assert groups(page) == [["Gestor Rápido"], *before]
    (row,) = page.all("tr", class_="is-sponsored")
    assert "Sponsored" in text_of(row)
    assert [link.get("rel") for link in row.iter("a") if "/go/" in link.get("href", "")] == ["sponsored"]
    assert "These providers pay to appear here. Their place in the list below does not change." in words(page)
    assert "2 providers, one also in a featured placement" in words(page)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        (CARD, "en"),
        ("/es/guides/peru/carné/", "es"),
        ("/de/guides/peru/ausweis/", "de"),
        ("/el/guides/peru/karta/", "el"),
    ],
)
def test_the_label_is_in_the_language_of_the_guide(
    client: Client, site: Site, path: str, language: str
) -> None:
    make_guide(site.served, "el", "karta", title="Κάρτα")
    feature(site.gestor)
    (row,) = client.page(path).all("tr", class_="is-sponsored")
    (tag,) = [one for one in row.iter("span") if one.get("class") == "tag tag-sponsored"]
    assert text_of(tag) == word(language, "sponsored")


def test_the_first_featured_listing_changes_every_day(client: Client, site: Site, clock: FrozenClock) -> None:
    feature(site.gestor)
    feature(site.papeles)
    firsts = []
    for _ in range(4):
        firsts.append(groups(client.page(CARD))[0][0])
        clock.advance(timedelta(days=1))
    assert firsts[0] != firsts[1]
    assert firsts[:2] == firsts[2:]


def test_featured_rows_answer_the_reader_s_question_too(client: Client, site: Site) -> None:
    feature(site.gestor)
    assert "Gestor Rápido" in groups(client.page(f"{CARD}?max=100"))[0]
    assert client.page(f"{CARD}?max=10").all("tr", class_="is-sponsored") == []


@pytest.mark.parametrize(
    "values",
    [
        {"state": "held"},
        {"state": "pending"},
        {"state": "reserved"},
        {"state": "ended"},
        {"state": "released"},
        {"state": "refunded"},
        {"kind": "pass", "period_end": START - timedelta(days=1)},
        {"state": "past_due", "grace_until": START - timedelta(days=1)},
        {"period_end": START - timedelta(days=9)},
    ],
)
def test_what_is_not_paid_for_is_not_featured(client: Client, site: Site, values: dict[str, object]) -> None:
    feature(site.gestor, **values)
    assert client.page(CARD).all("tr", class_="is-sponsored") == []


@pytest.mark.parametrize("state", ["active", "canceling", "past_due"])
def test_what_is_paid_for_is_featured(client: Client, site: Site, state: str) -> None:
    feature(site.gestor, state=state, grace_until=START + timedelta(days=3) if state == "past_due" else None)
    assert len(client.page(CARD).all("tr", class_="is-sponsored")) == 1


def test_stale_data_are_not_featured(client: Client, site: Site) -> None:
    site.gestor.confirmed_at = START - timedelta(days=270)
    feature(site.gestor)
    assert client.page(CARD).all("tr", class_="is-sponsored") == []


def test_buying_a_placement_invalidates_the_cached_page(client: Client, site: Site) -> None:
    tag = client.get(CARD).headers["ETag"]
    assert client.get(CARD, headers={"If-None-Match": tag}).status_code == 304
    feature(site.gestor)
    assert client.get(CARD, headers={"If-None-Match": tag}).status_code == 200


def test_featured_placements_add_no_query_to_a_guide(
    client: Client, site: Site, count_queries: CountQueries, app: Flask
) -> None:
    feature(site.gestor)
    feature(site.papeles)
    with count_queries(app) as statements:
        client.page(CARD)
    assert len(statements) == 4


def test_a_comparison_labels_featured_ones_and_puts_them_first(client: Client, site: Site) -> None:
    asked = f"/compare/?listing={site.papeles.id}&listing={site.gestor.id}"
    heads = [text_of(cell) for cell in client.page(asked).all("th", scope="col")]
    assert heads == ["Papeles Claros", "Gestor Rápido"]
    feature(site.gestor)
    page = client.page(asked)
    assert [text_of(cell) for cell in page.all("th", scope="col")] == [
        "Gestor RápidoSponsored",
        "Papeles Claros",
    ]
    rels = {link.get("href"): link.get("rel") for link in page.all("a") if "/go/" in link.get("href", "")}
    assert rels == {f"/go/{site.gestor.id}": "sponsored", f"/go/{site.papeles.id}": "nofollow ugc"}


def test_a_country_page_shows_its_own_featured_providers_only(client: Client, site: Site) -> None:
    feature(site.papeles)
    feature(site.gestor, country=True)
    page = client.page("/guides/peru/")
    (row,) = page.all("li", class_="featured-row")
    host = site.gestor.provider.host
    assert text_of(row) == f"Gestor Rápido {host} Sponsored Offers one procedure here · English, Spanish"
    assert [link.get("rel") for link in row.iter("a")] == [None, "sponsored"]
    assert "Patrocinado" in client.page("/es/guides/peru/").text
    assert groups(client.page(CARD))[0] == ["Papeles Claros"]


def test_a_country_s_featured_provider_without_a_shown_listing_there_is_not_shown(
    client: Client, site: Site
) -> None:
    feature(site.gestor, country=True)
    site.gestor.status = "paused"
    invalidate_scope("country:peru")
    db.session.commit()
    assert client.page("/guides/peru/").all("li", class_="featured-row") == []


def test_an_empty_table_offers_a_placement_where_one_is_for_sale(client: Client, site: Site) -> None:
    empty = "/guides/chile/tax/"
    assert "Be the first here" not in words(client.page(empty))
    make_price("chile")
    invalidate_scope(f"topic:{site.empty.id}")
    db.session.commit()
    page = client.page(empty)
    assert "Be the first here" in words(page)
    assert "/manage/placements/new/?topic=chile-tax" in page.links()


def test_the_markdown_has_a_featured_listing_once_on_top_with_its_label(app: Flask, tmp_path: Path) -> None:
    for language in ("en", "es"):
        write_guide(tmp_path, f"{language}/peru/card", key="peru-card")
    Run(tmp_path)
    topic = db.session.scalars(select(Topic).where(Topic.key == "peru-card")).one()
    listings = [make_listing(topic, make_provider(name=f"Number {number}")) for number in range(12)]
    make_placement(listings[-1])
    db.session.commit()
    publish_guides(tmp_path, now=START)
    for language in ("en", "es"):
        table = read_guide((tmp_path / language / "peru" / "card.md").read_bytes()).table
        assert table is not None
        names = [plain_text(row.cells[0]) for row in table.rows]
        label = word(language, "sponsored")
        assert names == [f"Number 11 ({label})", *(f"Number {number}" for number in range(9))]
