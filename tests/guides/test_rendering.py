"""Guides rendered to HTML: cut at the provider table, headings with ids, nothing in it that could do harm."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.guides.hugo.guide_file import read_guide
from marketplace.guides.rendering import RenderedGuide, render_guide
from tests.hostile import GUIDE, TEXTS, guide, guide_files

ALLOWED = {
    "a": {"href", "rel"},
    "ol": {"start"},
    "div": {"class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
TAGS = set(ALLOWED) | set(
    re.findall(r"\w+", "b blockquote br code em hr i li p pre s strong sub sup tbody thead tr ul")
)
CLASSES = {"table", "table-responsive", "text-start", "text-center", "text-end"}


class Checked(HTMLParser):
    """Asserts that a page holds nothing but what is allowed."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ALLOWED.get(tag, set())
            if name == "href":
                assert re.match(
                    r"(?:https?://[^/\\]|mailto:|tel:|/(?![/\\])|[#?]|[^:/\\]*(?:[/?#]|$))",
                    value or "",
                    re.IGNORECASE,
                )
            if name == "class":
                assert value in CLASSES

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"comment {data}")


def render(body: str) -> RenderedGuide:
    data = guide(body)
    rendered = render_guide(data, read_guide(data))
    for html in (rendered.html_before, rendered.html_after):
        checked = Checked()
        checked.feed(html)
        checked.close()
    return rendered


def before(body: str) -> str:
    return render(body).html_before.strip()


def test_a_guide_is_cut_at_its_table() -> None:
    rendered = render_guide(GUIDE, read_guide(GUIDE))
    assert rendered.html_before.startswith('<h2 id="description">Description</h2>')
    assert rendered.html_before.rstrip().endswith("<li>Passport</li>\n</ul>")
    assert rendered.html_after.strip() == '<h2 id="details">Details</h2>\n<p>More text.</p>'
    assert [(entry.id, entry.part) for entry in rendered.toc] == [
        ("description", "before"),
        ("procedure", "before"),
        ("documents", "before"),
        ("who-can-do-it", "table"),
        ("details", "after"),
    ]
    assert rendered.toc[3].text == "Who can do it"


def test_the_cut_is_the_same_in_files_of_other_editors() -> None:
    plain = render_guide(GUIDE, read_guide(GUIDE))
    for data in (
        GUIDE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GUIDE,
        GUIDE.replace(b"- |\n\n##", b"- |\n##"),
    ):
        assert render_guide(data, read_guide(data)) == plain


def test_without_a_table_everything_is_in_the_part_before() -> None:
    rendered = render("## One\n\ntext\n\n## Two\n\ntext\n")
    assert rendered.html_after == ""
    assert [(entry.text, entry.part) for entry in rendered.toc] == [("One", "before"), ("Two", "before")]


def test_a_definition_on_the_other_side_of_the_table_counts() -> None:
    data = GUIDE.replace(b"Text.", b"[see][ref]").replace(b"More text.", b"[ref]: https://example.com")
    assert 'href="https://example.com"' in render_guide(data, read_guide(data)).html_before


def test_headings_have_unique_ids_in_any_script() -> None:
    rendered = render(
        "## Qué é, «isto»?\n## Τι είναι;\n## Qué é isto\n### Qué é isto\n## 👍\n## \n## a-1\n## a\n## a\n"
    )
    ids = re.findall(r' id="([^"]*)"', rendered.html_before)
    assert ids == [
        "qué-é-isto",
        "τι-είναι",
        "qué-é-isto-1",
        "qué-é-isto-2",
        "section",
        "section-1",
        "a-1",
        "a",
        "a-2",
    ]
    assert [entry.id for entry in rendered.toc] == [id_ for id_ in ids if id_ != "qué-é-isto-2"]


def test_ids_that_the_page_has_are_not_given_again() -> None:
    rendered = render_guide(GUIDE, read_guide(GUIDE), reserved={"description", "who-can-do-it", "details"})
    assert [entry.id for entry in rendered.toc] == [
        "description-1",
        "procedure",
        "documents",
        "who-can-do-it-1",
        "details-1",
    ]


def test_the_page_keeps_the_only_h1() -> None:
    rendered = render("# Title **bold**\n\ntext\n\n## Section\n\nOther\n===\n")
    assert "<h1" not in rendered.html_before
    assert '<h2 id="title-bold">Title <strong>bold</strong></h2>' in rendered.html_before
    assert [entry.text for entry in rendered.toc] == ["Title bold", "Section", "Other"]


def test_tables_of_the_guide_have_classes_instead_of_styles() -> None:
    html = before("| a | b | c | d | e |\n|:-|:-:|-:|-|-|\n| 1 | 2 | 3 | 4 | 5 |\n")
    assert "style" not in html
    assert html.startswith('<div class="table-responsive"><table class="table">')
    assert (
        '<td class="text-start">1</td>\n<td class="text-center">2</td>\n<td class="text-end">3</td>\n<td>4</td>'
        in html
    )


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("[a](https://one.example/x?y=1&z)", '<a href="https://one.example/x?y=1&amp;z" rel="nofollow noopener">a</a>'),
        ("[a](/guides/spain/x/ 'title')", '<a href="/guides/spain/x/">a</a>'),
        ("[a](#part) [b](other/) [c](?q=1)", '<a href="#part">a</a> <a href="other/">b</a> <a href="?q=1">c</a>'),
        ("[a](mailto:a@example.com) [b](tel:+34)", '<a href="mailto:a@example.com">a</a> <a href="tel:+34">b</a>'),
        ("<https://one.example>", '<a href="https://one.example" rel="nofollow noopener">https://one.example</a>'),
        ("at https://a.example. Then", 'at <a href="https://a.example" rel="nofollow noopener">https://a.example</a>. Then'),
        ("`https://one.example`", "<code>https://one.example</code>"),
        ("[a](javascript:alert(1))", "a"),
        ("[a](JaVaScRiPt:alert)", "a"),
        ("[a](data:text/html,x) [b](vbscript:x) [c](file:///etc) [d](ftp://x)", "a b c d"),
        ("[a](//evil.example) [b](///evil.example) [c](<> 'x')", "a b c"),
        ("[a](https://) [b](https:evil.example) [c](http://[)", "a b c"),
        ("<javascript:alert(1)>", "javascript:alert(1)"),
        ("[https://one.example](javascript:x)", "https://one.example"),
        ("![A *map*](https://one.example/m.png)", '<a href="https://one.example/m.png" rel="nofollow noopener">A map</a>'),
        ("![](/img/a%20map.png)", '<a href="/img/a%20map.png">a map.png</a>'),
        ("![map](javascript:x)", "map"),
        ("[![map](i.png)](https://one.example)", '<a href="https://one.example" rel="nofollow noopener">map</a>'),
        ("a ~~gone~~ **b** _c_", "a <s>gone</s> <strong>b</strong> <em>c</em>"),
        ("a<br>b<BR />c", "a<br>b<br>c"),
        ("a <b onclick=x>b</b> <img src=x onerror=y> <a href=/x>c</a>", "a b  c"),
        ("a <!-- b --> c", "a  c"),
        ("&lt;script&gt; & <3", "&lt;script&gt; &amp; &lt;3"),
        ('{{< image src="x.png" alt="A <map>" >}}', "A &lt;map&gt;"),
        ("{{< image src=x.png >}}text", "text"),
    ],
)  # fmt: skip
def test_inline_text_is_rendered_safely(markdown: str, html: str) -> None:
    assert before(markdown) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<script>alert(1)</script>", ""),
        ("<style>*{display:none}</style>", ""),
        ("<!-- a\n\nb -->", ""),
        ("<iframe src=https://evil.example></iframe>", ""),
        ('<p id="main" class="x" style="y" onclick="z">text</p>', "<p>text</p>"),
        ("<div>\n\ninner **b**\n\n</div>", "<p>inner <strong>b</strong></p>"),
        ("<form action=/account><input name=a><button>x</button></form>", "x"),
        ("<h1>Title</h1>", "Title"),
        ("<ul><li>open", "<ul><li>open</li></ul>"),
        ("```html\n<script>\n```", "<pre><code>&lt;script&gt;\n</code></pre>"),
        ("    code {{< x >}}", "<pre><code>code \n</code></pre>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
    ],
)
def test_blocks_are_rendered_safely(markdown: str, html: str) -> None:
    assert before(markdown) == html


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*TEXTS, "<a href=", "javascript:", "](", "![", "\n\n", "<img src=x>", "]: //x\n", "<p "]
        ),
        max_size=6,
    )
)
def test_any_text_is_rendered_safely(pieces: list[str]) -> None:
    render("".join(piece.encode("utf-8", "replace").decode().replace("\0", "") for piece in pieces))


@pytest.mark.slow
def test_long_hostile_text_is_rendered_soon() -> None:
    started = time.process_time()
    for piece in (
        "[",
        "![](",
        "*a ",
        "`a",
        "<a ",
        "> ",
        "- ",
        "|a",
        "## a\n",
        "{{<",
        "{{% x %}",
        "https://",
        "_(",
        "<b>",
    ):
        render(piece * (10_000 // len(piece)))
    assert time.process_time() - started < 30


def test_real_guides_are_rendered(guides_dir: Path) -> None:
    files = list(guide_files(guides_dir).values())
    for data in files[:: max(1, len(files) // 200)]:
        file = read_guide(data)
        rendered = render_guide(data, file)
        for html in (rendered.html_before, rendered.html_after):
            Checked().feed(html)
        assert [entry.part for entry in rendered.toc].count("table") == (1 if file.table else 0)
        assert len({entry.id for entry in rendered.toc}) == len(rendered.toc) >= 3
        assert "{{" not in rendered.html_before + rendered.html_after
        if file.table:
            assert (
                file.table.note is None or file.table.note not in rendered.html_before + rendered.html_after
            )
