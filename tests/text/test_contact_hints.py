"""Weak signs of contact details are named for the moderators; ordinary texts have none, or only a messenger's name."""

from __future__ import annotations

import pytest

from marketplace.text.contact_hints import contact_hints
from tests.reviews.ordinary import SENTENCES


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("call six one two three four five six seven eight", ("spelled_number",)),
        ("llama al seis, uno, dos y tres cuatro cinco seis siete", ("spelled_number",)),
        ("llama: seis uno dos tres cuatro cinco seis siete ocho", ("spelled_number",)),
        ("ruf an: null sechs eins zwei drei fünf sechs sieben", ("spelled_number",)),
        ("звони: шесть один два три четыре пять шесть семь", ("spelled_number",)),
        ("six 12 three four 56 seven", ("spelled_number",)),
        ("ana arroba correo", ("spelled_address",)),
        ("example ponto com", ("spelled_address",)),
        ("busca anaperez en gmail", ("mail_service",)),
        ("find me on whats\u200bapp or Tеlegram", ("messenger",)),
        ("mi insta y mi g mail", ("mail_service", "messenger")),
        ("one of us took two days, one of us three, one four or five or six", ()),
        ("two or three weeks, then four more days", ()),
        ("one two three, and it was done", ()),
    ],
)
def test_hints_are_found(text: str, hints: tuple[str, ...]) -> None:
    assert contact_hints(text) == hints


@pytest.mark.parametrize("text", SENTENCES)
def test_ordinary_sentences_hold_no_hidden_contact(text: str) -> None:
    assert set(contact_hints(text)) <= {"messenger"}
