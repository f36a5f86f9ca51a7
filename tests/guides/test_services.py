"""Stored guides, links that follow guides as they come and go, and revisions of topics."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from marketplace.core.extensions import db
from marketplace.guides.hugo.publication import EVERYWHERE
from marketplace.guides.links import SitePaths
from marketplace.guides.models import Topic
from marketplace.guides.reading import StoredGuide
from marketplace.guides.services import (
    LinkTargets,
    raise_all_topic_revisions,
    raise_topic_revisions,
)
from tests.factories import make_topic
from tests.guide_files import ORIGIN, write_guide
from tests.guides.running import Run, guide_of

CARD = f"See [the card]({ORIGIN}/es/guides/peru/carn%C3%A9/) and [home]({ORIGIN}/es/)."
HERE = 'href="/es/guides/peru/carn%C3%A9/"'
THERE = f'href="{ORIGIN}/es/guides/peru/carn%C3%A9/"'


def html(path: str) -> str:
    return guide_of(path).html_before


def test_a_link_follows_its_guide_when_it_is_added_and_removed(app: Flask, tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/tax", body=CARD)
    Run(tmp_path)
    assert THERE in html("en/peru/tax")
    assert guide_of("en/peru/tax").file.links == {"/es/": False, "/es/guides/peru/carné/": False}
    before = guide_of("en/peru/tax").topic.revision

    carné = write_guide(tmp_path, "es/peru/carné")
    assert Run(tmp_path).counts == (2, 1, 1, 0, 0)
    assert HERE in html("en/peru/tax")
    assert 'href="/es/"' in html("en/peru/tax")
    linked = guide_of("en/peru/tax").topic.revision
    assert linked > before, "readers' caches are told"

    Run(tmp_path)
    assert guide_of("en/peru/tax").topic.revision == linked

    carné.unlink()
    Run(tmp_path)
    assert THERE in html("en/peru/tax")


def test_links_are_mended_by_the_next_run_when_one_was_cut_off(app: Flask, tmp_path: Path) -> None:
    """A run that stored a new guide and died before it linked the old ones."""
    write_guide(tmp_path, "en/peru/tax", body=CARD)
    Run(tmp_path)
    write_guide(tmp_path / "later", "es/peru/carné")
    Run(tmp_path / "later", keep=True)
    guide = guide_of("en/peru/tax")
    guide.file.links = dict.fromkeys(guide.file.links, False)
    guide.html_before = guide.html_before.replace(HERE, THERE)
    db.session.commit()
    write_guide(tmp_path, "es/peru/carné")
    assert Run(tmp_path).report.imported == 0
    assert HERE in html("en/peru/tax")


def test_links_of_a_whole_import_find_each_other(app: Flask, tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/tax", body=CARD)
    write_guide(tmp_path, "es/peru/carné", body=f"[tax]({ORIGIN}/guides/peru/tax#more)")
    Run(tmp_path)
    assert HERE in html("en/peru/tax")
    assert 'href="/guides/peru/tax#more"' in html("es/peru/carné")


def test_a_guide_that_turned_bad_is_still_a_target_of_links(app: Flask, tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/tax", body=CARD)
    write_guide(tmp_path, "es/peru/carné")
    Run(tmp_path)
    write_guide(tmp_path, "es/peru/carné", b"\xff")
    Run(tmp_path)
    assert HERE in html("en/peru/tax")


def test_a_guide_is_found_by_title_country_and_name(app: Flask, tmp_path: Path) -> None:
    write_guide(tmp_path, "es/czech-republic/tarjeta_azul", title="Cédula ÚNICA")
    Run(tmp_path)
    words = guide_of("es/czech-republic/tarjeta_azul").search_text.split()
    assert {"cedula", "unica", "czech", "republic", "chequia", "tarjeta", "azul"} <= set(words)


def test_a_stored_guide_is_relinked_only_if_a_page_was_added_or_removed() -> None:
    targets = LinkTargets(ORIGIN, SitePaths([("en", "peru", "card")]))

    def guide(**links: bool) -> StoredGuide:
        paths = {f"/guides/{stem}/": linked for stem, linked in links.items()}
        return StoredGuide(1, "key", "", True, False, b"", paths, EVERYWHERE)

    assert not targets.have_changed_for(guide())
    assert not targets.have_changed_for(guide(peru=True, spain=False))
    assert targets.have_changed_for(guide(peru=False))
    assert targets.have_changed_for(guide(spain=True))


def revisions(*topics: Topic) -> list[int]:
    db.session.expire_all()
    return [topic.revision for topic in topics]


def test_a_change_of_a_topic_shows_on_its_pages_alone(app: Flask) -> None:
    one, other = make_topic(), make_topic()
    raise_topic_revisions([one.id])
    assert revisions(one, other) == [2, 1]
    raise_topic_revisions([])
    assert revisions(one, other) == [2, 1]


def test_several_topics_change_together(app: Flask) -> None:
    one, other, third = make_topic(), make_topic(), make_topic()
    raise_topic_revisions({one.id, other.id})
    assert revisions(one, other, third) == [2, 2, 1]
    raise_all_topic_revisions()
    assert revisions(one, other, third) == [3, 3, 2]
