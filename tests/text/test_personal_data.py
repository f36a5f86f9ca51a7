from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.text.personal_data import (
    BLOCK,
    KINDS,
    Span,
    find_personal_data,
    is_card,
    is_cpf,
    is_cuil,
    is_curp_or_rfc,
    is_dni,
    is_iban,
    mask,
    pieces,
)

DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
Check = Callable[[str], bool]


ORDINARY = (
    "They answered every question and came with me to the office. The card came on the day they said.",
    "We paid MX$4,200 in two parts, 2,000 up front and 2,200 when the card was there. No surprises.",
    "First appointment on 03/05/2026 at 9:30, the card in my hands on 17/06/2026. Six weeks in all.",
    "It took 13 business days instead of the 10 promised, but they told us on day 8 that it would.",
    "I asked three providers in March 2026. This one was the only one that gave a price: 350 euros plus 16.08 in fees.",
    "Between 2023 and 2026 I renewed twice with them. In 2024 it cost 3,900 pesos, in 2026 it was 4,350.",
    "The agent at window 14 wanted form 30 again, so we went back on Monday. The lawyer came along for free.",
    "My passport was returned after 12 days. They keep a copy and give you a receipt with number 4471.",
    "Honest people. I lost my job in May and they let me pay the last 150 dollars a month later.",
    "Nos cobraron 4.200 pesos, sin sorpresas. La tarjeta llegó el 3 de mayo de 2026, dos semanas después.",
    "El abogado nos explicó todo y nos acompañó a la oficina de Extranjería. Volvería con ellos sin dudarlo.",
    "Fueron 1.250,00 € por la residencia de toda la familia, más 16,08 € de tasa por persona.",
    "La gestora Nopal Norte es puntual; el pasaporte lo devolvieron a los 10 días hábiles. Muy contento.",
    "Pedí cita el 12-04-2026 y me la dieron para el 30-04-2026. Con el pasaporte y 200 pesos bastó.",
    "Mi hija nació aquí y ellos sacaron su acta en 5 días. Costó 1,800 pesos con envío incluido.",
    "Matrícula 1234 BCD cambiada en una semana; la señora de la ventanilla 3 fue muy amable.",
    "Born and raised here I still needed help: 2 visits, 3 forms, 90 minutes each. Worth the 1,200.",
)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in find_personal_data(text)]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_reviews_hold_nothing_personal(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Mi NIE X1234567L y el DNI 12.345.678-Z", {"X1234567L": "identity", "12.345.678-Z": "identity"}),
        ("my CURP is HEGG560427MVZRRL04.", {"HEGG560427MVZRRL04": "identity"}),
        ("RFC GODE561231GR8, CUIL 20-12345678-6", {"GODE561231GR8": "identity", "20-12345678-6": "identity"}),
        ("meu CPF 529.982.247-25", {"529.982.247-25": "identity"}),
        ("passport no. AB123456 went", {"AB123456": "passport"}),
        ("mi pasaporte número: 123456789.", {"123456789": "passport"}),
        ("into ES91 2100 0418 4502 0005 1332 and wait", {"ES91 2100 0418 4502 0005 1332": "iban"}),
        ("ref 50 4111 1111 1111 1111 x", {"4111 1111 1111 1111": "card"}),
        ("my son, born on 3 May 2019, was", {"3 May 2019": "birth"}),
        ("nacida el 3 de mayo de 1985 en", {"3 de mayo de 1985": "birth"}),
        ("date of birth: 03/05/1985 is", {"03/05/1985": "birth"}),
        ("Mr Smith and la Sra. Pérez", {"Smith": "name", "Pérez": "name"}),
        ("NIE X-1234567-L", {"X-1234567-L": "identity"}),
        ("NIE Ｘ１２３４５６７Ｌ", {"Ｘ１２３４５６７Ｌ": "identity"}),
        ("NIE X12\u200b34567L here", {"X12\u200b34567L": "identity"}),
    ],
)
def test_each_kind_is_found_where_it_stands(text: str, kinds: dict[str, str]) -> None:
    assert dict(found(text)) == kinds
    assert set(kinds.values()) <= set(KINDS)


def test_a_cover_is_of_one_length_and_the_rest_stays() -> None:
    text = "Mr Smith took my NIE X1234567L, Mr Li did not."
    assert mask(text, find_personal_data(text)) == f"Mr {BLOCK} took my NIE {BLOCK}, Mr {BLOCK} did not."


def test_only_what_is_asked_for_is_covered() -> None:
    text = "Mr Smith took my NIE X1234567L."
    assert mask(text, find_personal_data(text)[1:]) == f"Mr Smith took my NIE {BLOCK}."
    assert mask(text, []) == text


def test_pieces_put_together_are_the_text() -> None:
    text = "Mr Smith"
    assert pieces(text, [Span(3, 8, "name")]) == [("Mr ", None), ("Smith", Span(3, 8, "name"))]
    assert pieces("", []) == []


def dni(number: int) -> str:
    return f"{number:08d}{DNI_LETTERS[number % 23]}"


def nie(number: int) -> str:
    return "XYZ"[number // 10**7 % 3] + f"{number % 10**7:07d}" + DNI_LETTERS[number % (3 * 10**7) % 23]


SNIPPETS = st.one_of(
    st.sampled_from(
        ["Mr Smith ", "Sra. Ana Pérez", "born on 3/5/1985", "passport AB123456", "CPF 529.982.247-25", " "]
    ),
    st.sampled_from(
        ["20-12345678-6", "4111 1111 1111 1111", "ES9121000418450200051332", BLOCK, "-", ".", " y "]
    ),
    st.integers(0, 99_999_999).map(dni),
    st.integers(0, 3 * 10**7 - 1).map(nie),
    st.text(max_size=12),
    st.text("0123456789 -./", max_size=20),
)
TEXTS = st.lists(SNIPPETS, max_size=12).map("".join)


@given(TEXTS)
def test_covering_twice_changes_nothing(text: str) -> None:
    once = mask(text, find_personal_data(text))
    assert mask(once, find_personal_data(once)) == once


@given(TEXTS)
def test_what_stands_outside_is_not_touched(text: str) -> None:
    spans = find_personal_data(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    rest, done = [], 0
    for span in spans:
        rest.append(text[done : span.start])
        done = span.end
    assert mask(text, spans) == BLOCK.join([*rest, text[done:]])


@given(st.text(max_size=30), st.integers(0, 99_999_999), st.text(max_size=30))
def test_no_identity_number_stays_readable(before: str, number: int, after: str) -> None:
    for written in (dni(number), nie(number % (3 * 10**7))):
        covered = mask(text := f"{before} {written} {after}", find_personal_data(text))
        assert written not in covered or written in before + after


@pytest.mark.parametrize("text", ["1 " * 2000, "ES91" * 1000, "Mr A. " * 600, "A" * 4000, "born on " * 500])
def test_hostile_texts_are_read_quickly(text: str) -> None:
    begun = perf_counter()
    find_personal_data(text)
    assert perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("is_one", "number"),
    [
        (is_dni, "12345678Z"),
        (is_dni, "12.345.678-Z"),
        (is_dni, "X1234567L"),
        (is_dni, "z 1234567 r"),
        (is_curp_or_rfc, "HEGG560427MVZRRL04"),
        (is_curp_or_rfc, "GODE561231GR8"),
        (is_curp_or_rfc, "AB&E-000229-GR8"),
        (is_cuil, "20-12345678-6"),
        (is_cpf, "529.982.247-25"),
        (is_iban, "ES91 2100 0418 4502 0005 1332"),
        (is_iban, "gb82 west 1234 5698 7654 32"),
        (is_card, "4111 1111 1111 1111"),
        (is_card, "378282246310005"),
    ],
)
def test_numbers_that_hold_are_known(is_one: Check, number: str) -> None:
    assert is_one(number)


@pytest.mark.parametrize(
    ("is_one", "number"),
    [
        (is_dni, "12345678A"),
        (is_dni, "X1234567Z"),
        (is_curp_or_rfc, "HEGG561327MVZRRL04"),
        (is_curp_or_rfc, "GODE560230GR8"),
        (is_cuil, "20-12345678-5"),
        (is_cuil, "30-50001091-2"),
        (is_cpf, "529.982.247-26"),
        (is_cpf, "111.111.111-11"),
        (is_iban, "ES91 2100 0418 4502 0005 1333"),
        (is_iban, "DE91 2100 0418 4502 0005 1332"),
        (is_card, "4111 1111 1111 1112"),
        (is_card, "4111 1111 111"),
        (is_card, "0000 0000 0000 0000"),
    ],
)
def test_numbers_that_do_not_hold_are_not(is_one: Check, number: str) -> None:
    assert not is_one(number)


@given(st.integers(0, 99_999_999))
def test_every_dni_has_one_letter(number: int) -> None:
    assert [letter for letter in DNI_LETTERS if is_dni(f"{number:08d}{letter}")] == [DNI_LETTERS[number % 23]]


@given(st.integers(0, 10**9 - 1))
def test_every_cpf_has_one_pair_of_check_digits(number: int) -> None:
    holds = [check for check in range(100) if is_cpf(f"{number:09d}{check:02d}")]
    assert len(holds) == (0 if len(set(f"{number:09d}")) == 1 else 1)


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_a_card_with_one_digit_mistyped_is_none(digits: str, place: int, by: int) -> None:
    card = next(digits + str(check) for check in range(10) if _luhn(digits + str(check)))
    wrong = card[:place] + str((int(card[place]) + by) % 10) + card[place + 1 :]
    assert is_card(card) or len(set(card)) == 1
    assert not is_card(wrong)


def _luhn(number: str) -> bool:
    """The rule as its patent tells it: every second digit from the right is doubled, its digits added."""
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
