"""One row of the Markdown table, exactly."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.guides.hugo.guide_file import plain_text, read_link
from marketplace.public.publish.services import markdown_row
from tests.public.offering import free, offer, on_request

BASE = {"provider_name": "Papeles", "website": "https://papeles.example/", "host": "papeles.example"}


def cells(line: bytes) -> list[str]:
    """The source of the four cells; ours never hold a pipe."""
    return [cell.strip() for cell in line.decode().strip("|").split("|")]


def test_a_row_has_name_link_time_and_cost_in_the_guides_language() -> None:
    listing = offer(
        **BASE, fee_min=420000, currency="MXN", time_unit="business_days", time_min=12, time_max=18
    )
    assert markdown_row(listing, "en") == (
        b"| Papeles | [papeles&#46;example](https://papeles.example/) |"
        b" 12&#8211;18 business days | MX&#36;4,200 |".replace(b"&#8211;", "–".encode())
    )
    assert [plain_text(cell) for cell in cells(markdown_row(listing, "es"))] == [
        "Papeles",
        "papeles.example",
        "12–18 días hábiles",
        "4.200\u00a0MXN",
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"cost_basis": "from", "fee_min": 3500}, "from €35"),
        ({"cost_basis": "range", "fee_min": 3500, "fee_max": 6050}, "€35.00–60.50"),
        ({"cost_basis": "hourly", "fee_min": 3500}, "€35 per hour"),
    ],
)
def test_a_cost_includes_its_basis(values: dict[str, Any], expected: str) -> None:
    assert plain_text(cells(markdown_row(offer(**BASE, **values), "en"))[3]) == expected


def test_what_is_not_stated_is_said_in_words() -> None:
    listing = on_request(**BASE, time_min=None, time_max=None, time_unit=None)
    assert cells(markdown_row(listing, "en"))[2:] == ["not stated", "on request"]
    assert cells(markdown_row(free(**BASE), "es"))[3] == "gratis"


def test_paid_unclaimed_and_referral_are_labelled_in_words_of_the_language() -> None:
    labelled = offer(**BASE, sponsored=True, referral=True, provider_status="unclaimed")
    name, link = cells(markdown_row(labelled, "en"))[:2]
    assert plain_text(name) == "Papeles (Sponsored) (Unclaimed)"
    assert plain_text(link) == "papeles.example (Referral link)"
    assert read_link(link) == ("papeles.example", "https://papeles.example/")
    assert plain_text(cells(markdown_row(labelled, "es"))[0]) != plain_text(name)


def test_a_provider_without_a_website_has_an_empty_cell() -> None:
    assert cells(markdown_row(offer(**{**BASE, "website": "", "host": ""}), "en"))[1] == ""


def test_a_language_without_words_falls_back_to_english_ones() -> None:
    assert cells(markdown_row(on_request(**BASE), "yue"))[3] == "on request"


@pytest.mark.parametrize(
    "name",
    [
        *("a | b", "{{< x >}}", "<b>bold</b>", "**x** _y_ `z`", "[a](https://b.example)", "www.example.com"),
        *("a@b.example", "&amp; &#38;", "\u202eabc", "مكتب", "🎉 party", "w" * 120, "a  b", "1. x", "~~x~~"),
        *("\\|", "$x$", "# x", "-- ...", "'q' \"q\"", ":smile:", "[^1]", "- [ ] x", "<!-- x -->"),
    ],
)
def test_a_name_is_shown_as_it_was_typed_and_stays_in_its_cell(name: str) -> None:
    line = markdown_row(offer(**{**BASE, "provider_name": name}), "en")
    assert b"\n" not in line
    assert len(cells(line)) == 4
    assert plain_text(cells(line)[0]) == name
