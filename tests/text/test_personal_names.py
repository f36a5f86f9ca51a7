from __future__ import annotations

import pytest

from marketplace.text.personal_names import find_names


def names(text: str) -> list[str]:
    return [text[start:end] for start, end in find_names(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr John Smith told us to wait.", ["John Smith"]),
        ("Mrs. O'Brien and Ms Lee-Jones were kind", ["O'Brien", "Lee-Jones"]),
        ("Dr. J. R. Tolkien signed", ["J. R. Tolkien"]),
        ("La Sra. María del Carmen Pérez Ruiz nos atendió", ["María del Carmen Pérez Ruiz"]),
        ("el señor Núñez y la licenciada Ana López", ["Núñez", "Ana López"]),
        ("Lic. Álvaro Ibáñez, muy amable", ["Álvaro Ibáñez"]),
        ("SR. JUAN PEREZ DNI 12345678Z", ["JUAN PEREZ"]),
        ("don Pedro y doña Inés", ["Pedro", "Inés"]),
        ("el abogado Juan de la Torre nos dijo", ["Juan de la Torre"]),
        ("Officer Smith was rude", ["Smith"]),
        ("the agente Marta Gil, at the window", ["Marta Gil"]),
        ("our lawyer, Carla Vega, came along", ["Carla Vega"]),
        ("Mr Smith I think was wrong", ["Smith"]),
    ],
)
def test_names_are_found_after_a_title_or_an_office(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Our lawyer. They came to the office with us.",
        "The notary Public of Guadalajara stamped it",
        "the agent, Monday to Friday, answers",
        "The officer I met was friendly",
        "un gestor Administrativo de la zona",
        "I miss Madrid and its offices",
        "el agente de Madrid nos ayudó",
        "Nopal Norte did everything, Juan helped us too",
        "don't go there alone",
    ],
)
def test_offices_days_and_beginnings_are_no_names(text: str) -> None:
    assert names(text) == []
