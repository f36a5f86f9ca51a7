"""Cells say exactly what was typed and never break out; link targets are web addresses and nothing else."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from marketplace.guides.hugo.cells import find_address, link_cell, plain_text, read_link, table_row, text_cell
from tests.hostile import TEXTS, shown

RENDERER = MarkdownIt("commonmark", {"typographer": True}).enable(
    ["table", "strikethrough", "replacements", "smartquotes"]
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
MARKS = st.text(st.sampled_from("|\\`*_{}[]()<>#+-.!&;:'\"~^=$@%/?, \n\tawx1é\u200d🙂"), max_size=30)


def rendered_cells(markdown: str) -> list[list[str]]:
    """The inner HTML of each row's cells of a table with this row between two known ones."""
    page = RENDERER.render(f"| h | h | h | h |\n|---|---|---|---|\n| before |\n{markdown}\n| after |\n")
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows[1:]]


def text_of(cell: str) -> str:
    return html.unescape(cell.replace("<wbr>", ""))


def assert_shows(text: str) -> None:
    cell = text_cell(text)
    rows = rendered_cells(table_row(["a", cell, "c", cell]).decode())
    assert [len(row) for row in rows] == [4, 4, 4]
    assert [text_of(inner) for inner in rows[1]] == ["a", shown(text), "c", shown(text)]
    assert rows[0][0] == "before"
    assert rows[2][0] == "after"
    assert plain_text(cell) == shown(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_text_is_shown_as_typed(text: str) -> None:
    assert_shows(text)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT | MARKS)
@example("a.b")
@example("\\")
def test_any_text_is_shown_as_typed(text: str) -> None:
    assert_shows(text)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT | MARKS)
@example("www.")
@example("See WWW. ")
def test_no_character_with_a_meaning_is_left_in_a_cell(text: str) -> None:
    bare = re.sub(r"&#[0-9]+;|<wbr>", "", text_cell(text))
    assert not set(bare) & set("!\"#$&'()*+:;<=>?@[\\]^_`{|}~\n\r\t")
    assert not re.search(r"\.\.|--|,,|//|www\.|\w\.[^\W\d]", bare)
    bare.encode()


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT | MARKS)
def test_the_text_of_a_link_is_shown_as_typed(text: str) -> None:
    rows = rendered_cells(
        table_row(["a", link_cell(text, "https://example.com/x?a=1&b=2"), "c", "d"]).decode()
    )
    assert len(rows[1]) == 4
    match = re.fullmatch(r'<a href="https://example\.com/x\?a=1&amp;b=2">(.*)</a>', rows[1][1], re.DOTALL)
    assert match
    assert text_of(match[1]) == (shown(text) or "example.com")


def test_everyday_text_stays_readable() -> None:
    assert (
        text_cell("1.200,50 € in 30-60 days, 15 % off 24/7.")
        == "1.200,50 € in 30-60 days, 15 % off 24/7&#46;"
    )
    assert text_cell("Müller Gómez & Co.") == "Müller Gómez &#38; Co."


def test_a_placeholder_of_hugo_is_split_and_still_readable() -> None:
    for placeholder in ("HAHAHUGOSHORTCODE", "HAHAHAHUGO", "HUGOMORE42", "__hdeferred/x", "__h_pp_l1_"):
        cell = text_cell(placeholder)
        assert placeholder not in html.unescape(cell)
        assert text_of(cell) == placeholder


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.COM/Path", "https://example.com/Path"),
        ("http://example.com:8080/a?b=c&d=e#f", "http://example.com:8080/a?b=c&d=e#f"),
        ("https://example.com/?a=1&copy;=2&#58;", "https://example.com/?a=1&copy%3B=2&#58%3B"),
        ("https://example.com/a;b?c;d", "https://example.com/a;b?c;d"),
        ("https://example.com/(a)|b\\c*d_e~f`g", "https://example.com/%28a%29%7Cb%5Cc%2Ad%5Fe%7Ef%60g"),
        (
            "https://example.com/{{<x>}}'\"^$![]",
            "https://example.com/%7B%7B%3Cx%3E%7D%7D%27%22%5E%24%21%5B%5D",
        ),
        ("https://example.com/%20%C3%A9%", "https://example.com/%20%C3%A9%25"),
        ("https://example.com/#a#b", "https://example.com/#a%23b"),
        ("https://münchen.example/straße?ö=ü", "https://münchen.example/straße?ö=ü"),
        ("https://пример.рф/", "https://пример.рф/"),
        ("https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/"),
        ("https://i❤.ws", "https://i❤.ws"),
        ("https://example.com/\u202ex\u200d", "https://example.com/%E2%80%AEx%E2%80%8D"),
        ("https://example.com/HAHAHUGO/__hdeferred/", "https://example.com/HA%48AHUGO/%5F%5Fhdeferred/"),
    ],
)
def test_a_target_is_percent_encoded_where_it_has_a_meaning(url: str, target: str) -> None:
    assert link_cell("t", url) == f"[t]({target})"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://example.com",
        "data:text/html,x",
        "ftp://example.com",
        "mailto:a@example.com",
        "https:example.com",
        "https:/example.com",
        "https://",
        "https:///path",
        "https://?q",
        "https://.",
        "https://a..b",
        "https://user@example.com",
        "https://user:secret@example.com",
        "https://example.com\\@evil.example",
        "https://exa mple.com",
        " https://example.com",
        "https://example.com/ a",
        "https://example.com/\n",
        "https://example.com/\u00a0",
        "https://example.com/\ud800",
        "https://example.com/\ufffe",
        "java\tscript:alert(1)",
        "https://example.com:",
        "https://example.com:0",
        "https://example.com:65536",
        "https://example.com:port",
        "https://[::1]/",
        "https://[",
        "https://a|b",
        "https://a(b)",
        "https://a{b}",
        "https://__hdeferred/",
        "https://℀.example",
        "https://exam\u200bple.com",
        "https://exam%70le.com",
    ],
)
def test_a_target_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        link_cell("t", url)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT | MARKS)
def test_any_accepted_target_is_one_link_in_one_cell(tail: str) -> None:
    url = f"https://example.com/{tail}"
    try:
        cell = link_cell("t", url)
    except ValueError:
        assert re.search(r"\s|[^\w\s]", tail)
        return
    rows = rendered_cells(table_row(["a", cell, "c", "d"]).decode())
    assert len(rows[1]) == 4
    match = re.fullmatch(r'<a href="([^"]*)">t</a>', rows[1][1])
    assert match
    assert unquote(html.unescape(match[1])) == unquote(url)


def test_a_row_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError):
        table_row(["a\nb", "c"])
    assert table_row(["a", "", "é", "d"]) == "| a |  | é | d |".encode()


@pytest.mark.parametrize(
    ("cell", "link"),
    [
        (
            "[autodeclaro.es](https://autodeclaro.es/?ref=26)",
            ("autodeclaro.es", "https://autodeclaro.es/?ref=26"),
        ),
        (
            "see [**a** b](https://one.example 'title') and [c](https://two.example)",
            ("a b", "https://one.example"),
        ),
        ("<https://one.example/?a=1&b>", ("https://one.example/?a=1&b", "https://one.example/?a=1&b")),
        ("at https://one.example/a_(b)).", ("https://one.example/a_(b)", "https://one.example/a_(b)")),
        ("[mail](mailto:a@example.com) http://two.example,", ("http://two.example", "http://two.example")),
        ("[![alt](i.png)](https://one.example)", ("alt", "https://one.example")),
        ("[](https://one.example)", ("https://one.example", "https://one.example")),
        ("[a](https://one.example/?x=1&amp;y)", ("a", "https://one.example/?x=1&y")),
        ("[a](https://münchen.example/ñ)", ("a", "https://münchen.example/ñ")),
        ("[a](javascript:alert) [b](/relative)", None),
        ("`https://code.example`", None),
        ("www.example.com", None),
        ("https://", None),
        ("N/A", None),
        ("", None),
    ],
)
def test_the_first_web_link_of_a_cell_is_read(cell: str, link: tuple[str, str] | None) -> None:
    assert read_link(cell) == link


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("**bold** _it_ ~~gone~~ `a|b`", "bold it gone a|b"),
        ("[text](https://example.com) ![alt *x*](i.png)", "text alt x"),
        ("a <b>b</b><br>c", "a bc"),
        ("&amp; &#124; \\* &copy;", "& | * ©"),
        ("  from 35€  ", "from 35€"),
        ("", ""),
    ],
)
def test_the_text_of_a_cell_has_no_markup(cell: str, text: str) -> None:
    assert plain_text(cell) == text


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT | MARKS)
def test_what_was_written_is_read_back(text: str) -> None:
    assert plain_text(text_cell(text)) == shown(text)
    assert read_link(link_cell(text, "https://example.com/a")) == (
        shown(text) or "example.com",
        "https://example.com/a",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http://a.example/x, then", (4, "http://a.example/x")),
        ("(https://a.example/(b))", (1, "https://a.example/(b)")),
        ("xhttps://a.example", None),
        ("https:// https://) https://a.example!?", (19, "https://a.example")),
        ("HTTPS://a.example", (0, "HTTPS://a.example")),
        ("nothing", None),
    ],
)
def test_a_bare_address_ends_before_the_sentence_does(text: str, found: tuple[int, str] | None) -> None:
    assert find_address(text) == found
