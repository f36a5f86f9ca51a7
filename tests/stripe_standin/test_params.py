"""Form parameters of calls, as Stripe nests them."""

from __future__ import annotations

from typing import Any

import pytest

from stripe_standin.errors import ApiError
from stripe_standin.params import Params, decode, pairs_of


def test_values_come_in_their_types() -> None:
    params = Params(
        {"a": "x", "b": "-3", "c": "true", "d": {"0": "p", "1": "q"}, "e": ["r"], "f": {"g": "1"}}
    )
    assert (params.text("a"), params.integer("b"), params.flag("c")) == ("x", -3, True)
    assert (params.texts("d"), params.texts("e")) == (["p", "q"], ["r"])
    assert params.table("f").choice("g", ("1", "2")) == "1"
    assert params.text("h") is None
    params.finish()


@pytest.mark.parametrize(
    ("values", "read", "param"),
    [
        ({"a": "x"}, lambda params: params.integer("a"), "a"),
        ({"a": "1.5"}, lambda params: params.integer("a"), "a"),
        ({"a": "9"}, lambda params: params.integer("a", most=8), "a"),
        ({"a": "0"}, lambda params: params.integer("a", least=1), "a"),
        ({"a": "yes"}, lambda params: params.flag("a"), "a"),
        ({"a": "z"}, lambda params: params.choice("a", ("x", "y")), "a"),
        ({"a": ""}, lambda params: params.text("a"), "a"),
        ({"a": "xyz"}, lambda params: params.text("a", longest=2), "a"),
        ({"a": {"b": "1"}}, lambda params: params.text("a"), "a"),
        ({"a": "x"}, lambda params: params.table("a"), "a"),
        ({"a": "x"}, lambda params: params.texts("a"), "a"),
        ({"a": ["x"]}, lambda params: params.items("a"), "a"),
        ({"a": {"b": {"c": "x"}}}, lambda params: params.table("a").table("b").integer("c"), "a[b][c]"),
        ({"a": {"0": {"b": "x"}}}, lambda params: params.items("a")[0].flag("b"), "a[0][b]"),
        ({}, lambda params: params.needed("a"), "a"),
        ({"a": "ftp://x/y"}, lambda params: params.url("a"), "a"),
        ({"a": "http://"}, lambda params: params.url("a"), "a"),
        ({"a": "javascript:go()"}, lambda params: params.url("a"), "a"),
        ({"a": "http://[x"}, lambda params: params.url("a"), "a"),
        ({"metadata": "x"}, lambda params: params.metadata(), "metadata"),
        ({"metadata": {"k" * 41: "x"}}, lambda params: params.metadata(), f"metadata[{'k' * 41}]"),
    ],
)
def test_a_value_of_another_type_is_refused_by_its_whole_name(values: Any, read: Any, param: str) -> None:
    with pytest.raises(ApiError) as caught:
        read(Params(values))
    assert (caught.value.status, caught.value.param, caught.value.stored) == (400, param, False)


def test_what_nobody_read_is_refused_at_any_depth() -> None:
    params = Params({"a": "1", "b": {"c": "2", "d": "3"}, "e": {"0": {"f": "4"}}})
    params.text("a")
    params.table("b").text("c")
    params.items("e")
    with pytest.raises(ApiError) as caught:
        params.finish()
    assert caught.value.message == "Received unknown parameters: b[d], e[0][f]"
    assert (caught.value.code, caught.value.param) == ("parameter_unknown", "b[d]")


def test_metadata_is_put_over_the_old_and_emptied() -> None:
    old = {"a": "1", "b": "2"}
    assert Params({"metadata": {"b": "", "c": "3"}}).metadata(old) == {"a": "1", "c": "3"}
    assert Params({"metadata": ""}).metadata(old) == {}
    assert Params({}).metadata(old) == old


def test_metadata_has_at_most_fifty_keys() -> None:
    many = {f"k{number}": "x" for number in range(51)}
    with pytest.raises(ApiError):
        Params({"metadata": many}).metadata()


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
    with pytest.raises(ApiError) as caught:
        decoded(text)
    assert caught.value.code == "parameter_unknown"
