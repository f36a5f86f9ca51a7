"""An import of a folder: what goes in, what is left out and named, what is retired, and how runs repeat."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, revision_of
from marketplace.guides.files import NoGuides
from marketplace.guides.importing import BATCH, import_guides
from marketplace.guides.models import Guide, GuideFile, PublishedRows, Topic
from marketplace.guides.reading import rows_digest
from tests.clock import START
from tests.guide_files import DELIMITER, guide_text, row, write_guide
from tests.guides.running import Run, guide_of, shown

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]

PAIR = {"en/peru/card": "peru-card", "es/peru/carné": "peru-card"}


def write_pair(folder: Path) -> None:
    for name, key in PAIR.items():
        write_guide(folder, name, key=key)


def test_a_topic_has_a_guide_in_each_language(tmp_path: Path) -> None:
    write_pair(tmp_path)
    write_guide(tmp_path, "en/spain/tax")
    run = Run(tmp_path)
    assert run.counts == (3, 3, 0, 0, 0)
    assert (run.report.topics, run.report.tables) == (2, 3)
    assert shown() == {**PAIR, "en/spain/tax": "spain-tax"}
    assert run.keys == {"peru-card", "spain-tax"}
    guide = guide_of("es/peru/carné")
    assert (guide.topic.country, guide.header, guide.table_heading) == (
        "peru",
        ["Proveedor", "Sitio web", "Plazos", "Costo"],
        "Providers",
    )
    assert [entry["part"] for entry in guide.toc] == ["before", "table", "after"]
    assert guide.file.content == (tmp_path / "es/peru/carné.md").read_bytes()


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    write_pair(tmp_path)
    Run(tmp_path)
    before = revision_of(SITE), guide_of("en/peru/card").topic.revision
    run = Run(tmp_path)
    assert run.counts == (2, 0, 2, 0, 0)
    assert (run.report.topics, run.report.tables, run.rows, run.touched) == (1, 2, [], set())
    assert (revision_of(SITE), guide_of("en/peru/card").topic.revision) == before


def test_a_changed_file_is_taken_again_and_its_pages_change(tmp_path: Path) -> None:
    write_pair(tmp_path)
    Run(tmp_path)
    before = revision_of(SITE), guide_of("en/peru/card").topic.revision
    write_guide(tmp_path, "en/peru/card", title="Identity card", key="peru-card", body="It is *new*.")
    run = Run(tmp_path)
    assert run.counts == (2, 1, 1, 0, 0)
    guide = guide_of("en/peru/card")
    assert guide.title == "Identity card"
    assert "<em>new</em>" in guide.html_before
    assert (revision_of(SITE), guide.topic.revision) > before
    assert "identity card" in guide.search_text


def test_a_removed_file_retires_its_guide_and_keeps_its_topic(tmp_path: Path) -> None:
    write_pair(tmp_path)
    Run(tmp_path)
    before = guide_of("en/peru/card").topic.revision
    (tmp_path / "en/peru/card.md").unlink()
    run = Run(tmp_path)
    assert run.counts == (1, 0, 1, 1, 0)
    assert shown() == {"es/peru/carné": "peru-card"}
    guide = guide_of("en/peru/card")
    assert (guide.retired_at, guide.topic.key) == (START, "peru-card")
    assert guide.topic.revision > before
    assert run.keys == {"peru-card"}
    assert Run(tmp_path).counts == (1, 0, 1, 0, 0)


def test_a_file_that_reappears_is_a_guide_again(tmp_path: Path) -> None:
    write_pair(tmp_path)
    Run(tmp_path)
    text = (tmp_path / "en/peru/card.md").read_bytes()
    (tmp_path / "en/peru/card.md").unlink()
    Run(tmp_path)
    number = guide_of("en/peru/card").id
    write_guide(tmp_path, "en/peru/card", text)
    assert Run(tmp_path).counts == (2, 1, 1, 0, 0)
    assert shown() == PAIR
    assert guide_of("en/peru/card").id == number


def test_one_bad_file_is_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    write_pair(tmp_path)
    bad = {
        "en/peru/broken": b"---\ntitle: [\n---\n",
        "en/peru/bytes": b"---\ntitle: \xff\n---\n",
        "en/peru/empty": b"",
        "en/peru/nul": b"---\ntitle: x\n---\n\0",
        "en/peru/text": b"no front matter\n",
    }
    for name, data in bad.items():
        write_guide(tmp_path, name, data)
    run = Run(tmp_path)
    assert run.counts == (7, 2, 0, 0, 5)
    assert {entry["path"]: bool(entry["reason"]) for entry in run.report.refused} == {
        f"{name}.md": True for name in bad
    }
    assert shown() == PAIR


def test_a_file_that_turns_bad_keeps_its_old_guide(tmp_path: Path) -> None:
    write_pair(tmp_path)
    Run(tmp_path)
    write_guide(tmp_path, "en/peru/card", b"\xff")
    run = Run(tmp_path)
    assert run.counts == (2, 0, 1, 0, 1)
    assert (run.report.topics, run.report.tables) == (1, 1)
    assert shown() == PAIR
    write_guide(tmp_path, "en/peru/card", key="peru-card")
    assert Run(tmp_path).counts == (2, 0, 2, 0, 0)


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        write_guide(folder, f"en/peru/guide{number:03}")


def take_away(folder: Path, count: int) -> None:
    for path in sorted(folder.rglob("*.md"))[:count]:
        path.unlink()


@pytest.mark.parametrize(
    ("files", "taken", "held"), [(22, 20, False), (22, 21, True), (210, 21, False), (209, 21, True)]
)
def test_many_guides_are_retired_only_on_request(tmp_path: Path, files: int, taken: int, held: bool) -> None:
    fill(tmp_path, files)
    Run(tmp_path)
    take_away(tmp_path, taken)
    run = Run(tmp_path)
    assert (run.report.retired, run.report.not_retired) == ((0, taken) if held else (taken, 0))
    assert len(shown()) == files - (0 if held else taken)
    assert Run(tmp_path, retire=True).report.retired == (taken if held else 0)
    assert len(shown()) == files - taken


def test_a_run_that_retires_nothing_still_imports_new_guides(tmp_path: Path) -> None:
    fill(tmp_path, 30)
    Run(tmp_path)
    take_away(tmp_path, 25)
    write_pair(tmp_path)
    run = Run(tmp_path)
    assert (run.report.imported, run.report.retired, run.report.not_retired) == (2, 0, 25)
    assert len(shown()) == 32


def test_bad_files_are_not_gone_files(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    Run(tmp_path)
    for path in tmp_path.rglob("*.md"):
        path.write_bytes(b"\0")
    run = Run(tmp_path)
    assert run.counts == (3, 0, 0, 0, 3)
    assert len(shown()) == 3


def test_a_run_may_keep_what_has_no_file(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    Run(tmp_path)
    take_away(tmp_path, 1)
    run = Run(tmp_path, keep=True)
    assert (run.report.retired, len(shown())) == (0, 3)


def test_a_folder_without_guides_changes_nothing(tmp_path: Path) -> None:
    write_pair(tmp_path)
    Run(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoGuides):
        Run(tmp_path / "empty")
    assert shown() == PAIR


def test_more_files_than_a_batch_all_go_in(tmp_path: Path) -> None:
    fill(tmp_path, BATCH + 2)
    assert Run(tmp_path).counts == (BATCH + 2, BATCH + 2, 0, 0, 0)
    assert db.session.scalar(select(func.count(Topic.id))) == BATCH + 2


def test_another_origin_rewrites_all_links(tmp_path: Path) -> None:
    link = "[card](https://papers.example/es/guides/peru/carné/)"
    write_guide(tmp_path, "en/peru/card", key="peru-card", body=link)
    write_guide(tmp_path, "es/peru/carné", key="peru-card")
    Run(tmp_path)
    assert "https://papers.example/" in guide_of("en/peru/card").html_before
    assert Run(tmp_path, origin="https://papers.example").report.imported == 2
    assert 'href="/es/guides/peru/carn%C3%A9/"' in guide_of("en/peru/card").html_before


def test_a_guide_may_move_to_another_topic(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/card", key="peru-card", rows=[row("Ana", "https://ana.example")])
    Run(tmp_path)
    old = guide_of("en/peru/card").topic
    before = old.revision
    write_guide(tmp_path, "en/peru/card", key="peru-id", rows=[row("Ana", "https://ana.example")])
    run = Run(tmp_path)
    assert run.keys == {"peru-card", "peru-id"}
    assert run.names == {"en/peru/card": ["Ana"]}, "its rows go with it"
    assert shown() == {"en/peru/card": "peru-id"}
    assert db.session.get_one(Topic, old.id).revision > before


def test_a_guide_that_moves_with_our_rows_keeps_its_original_rows(tmp_path: Path) -> None:
    own, ours = row("Ana", "https://ana.example"), row("Berta")
    write_guide(tmp_path, "en/peru/card", key="peru-card", rows=[own])
    Run(tmp_path)
    guide = guide_of("en/peru/card")
    db.session.add(
        PublishedRows(guide_id=guide.id, digest=rows_digest(f"\n{ours}".encode()), written_at=START)
    )
    db.session.commit()
    write_guide(tmp_path, "en/peru/card", key="peru-id", rows=[ours])
    assert Run(tmp_path).names == {"en/peru/card": ["Ana"]}
    assert guide_of("en/peru/card").file.original_rows == f"\n{own}".encode()


def test_two_guides_of_a_topic_in_one_language_share_it(tmp_path: Path) -> None:
    for stem in ("defunción", "acta_de_defunción"):
        write_guide(tmp_path, f"es/colombia/{stem}", key="colombia-death_certificate")
    write_guide(tmp_path, "en/colombia/death_certificate", key="colombia-death_certificate")
    assert Run(tmp_path).report.topics == 1
    assert set(shown().values()) == {"colombia-death_certificate"}


def test_rows_come_in_english_first(tmp_path: Path) -> None:
    for name in ("de/peru/a", "es/peru/a", "en/peru/z"):
        write_guide(tmp_path, name, key="peru-a", rows=[row(name)])
    assert list(Run(tmp_path).names) == ["en/peru/z", "de/peru/a", "es/peru/a"]


def test_what_fails_in_a_batch_leaves_nothing_of_it(tmp_path: Path) -> None:
    write_pair(tmp_path)

    def fail(*news: object) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        import_guides(tmp_path, origin="https://tramitit.com", now=START, on_batch=fail)
    assert shown() == {}
    assert db.session.scalar(select(func.count(GuideFile.guide_id))) == 0
    assert Run(tmp_path).counts == (2, 2, 0, 0, 0)


def test_a_whole_country_may_come_back(tmp_path: Path) -> None:
    fill(tmp_path / "guides", 25)
    write_guide(tmp_path / "guides", "en/spain/tax")
    Run(tmp_path / "guides")
    shutil.move(tmp_path / "guides/en/peru", tmp_path / "peru")
    assert Run(tmp_path / "guides", retire=True).report.retired == 25
    shutil.move(tmp_path / "peru", tmp_path / "guides/en/peru")
    assert Run(tmp_path / "guides").counts == (26, 25, 1, 0, 0)
    assert len(shown()) == 26


def test_the_front_matter_of_real_files_is_read_with_its_quirks(tmp_path: Path) -> None:
    write_guide(
        tmp_path,
        "pt/portugal/irs",
        "---\ntitle: IRS\ntranslationKey: portugal-first\ncategories: [Spain]\n"
        'date: 23 de junho de 2024\ntranslationKey: "portugal-second"\n---  \n\n## Descrição\n\nTexto.\n',
    )
    write_guide(tmp_path, "en/czech-republic/card", key="czech republic-card")
    run = Run(tmp_path)
    assert (run.report.topics, run.report.tables) == (2, 1)
    assert shown() == {"en/czech-republic/card": "czech-republic-card", "pt/portugal/irs": "portugal-first"}
    guide: Guide = guide_of("pt/portugal/irs")
    assert (guide.date_text, guide.header, guide.table_heading) == ("23 de junho de 2024", None, "")


def test_a_guide_without_a_title_is_called_by_its_file(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/tax_number", f"---\nauthor: Ana\n---\n\nText.\n\n{DELIMITER}\n")
    Run(tmp_path)
    assert guide_of("en/peru/tax_number").title == "tax number"


def test_hostile_front_matter_is_text(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/card", guide_text("x", front='meta_title: "\\0<b>{{<\\u202Ex>}}"'))
    Run(tmp_path)
    assert guide_of("en/peru/card").meta_title == "<b>{{<\u202ex>}}"
