from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.values.cost_reading import ReadCost, parse_cost
from marketplace.values.money import format_cost

LANGUAGES = "en es pt de el bg cs fr hr hu it nl pl ro sk sv ja tlh pt-BR de-CH fi".split()


@pytest.mark.parametrize(
    ("text", "language", "default", "read"),
    [
        ("from 35€", "en", "EUR", ReadCost("from", 3500, None, "EUR")),
        ("desde 35€", "es", "EUR", ReadCost("from", 3500, None, "EUR")),
        ("from 35€", "es", "EUR", ReadCost("from", 3500, None, "EUR")),
        ("a partir de 35 €", "pt", None, ReadCost("from", 3500, None, "EUR")),
        ("10000 Ft-tól", "hu", None, ReadCost("from", 1000000, None, "HUF")),
        ("1.200 €", "de", "EUR", ReadCost("fixed", 120000, None, "EUR")),
        ("1.200 €", "en", "EUR", ReadCost("fixed", 120000, None, "EUR")),
        ("€ 1.200,50", "nl", None, ReadCost("fixed", 120050, None, "EUR")),
        ("1'200 CHF", "de", None, ReadCost("fixed", 120000, None, "CHF")),
        ("1 500,- Kč", "cs", None, ReadCost("fixed", 150000, None, "CZK")),
        ("500 Kč", "en", "CZK", ReadCost("fixed", 50000, None, "CZK")),
        ("100 zł", "pl", None, ReadCost("fixed", 10000, None, "PLN")),
        ("50 lei", "ro", "RON", ReadCost("fixed", 5000, None, "RON")),
        ("S/ 150", "es", "PEN", ReadCost("fixed", 15000, None, "PEN")),
        ("Bs. 300", "es", "BOB", ReadCost("fixed", 30000, None, "BOB")),
        ("Gs. 50.000", "es", "PYG", ReadCost("fixed", 50000, None, "PYG")),
        ("R$ 100", "pt", None, ReadCost("fixed", 10000, None, "BRL")),
        ("£50", "en", "EUR", ReadCost("fixed", 5000, None, "GBP")),
        ("MX$4,200", "en", None, ReadCost("fixed", 420000, None, "MXN")),
        ("4.200 MXN", "es", None, ReadCost("fixed", 420000, None, "MXN")),
        ("35 euros", "es", None, ReadCost("fixed", 3500, None, "EUR")),
        ("35 eur", "es", "EUR", ReadCost("fixed", 3500, None, "EUR")),
        ("1.500 pesos mexicanos", "es", None, ReadCost("fixed", 150000, None, "MXN")),
        ("1.500 pesos", "es", "COP", ReadCost("fixed", 150000, None, "COP")),
        # A plain $ is the country's own, where that is written so; a code beside it says which.
        ("$50–70", "en", "MXN", ReadCost("range", 5000, 7000, "MXN")),
        ("$50", "es", "USD", ReadCost("fixed", 5000, None, "USD")),
        ("$50 USD", "es", "MXN", ReadCost("fixed", 5000, None, "USD")),
        ("$4,200 MXN", "es", None, ReadCost("fixed", 420000, None, "MXN")),
        ("€35–60", "en", None, ReadCost("range", 3500, 6000, "EUR")),
        ("€35 - €60", "en", None, ReadCost("range", 3500, 6000, "EUR")),
        ("from €35 to €60", "en", None, ReadCost("range", 3500, 6000, "EUR")),
        ("von 35 bis 60 €", "de", None, ReadCost("range", 3500, 6000, "EUR")),
        ("€35–35", "en", None, ReadCost("fixed", 3500, None, "EUR")),
        ("€35/h", "en", None, ReadCost("hourly", 3500, None, "EUR")),
        ("35–60 €/Std.", "de", None, ReadCost("hourly", 3500, 6000, "EUR")),
        ("35 € por hora", "es", None, ReadCost("hourly", 3500, None, "EUR")),
        ("free", "es", None, ReadCost("free")),
        ("Gratis", "es", None, ReadCost("free")),
        ("0 €", "es", None, ReadCost("free")),
        ("sin costo", "es", None, ReadCost("free")),
        ("auf Anfrage", "de", None, ReadCost("on_request")),
    ],
)
def test_a_cost_is_read_in_its_language(
    text: str, language: str, default: str | None, read: ReadCost
) -> None:
    assert parse_cost(text, language, default) == read


@pytest.mark.parametrize(
    ("text", "language", "default"),
    [
        ("", "en", "EUR"),
        ("N/A", "en", "EUR"),
        ("Varies depending on the type of account", "en", "EUR"),
        ("Varía según el tipo de cuenta", "es", "EUR"),
        ("€35 plus VAT", "en", "EUR"),
        ("35 €*", "en", "EUR"),
        ("~35 €", "en", "EUR"),
        ("up to €35", "en", "EUR"),
        ("35", "es", "EUR"),
        ("35%", "en", "EUR"),
        ("-35 €", "en", "EUR"),
        ("35€ 99", "en", "EUR"),
        ("€60–35", "en", "EUR"),
        ("from €35–60", "en", "EUR"),
        ("from €35 per hour", "en", "EUR"),
        ("€35 – $60", "en", "USD"),
        ("€35, €60, €90", "en", "EUR"),
        ("€35 (2 persons)", "en", "EUR"),
        ("35,55,5 €", "es", "EUR"),
        ("1.400 BHD", "es", None),
        ("$50", "en", None),
        ("$50", "es", "EUR"),
        ("$50 EUR", "es", "EUR"),
        ("35 all", "en", None),
        ("S/ 150", "es", None),
        ("50 pesos", "es", "USD"),
        ("free consultation", "en", "EUR"),
        ("€35" + " " * 500 + ".", "en", "EUR"),
    ],
)
def test_what_is_not_certain_is_not_read(text: str, language: str, default: str | None) -> None:
    assert parse_cost(text, language, default) is None


@given(
    st.sampled_from(["fixed", "from", "range", "hourly"]),
    st.integers(1, 10**7),
    st.integers(1, 10**7),
    st.sampled_from(["EUR", "MXN", "CZK", "CLP", "CHF", "GBP"]),
    st.sampled_from(LANGUAGES),
)
def test_what_we_write_is_read_back(basis: str, lo: int, more: int, currency: str, language: str) -> None:
    cost = ReadCost(basis, lo, lo + more if basis == "range" else None, currency)
    assert parse_cost(format_cost(cost, language), language, None) == cost


@given(st.text(max_size=300), st.sampled_from(LANGUAGES), st.sampled_from([None, "EUR", "MXN", "JPY"]))
def test_no_text_breaks_the_reading(text: str, language: str, default: str | None) -> None:
    parse_cost(text, language, default)


@given(
    st.text("0123456789.,'€$ –-/h frometo", max_size=24),
    st.sampled_from(LANGUAGES),
    st.sampled_from([None, "EUR"]),
)
def test_a_read_cost_always_fits_its_basis(text: str, language: str, default: str | None) -> None:
    read = parse_cost(text, language, default)
    if read is None or read.cost_basis in ("free", "on_request"):
        assert read is None or (read.fee_min, read.fee_max, read.currency) == (None, None, None)
    else:
        assert read.fee_min
        assert read.currency
        assert (read.fee_max is not None) or read.cost_basis != "range"
        assert read.fee_max is None or read.fee_max > read.fee_min
