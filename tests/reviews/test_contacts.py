"""What a review must not carry is found; prices, dates and sentences are left alone."""

from __future__ import annotations

import time

import pytest

from marketplace.reviews.contacts import find_contacts

HARMLESS = [
    "It cost 300 € and took 10 days.",
    "Pagué 10.000 pesos y tardó 3 semanas.",
    "I paid MX$4,200 in October 2026, on 2026-10-12, at 10:30.",
    "Cost 1.250.000 COP, or $1,250,000.00 pesos.",
    "Costó 12 345 678 pesos, luego 500 000 000 pesos.",
    "Between 2019 and 2023 2024, or 2019-2023.",
    "They asked for my papers twice.The card came.In the end it was fine.",
    "I went at 9 a.m. and left at 5 p.m. Company S.A. de C.V. and S. de R.L.",
    "El 12/03/2026 y el 13.04.2026, de 9:00-14:00 y 16:00-18:30.",
    "10.000.000 guaraníes, ₲ 10.000.000, Gs. 10.000.000, R$ 1.234.567,89, S/. 1,500.00, USD 10 000 000",
    "5/5, 100% recomendado. 12.50 € + 3.20 € + 15,00 €",
    "Form N-400, article 27.3, regulation 2016/679, room 12, window 14-15-16, v1.2.3",
    "e.g. this, i.e. that, etc. I waited 3 hours... then...It worked",
    "R.F.C. and C.U.R.P. took 2 days each; arrived at noon.The office was closed",
    "2026-10-12 2026-11-12, 10/10/2026 - 12/12/2026",
]
TELLING = [
    ("mail", "write to ana@example.com"),
    ("mail", "write ana (at) example.com"),
    ("mail", "ana arroba example punto com"),
    ("phone", "call +34 612 345 678 now"),
    ("phone", "call 612345678"),
    ("phone", "tel. 555-123-4567"),
    ("phone", "(55) 1234 5678"),
    ("phone", "06 12 34 56 78"),
    ("phone", "número 612.345.678"),
    ("phone", "0044 20 7946 0958"),
    ("phone", "٠٦١٢٣٤٥٦٧٨"),
    ("web", "see https://example.com/x"),
    ("web", "http : //example . test"),
    ("web", "see www.example.com"),
    ("web", "visit tramites.mx for more"),
    ("web", "wa.me/5215512345678"),
    ("web", "on Instagram @somebody_mx"),
    ("web", "ｅｘａｍｐｌｅ．ｃｏｍ"),
    ("web", "exa\u200bmple.com"),
    ("web", "Example.Com"),
    ("web", "MUELLER.DE/kontakt"),
]


@pytest.mark.parametrize("text", HARMLESS)
def test_prices_dates_and_sentences_are_no_contact_details(text: str) -> None:
    assert find_contacts(text) == []


@pytest.mark.parametrize(("kind", "text"), TELLING)
def test_contact_details_are_found_in_their_usual_disguises(kind: str, text: str) -> None:
    assert kind in {contact.kind for contact in find_contacts(text)}


def test_what_was_found_is_named_and_shortened() -> None:
    assert find_contacts("Mail ana@example.com today")[0].text == "ana@example.com"
    assert len(find_contacts("see https://example.com/" + "x" * 500)[0].text) == 60


@pytest.mark.parametrize(
    "piece", ["1 ", "a.", "a@", "1,234", "(1", "a-", "aaaa", "$1 111", "2020-", "w arroba ", "x dot ", "@a"]
)
def test_hostile_text_of_full_length_is_read_quickly(piece: str) -> None:
    begun = time.process_time()
    find_contacts((piece * 4000)[:4000])
    assert time.process_time() - begun < 1
