"""`marketplace guides import`, `publish` and `coverage`: arguments, output, exit status, and what becomes of found rows."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.guides.models import Guide, Topic
from marketplace.listings.models import Listing
from tests.clients import Client, Runner
from tests.clock import FrozenClock
from tests.factories import make_listing, make_provider
from tests.guide_files import ORIGIN, contents, row, write_guide

KEY = "peru-card"
OWN = row("Oficina", "https://ana.example/?ref=26", "3 days", "S/ 50")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """Two guides of a topic, one with a row."""
    write_guide(tmp_path / "guides", "en/peru/card", key=KEY, rows=[OWN])
    write_guide(tmp_path / "guides", "es/peru/carné", key=KEY)
    return tmp_path / "guides"


def run(runner: Runner, *arguments: object) -> Result:
    return runner.invoke(args=["guides", *(str(argument) for argument in arguments)])


def report(runner: Runner, *arguments: object) -> dict[str, Any]:
    result = run(runner, *arguments, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return {**found, "status": result.exit_code}


def offer(name: str = "Papeles") -> None:
    topic = db.session.scalars(select(Topic).where(Topic.key == KEY)).one()
    make_listing(topic, make_provider(name=name))
    db.session.commit()


# --- Import ----------------------------------------------------------------------------------------------------------


def test_an_import_names_folders_that_are_no_country_we_know(runner: Runner, folder: Path) -> None:
    write_guide(folder, "en/atlantis/card", key="atlantis-card")
    write_guide(folder, "en/kosovo/card", key="kosovo-card")
    result = run(runner, "import", folder)
    assert result.exit_code == 0
    assert result.stderr == "atlantis: not the name of a country we know, so it has no currency of its own\n"


def test_a_guide_that_is_held_back_is_on_no_page_until_its_day(
    runner: Runner, folder: Path, client: Client, clock: FrozenClock
) -> None:
    write_guide(folder, "en/peru/tax", key="peru-tax", front="draft: true", title="Tax draft")
    write_guide(
        folder, "en/peru/visa", key="peru-visa", front="publishDate: 2026-11-24T00:00:00Z", title="New visa"
    )
    write_guide(folder, "en/peru/old", key="peru-old", front="expiryDate: 2026-11-24", title="Old rule")
    link = f"[visa]({ORIGIN}/guides/peru/visa/)"
    write_guide(folder, "en/peru/links", key="peru-links", body=link)
    result = run(runner, "import", folder, "--json")
    assert json.loads(result.stdout)["imported"] == 6
    assert "2 guides are held back" in result.stderr

    def present() -> set[str]:
        lists = "".join(
            client.get(path).text for path in ("/guides/peru/", "/search/?q=peru", "/sitemap.xml")
        )
        pages = {
            stem for stem in ("tax", "visa", "old") if client.get(f"/guides/peru/{stem}/").status_code == 200
        }
        named = {stem for stem in ("tax", "visa", "old") if f"/guides/peru/{stem}/" in lists}
        assert pages == named
        return pages

    assert present() == {"old"}
    assert f'"{ORIGIN}/guides/peru/visa/' in client.get("/guides/peru/links/").text
    clock.advance(timedelta(hours=12))
    run_due()
    assert present() == {"visa"}
    assert '"/guides/peru/visa/"' in client.get("/guides/peru/links/").text
    assert report(runner, "coverage")["unserved"] == 3 - 1
    assert run(runner, "publish", folder).exit_code == 0, "the owner's drafts are files like the others"


def test_an_unlisted_guide_has_a_page_and_stands_in_no_list(
    runner: Runner, folder: Path, client: Client
) -> None:
    for stem, choice in (("local", "local"), ("hidden", "never")):
        write_guide(folder, f"en/peru/{stem}", key=f"peru-{stem}", front=f"_build:\n  list: {choice}")
    assert run(runner, "import", folder).exit_code == 0
    for stem in ("local", "hidden"):
        client.page(f"/guides/peru/{stem}/")
        for path in ("/search/?q=residence", "/sitemap.xml"):
            assert f"/guides/peru/{stem}/" not in client.get(path).text
    country = client.page("/guides/peru/").links()
    assert "/guides/peru/local/" in country
    assert "/guides/peru/hidden/" not in country


def test_an_import_reports_one_object(runner: Runner, folder: Path) -> None:
    write_guide(folder, "en/peru/broken", b"\xff")
    found = report(runner, "import", folder)
    assert found.pop("refused") == [
        {"path": "en/peru/broken.md", "reason": "The file is not UTF-8 at byte 0."}
    ]
    assert found == {
        "files": 3,
        "imported": 2,
        "unchanged": 0,
        "retired": 0,
        "topics": 1,
        "tables": 2,
        "status": 0,
    }
    assert report(runner, "import", folder)["unchanged"] == 2


def test_without_json_it_is_a_sentence_and_refusals_go_to_standard_error(
    runner: Runner, folder: Path
) -> None:
    write_guide(folder, "en/peru/broken", b"\xff")
    result = run(runner, "import", folder)
    assert result.stdout == ("3 files: 2 imported, 0 unchanged, 1 refused, 0 retired. 1 topics, 2 tables.\n")
    assert result.stderr == "refused en/peru/broken.md: The file is not UTF-8 at byte 0.\n"


def test_rows_found_become_unclaimed_listings_once(runner: Runner, client: Client, folder: Path) -> None:
    for _ in range(2):
        run(runner, "import", folder)
        listing = db.session.scalars(select(Listing)).one()
        assert (listing.provider.name, listing.provider.status, listing.referral) == (
            "Oficina",
            "unclaimed",
            True,
        )
        db.session.rollback()
    page = client.page("/es/guides/peru/carn%C3%A9/")
    assert "Oficina" in page.text
    assert "3 días" in page.text


def test_headings_may_be_called_like_parts_of_the_page(
    runner: Runner, client: Client, tmp_path: Path
) -> None:
    """The browser of the tests refuses a page that has an id twice."""
    names = ("Providers", "Content", "Sort", "Max", "Stars", "Compare", "Toc heading", "Language")
    body = "\n\n".join(f"## {name}\n\n### {name}" for name in names)
    write_guide(tmp_path, "en/peru/card", body=body, rows=[OWN])
    run(runner, "import", tmp_path)
    page = client.page("/guides/peru/card/")
    assert len(page.all("h3")) >= len(names)
    assert page.texts("h2", id="providers") == ["Providers"]


def test_a_folder_without_guides_is_refused_with_status_1(runner: Runner, tmp_path: Path) -> None:
    for command in ("import", "publish"):
        result = run(runner, command, tmp_path, "--json")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.count("\n") == 1
        assert "No guides in" in result.stderr


def test_only_bad_files_is_nothing_done(runner: Runner, tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/broken", b"\xff")
    found = report(runner, "import", tmp_path)
    assert (found["files"], len(found["refused"]), found["status"]) == (1, 1, 1)


def test_many_missing_files_are_not_retired_without_the_option(runner: Runner, tmp_path: Path) -> None:
    for number in range(22):
        write_guide(tmp_path, f"en/peru/guide{number}")
    run(runner, "import", tmp_path)
    for number in range(21):
        (tmp_path / f"en/peru/guide{number}.md").unlink()
    result = run(runner, "import", tmp_path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["retired"] == 0
    assert "21 guides have no file" in result.stderr
    assert "--retire" in result.stderr
    found = report(runner, "import", tmp_path, "--retire")
    assert (found["retired"], found["status"]) == (21, 0)


@pytest.mark.parametrize("arguments", [["import"], ["import", "."], ["import", "x", "y"], ["nothing"], []])
def test_wrong_usage_has_status_2(runner: Runner, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    arguments = [str(file) if argument == "." else argument for argument in arguments]
    assert run(runner, *arguments).exit_code == 2


def test_a_topics_providers_pages_follow_its_guides(runner: Runner, client: Client, folder: Path) -> None:
    run(runner, "import", folder)
    offer()
    slug = db.session.scalars(select(Listing)).all()[-1].provider.slug
    db.session.rollback()
    assert "Residence card" in client.page(f"/providers/{slug}/").text
    write_guide(folder, "en/peru/card", key=KEY, rows=[OWN], title="Identity card")
    run(runner, "import", folder)
    assert "Identity card" in client.page(f"/providers/{slug}/").text
    (folder / "en/peru/card.md").unlink()
    run(runner, "import", folder)
    assert "/guides/peru/card/" not in client.page(f"/providers/{slug}/").html.replace("/es/guides", "")


def test_a_row_that_went_from_its_file_withdraws_its_listing(runner: Runner, folder: Path) -> None:
    run(runner, "import", folder)
    write_guide(folder, "en/peru/card", key=KEY)
    run(runner, "import", folder)
    assert db.session.scalars(select(Listing)).one().status == "withdrawn"


def test_a_row_moves_with_its_guide_to_another_topic(runner: Runner, client: Client, folder: Path) -> None:
    run(runner, "import", folder)
    write_guide(folder, "en/peru/card", key="peru-id", rows=[OWN])
    run(runner, "import", folder)
    assert "Oficina" in client.page("/guides/peru/card/").text
    assert "Oficina" not in client.page("/es/guides/peru/carn%C3%A9/").text


# --- Publish ---------------------------------------------------------------------------------------------------------


def test_a_publication_reports_one_object(runner: Runner, folder: Path) -> None:
    run(runner, "import", folder)
    offer()
    before = contents(folder)
    assert report(runner, "publish", folder, "--check") == {
        "files": 2,
        "changed": 2,
        "unchanged": 0,
        "refused": [],
        "status": 1,
    }
    assert contents(folder) == before
    assert report(runner, "publish", folder)["status"] == 0
    again = report(runner, "publish", folder, "--check")
    assert (again["unchanged"], again["status"]) == (2, 0)


def test_a_publication_reports_in_a_sentence(runner: Runner, folder: Path) -> None:
    run(runner, "import", folder)
    offer()
    assert (
        run(runner, "publish", folder, "--check").stdout
        == "2 files: 2 would change, 0 unchanged, 0 refused.\n"
    )
    assert run(runner, "publish", folder).stdout == "2 files: 2 changed, 0 unchanged, 0 refused.\n"


def test_a_refusal_is_reported_and_the_status_is_1_if_all_are_refused(runner: Runner, folder: Path) -> None:
    run(runner, "import", folder)
    offer()
    run(runner, "publish", folder)
    path = folder / "en/peru/card.md"
    path.write_bytes(path.read_bytes().replace(b"| Papeles |", b"| Papers |"))
    found = report(runner, "publish", folder)
    assert ([entry["path"] for entry in found["refused"]], found["status"]) == (["en/peru/card.md"], 0)
    other = folder / "es/peru/carné.md"
    other.write_bytes(other.read_bytes().replace(b"| Papeles |", b"| Papeles SL |"))
    assert report(runner, "publish", folder)["status"] == 1


def test_the_owners_loop_loses_and_doubles_nothing(runner: Runner, folder: Path) -> None:
    run(runner, "import", folder)
    offer()
    run(runner, "publish", folder)
    path = folder / "en/peru/card.md"
    path.write_bytes(path.read_bytes().replace(b"What it is.", b"What it really is."))
    edited = contents(folder)
    assert report(runner, "import", folder)["imported"] == 2
    assert db.session.scalar(select(func.count(Listing.id))) == 2
    db.session.rollback()
    assert report(runner, "publish", folder)["changed"] == 0
    assert contents(folder) == edited


# --- Coverage --------------------------------------------------------------------------------------------------------


def test_coverage_counts_served_topics(runner: Runner, folder: Path) -> None:
    write_guide(folder, "en/chile/tax")
    run(runner, "import", folder)
    assert report(runner, "coverage") == {
        "topics": [
            {"key": "chile-tax", "country": "chile", "languages": ["en"], "listings": 0},
            {"key": KEY, "country": "peru", "languages": ["en", "es"], "listings": 1},
        ],
        "served": 1,
        "unserved": 1,
        "status": 0,
    }
    lines = run(runner, "coverage").stdout.splitlines()
    assert lines[0] == "1 topics served, 1 unserved."
    assert [line.split() for line in lines[1:]] == [
        ["chile", "0", "of", "1", "served"],
        ["peru", "1", "of", "1", "served"],
        ["en", "1", "of", "2", "served"],
        ["es", "1", "of", "1", "served"],
    ]


def test_a_site_without_guides_has_nothing_to_serve(runner: Runner) -> None:
    assert report(runner, "coverage") == {"topics": [], "served": 0, "unserved": 0, "status": 0}


def test_retired_guides_are_marked(runner: Runner, folder: Path) -> None:
    run(runner, "import", folder)
    (folder / "es/peru/carné.md").unlink()
    assert report(runner, "import", folder)["retired"] == 1
    assert db.session.scalar(select(func.count(Guide.id)).where(Guide.retired_at.is_not(None))) == 1
