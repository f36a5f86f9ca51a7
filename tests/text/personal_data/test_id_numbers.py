from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.text.personal_data.id_numbers import (
    DNI_LETTERS,
    is_card,
    is_cpf,
    is_cuil,
    is_curp,
    is_dni,
    is_iban,
    is_rfc,
)

Check = Callable[[str], bool]


@pytest.mark.parametrize(
    ("is_one", "number"),
    [
        (is_dni, "12345678Z"),
        (is_dni, "12.345.678-Z"),
        (is_dni, "X1234567L"),
        (is_dni, "z 1234567 r"),
        (is_curp, "HEGG560427MVZRRL04"),
        (is_rfc, "GODE561231GR8"),
        (is_rfc, "AB&E-000229-GR8"),
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
        (is_curp, "HEGG561327MVZRRL04"),
        (is_rfc, "GODE560230GR8"),
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
