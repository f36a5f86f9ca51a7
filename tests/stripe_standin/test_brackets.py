from __future__ import annotations

import pytest

from stripe_standin.brackets import decode, pairs_of
from stripe_standin.refusals import Refusal


def decoded(text: str) -> dict[str, object]:
    return decode(pairs_of(text))


def test_tables_and_lists_are_nested_as_deep_as_the_name_says() -> None:
    assert decoded("a=1&b[c][d]=2&e[]=3&e[]=4&f[0][g]=5&f[1][g]=6&f[0][h]=7") == {
        "a": "1",
        "b": {"c": {"d": "2"}},
        "e": ["3", "4"],
        "f": {"0": {"g": "5", "h": "7"}, "1": {"g": "6"}},
    }


def test_items_without_numbers_begin_anew_at_a_name_they_have() -> None:
    assert decoded("a[][b]=1&a[][c]=2&a[][b]=3") == {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}


def test_the_last_of_two_texts_counts_and_empty_ones_stay() -> None:
    assert decoded("a=1&a=&b=%26%5B") == {"a": "", "b": "&["}


@pytest.mark.parametrize("text", ["[a]=1", "a[b=1", "a=1&a[b]=2", "a[b]=1&a=2", "a[]=1&a[b]=2", "a[b]c=1"])
def test_a_name_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        decoded(text)
    assert caught.value.code == "parameter_unknown"
