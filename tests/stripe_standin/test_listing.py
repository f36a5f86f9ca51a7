from __future__ import annotations

import pytest
import stripe

from tests.clock import FrozenClock
from tests.stripe_standin.shop import DAY, NOW


@pytest.fixture
def names(api: stripe.StripeClient, standin: object) -> list[str]:
    """Ids of twelve customers, newest first; a second after another."""
    made = []
    for number in range(12):
        made.append(api.v1.customers.create(params={"name": f"Customer {number}"}).id)
        standin.advance(1)
    return made[::-1]


def ids(found: object) -> list[str]:
    return [each.id for each in found.data]


def test_a_list_is_newest_first_and_ten_long(api: stripe.StripeClient, names: list[str]) -> None:
    found = api.v1.customers.list()
    assert (ids(found), found.has_more, found.url) == (names[:10], True, "/v1/customers")
    assert not api.v1.customers.list(params={"limit": 12}).has_more


def test_pages_go_on_after_and_before_an_object(api: stripe.StripeClient, names: list[str]) -> None:
    after = api.v1.customers.list(params={"limit": 4, "starting_after": names[3]})
    assert (ids(after), after.has_more) == (names[4:8], True)
    last = api.v1.customers.list(params={"limit": 4, "starting_after": names[7]})
    assert (ids(last), last.has_more) == (names[8:], False)
    before = api.v1.customers.list(params={"limit": 3, "ending_before": names[5]})
    assert (ids(before), before.has_more) == (names[2:5], True)
    first = api.v1.customers.list(params={"limit": 3, "ending_before": names[2]})
    assert (ids(first), first.has_more) == (names[:2], False)


def test_the_library_walks_through_all_pages(api: stripe.StripeClient, names: list[str]) -> None:
    walked = [each.id for each in api.v1.customers.list(params={"limit": 5}).auto_paging_iter()]
    assert walked == names


def test_lists_are_bounded_by_the_time_of_making(api: stripe.StripeClient, names: list[str]) -> None:
    def within(**bounds: int) -> list[str]:
        return ids(api.v1.customers.list(params={"limit": 100, "created": bounds}))

    assert within(gte=NOW + 10) == names[:2]
    assert within(gt=NOW + 10) == names[:1]
    assert within(lt=NOW + 1) == names[11:]
    assert within(lte=NOW + 1, gte=NOW + 1) == names[10:11]
    assert ids(api.v1.customers.list(params={"created": NOW + 5})) == [names[6]]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"starting_after": "cus_none"}, "starting_after"),
        ({"created": "yesterday"}, "created"),
        ({"created": {"after": 5}}, "created[after]"),
        ({"sort": "name"}, "sort"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(api: stripe.StripeClient, params: object, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.customers.list(params=params)
    assert (caught.value.http_status, caught.value.param) == (400, param)


def test_a_list_takes_one_direction_only(api: stripe.StripeClient, names: list[str]) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="only use one"):
        api.v1.customers.list(params={"starting_after": names[3], "ending_before": names[5]})


def test_the_callers_own_clock_dates_what_is_made(api: stripe.StripeClient, clock: FrozenClock) -> None:
    from datetime import timedelta

    clock.advance(timedelta(days=2))
    assert api.v1.customers.create().created == NOW + 2 * DAY
