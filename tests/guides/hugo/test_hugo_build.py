"""Real Hugo builds the filled files: as many rows as were written, and each cell's text as typed."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from marketplace.guides.hugo.guide_file import (
    build_region,
    link_cell,
    read_guide,
    splice_rows,
    table_row,
    text_cell,
)
from tests.hostile import GUIDE, TEXTS, guide_files, shown

pytestmark = pytest.mark.slow
URL = "https://example.com/a_(b)|c?d=1&copy;=2&amp;e={{<x>}}#f"
TARGET = "https://example.com/a%5F%28b%29%7Cc?d=1&copy%3B=2&amp%3Be=%7B%7B%3Cx%3E%7D%7D#f"

# Typographer and linkify are on by default, as on the public site. Dates come from the file: five real ones are no dates.
PLAIN = """
baseURL = "https://example.org/"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404", "home", "section"]
enableEmoji = true
[frontmatter]
date = [":fileModTime"]
lastmod = [":fileModTime"]
publishDate = [":fileModTime"]
"""
# Everything Hugo can be asked to read into Markdown.
EVERYTHING = (
    PLAIN
    + """
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser.attribute]
block = true
title = true
[markup.goldmark.extensions.extras]
delete = {enable = true}
insert = {enable = true}
mark = {enable = true}
subscript = {enable = true}
superscript = {enable = true}
[markup.goldmark.extensions.cjk]
enable = true
escapedSpace = true
[markup.goldmark.extensions.passthrough]
enable = true
[markup.goldmark.extensions.passthrough.delimiters]
block = [['$$', '$$'], ['\\\\[', '\\\\]']]
inline = [['$', '$'], ['\\\\(', '\\\\)']]
"""
)


class Tables(HTMLParser):
    """The tables of a page: rows of cells, each with its text and the targets of its links."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, list[str]]]]] = []
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append(("", []))
            self.open = True
        elif tag == "a" and self.open:
            self.tables[-1][-1][-1][1].append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.open:
            text, links = self.tables[-1][-1][-1]
            self.tables[-1][-1][-1] = (text + data, links)


def build(site: Path, files: Mapping[str, bytes], settings: str) -> dict[str, str]:
    """The pages Hugo makes of these files, by the file's path."""
    hugo = shutil.which("hugo", path=str(Path(sys.executable).parent)) or shutil.which("hugo")
    assert hugo, "hugo is missing: install requirements/dev.txt"
    (site / "layouts" / "shortcodes").mkdir(parents=True)
    (site / "hugo.toml").write_text(settings)
    (site / "layouts" / "single.html").write_text("<main data-file='{{ .File.Path }}'>{{ .Content }}</main>")
    (site / "layouts" / "shortcodes" / "image.html").write_text('<img src="{{ .Get "src" }}">')
    for path, data in files.items():
        target = site / "content" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    done = subprocess.run([hugo, "--source", site], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    pages = [path.read_bytes().decode() for path in (site / "public").rglob("*.html")]
    found = {match[1]: page for page in pages if (match := re.match(r"<main data-file='?([^'>]*)'?>", page))}
    return {html.unescape(path): page for path, page in found.items()}


def typed_rows(number: int, rows: int = 10) -> list[list[str]]:
    """Rows for a file: hostile texts, other ones in every file."""
    count = len(TEXTS)
    return [[TEXTS[(number + row * 4 + column) % count] for column in range(4)] for row in range(rows)]


def filled(data: bytes, rows: list[list[str]]) -> bytes:
    """The file with these rows, the website column linked."""
    lines = [table_row([text_cell(a), link_cell(b, URL), text_cell(c), text_cell(d)]) for a, b, c, d in rows]
    return splice_rows(data, build_region(lines, b"\r\n" if b"\r\n" in data else b"\n"))


def assert_page_shows(page: str, rows: list[list[str]]) -> None:
    """The page has one table with four columns, and these rows in it."""
    tables = Tables(page[page.index("<table") : page.rindex("</table>") + 8]).tables
    assert len(tables) == 1
    _header, *body = tables[0]
    assert len(body) == len(rows)
    for cells, row in zip(body, rows, strict=True):
        assert [text for text, _ in cells] == [
            shown(row[0]),
            shown(row[1]) or "example.com",
            shown(row[2]),
            shown(row[3]),
        ]
        assert [links for _, links in cells] == [[], [TARGET], [], []]


def test_hugo_shows_every_real_guide_with_the_rows_that_were_written(
    guides_dir: Path, tmp_path: Path
) -> None:
    files = {path: data for path, data in guide_files(guides_dir).items() if read_guide(data).table}
    typed = {path: typed_rows(number, 3) for number, path in enumerate(files)}
    pages = build(tmp_path, {path: filled(files[path], typed[path]) for path in files}, PLAIN)
    assert pages.keys() == files.keys()
    for path, rows in typed.items():
        assert_page_shows(pages[path], rows)


def shapes() -> dict[str, bytes]:
    """Files as other editors write them, and one with the shortcode that Hugo puts a placeholder for."""
    return {
        "g/plain.md": GUIDE,
        "g/crlf.md": GUIDE.replace(b"\n", b"\r\n"),
        "g/bom.md": b"\xef\xbb\xbf" + GUIDE,
        "g/heading.md": GUIDE.replace(b"| ---- |\n\n##", b"| ---- |\n##"),
        "g/end.md": GUIDE[: GUIDE.index(b"\n\n## Details")],
        "g/shortcode.md": GUIDE.replace(b"Text.", b'{{< image src="x.png" >}}'),
        "g/twice.md": GUIDE.replace(b"draft: false", b"draft: false\ntranslationKey: first"),
        "g/adjacent.md": GUIDE.replace(b"to us)_\n\n", b"to us)_\n"),
    }


@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING], ids=["plain", "everything"])
def test_hugo_shows_every_hostile_text_in_every_shape_of_file(settings: str, tmp_path: Path) -> None:
    typed = {
        path.replace(".md", f"{number}.md"): (data, typed_rows(number))
        for number in range(0, len(TEXTS), 3)
        for path, data in shapes().items()
    }
    pages = build(tmp_path, {path: filled(data, rows) for path, (data, rows) in typed.items()}, settings)
    assert pages.keys() == typed.keys()
    for path, (_, rows) in typed.items():
        assert_page_shows(pages[path], rows)


@pytest.mark.parametrize(
    "after",
    [
        "",
        "| a | b | c | d |",
        "plain",
        "    indented",
        "\tindented",
        "2. number",
        "1. list",
        "- list",
        "-",
        "> quote",
        "## Heading",
        "===",
        "---",
        "***",
        "```",
        "<div>",
        "<b>inline</b>",
        "<!-- comment -->",
        "[a]: https://example.com",
        "[^1]: note",
        "[^a b]: note",
        ": definition",
        "  : definition",
        ":no",
        "{.class}",
        "\\| a",
        "a\rb",
        "\x0c",
        "\u00a0",
    ],
)
def test_we_and_hugo_agree_on_what_is_a_row(after: str, tmp_path: Path) -> None:
    start = GUIDE[: GUIDE.index(b"\n\n## Details")]
    files = {
        "g/first.md": start + f"\n{after}\n| x |\n".encode(),
        "g/second.md": start + f"\n| x |\n{after}\n| y |\n{after}".encode(),
    }
    pages = build(tmp_path, files, PLAIN)
    for path, data in files.items():
        table = read_guide(data).table
        assert table is not None
        assert len(table.rows) == len(Tables(pages[path]).tables[0]) - 1
