"""What a review must not carry is found; prices, dates and sentences are left alone."""

from __future__ import annotations

import re
import time

import pytest

from marketplace.text import contacts
from marketplace.text.contacts import (
    AT_WORDS,
    CLEAR_DOT_WORDS,
    DOT_WORDS,
    ENDINGS,
    MONEY_WORDS,
    SPOKEN_ENDINGS,
    find_contacts,
)
from tests.reviews.ordinary import SENTENCES

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


# Numbers and addresses behind disguises, as they stand in a sentence.
DISGUISED = {
    "phone": [
        "5 5 1 2 3 4 5 6 7 8",
        "5📞5📞1📞2📞3📞4📞5📞6",
        "612_345_678",
        "612 📱 345 📱 678",
        "6.1.2.3.4.5.6.7.8",
        "6*1*2*3*4*5*6*7*8",
        "6, 1, 2, 3, 4, 5, 6, 7, 9",
        "6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "⑥①②③④⑤⑥⑦⑧",
        "❻❶❷❸❹❺❻❼❽",
        "६१२३४५६७८",
        "TEL 612 345 678",
        "612345678 €",
        "612 345 678 612 345 678",
        "55l2 34O6 78",
        "612\u200b345\u2060678",
        "6\n1\n2\n3\n4\n5\n6\n7\n8",
    ],
    "mail": [
        "ana [at] example [punto] com",
        "ana at gmail dot com",
        "ana(@)example.com",
        "ana arobase example point fr",
        "ana chiocciola example punto it",
        "ana zavináč example tečka cz",
        "ana małpa example kropka pl",
        "ana kukac example pont hu",
        "ana собака example точка ru",
        "ana παπάκι example τελεία gr",
        "ana {arroba} example {ponto} com",
        "ana＠example．com",
        "a" * 70 + "@example.com",
    ],
    "web": [
        "example dot com",
        "example (dot) com",
        "example[.]com",
        "e x a m p l e . c o m",
        "www . example . com",
        "wa me slash 52155",
        "wa me/52155",
        "t me/gestoria",
        "t.me/gestoria",
        "instagram: gestoria_mx",
        "telegram: @ana",
        "whatsapp: ana99x",
        "whatsapp: 55 123",
        "skype: live_ana",
        "mailto:ana",
        "exаmple.com",
        "𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦",
        "🅔🅧🅐🅜🅟🅛🅔.🅒🅞🅜",
        "exam\u00adple.com",
        "exam\ufe0fple.com",
        "exam\u034fple.com",
        "exam\u3164ple.com",
        "exam\U000e0041ple.com",
        "example。com",
        "example•com",
        "e̵x̶ample.c̵om",
        "-example.com",
    ],
}


@pytest.mark.parametrize("text", HARMLESS)
def test_prices_dates_and_sentences_are_no_contact_details(text: str) -> None:
    assert find_contacts(text) == []


@pytest.mark.parametrize(("kind", "text"), TELLING)
def test_contact_details_are_found_in_their_usual_disguises(kind: str, text: str) -> None:
    assert kind in {contact.kind for contact in find_contacts(text)}


@pytest.mark.parametrize("text", SENTENCES)
def test_ordinary_sentences_in_many_languages_pass(text: str) -> None:
    assert find_contacts(text) == []


def test_an_ordinary_review_is_all_of_them_in_a_row() -> None:
    assert find_contacts("\n".join(SENTENCES)) == []


@pytest.mark.parametrize("kind", DISGUISED)
def test_disguises_do_not_help(kind: str) -> None:
    for text in DISGUISED[kind]:
        found = find_contacts(f"Write to {text} please and thank you")
        assert kind in {contact.kind for contact in found}, text


def test_a_name_after_a_network_is_found_at_the_end_of_a_line() -> None:
    assert find_contacts("Very good people.\nInstagram: gestoria\nRecommended!")
    assert find_contacts("A shop : my-shop . com")


def test_what_was_found_is_named_and_shortened() -> None:
    assert find_contacts("Mail ana@example.com today")[0].text == "ana@example.com"
    assert len(find_contacts("see https://example.com/" + "x" * 500)[0].text) == 60


@pytest.mark.parametrize(
    "piece",
    [
        *("1 |a.|a@|1,234|(1|a-|aaaa|$1 111|2020-|w arroba |x dot |@a|a-b.|a a |(at)|wa |ig:".split("|")),
        *("www |1_|1📞|1o|ехa.|5/5 |TEL |0.|[dot]|x@y.|\u200b|   ".split("|")),
    ],
)
def test_hostile_text_of_full_length_is_read_quickly(piece: str) -> None:
    begun = time.process_time()
    find_contacts((piece * 4000)[:4000])
    assert time.process_time() - begun < 1


PATTERNS = [name for name in dir(contacts) if name.endswith(("_WORDS", "_SERVICES"))]


@pytest.mark.parametrize("name", PATTERNS)
def test_every_list_is_a_pattern_without_groups(name: str) -> None:
    pattern = re.compile(getattr(contacts, name))
    assert pattern.groups == 0
    assert not pattern.fullmatch("")


def test_endings_are_lower_case_and_hold_what_this_site_sees_most() -> None:
    assert all(end == end.lower() and end.isalpha() for end in ENDINGS | SPOKEN_ENDINGS)
    assert {"com", "mx", "es", "de", "рф"} <= ENDINGS


def test_words_for_signs_are_known_in_the_languages_of_the_site() -> None:
    for word in ("at", "arroba", "arobase", "chiocciola", "zavináč", "zavinac", "małpa", "собака", "παπάκι"):
        assert re.fullmatch(AT_WORDS, word), word
    for word in ("dot", "punto", "point", "ponto", "punkt", "tečka", "kropka", "точка", "τελεία"):
        assert re.fullmatch(DOT_WORDS, word), word
    assert re.fullmatch(MONEY_WORDS, "guaraníes")


def test_portugals_dot_is_not_clear_by_itself() -> None:
    assert not re.fullmatch(CLEAR_DOT_WORDS, "ponto")
    assert re.fullmatch(CLEAR_DOT_WORDS, "punto")
