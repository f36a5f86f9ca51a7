"""What Hugo would build: drafts, dates, `headless` and `build`, each with its siblings and spellings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.guides.hugo.front_matter import GuideRefused, read_front_matter
from marketplace.guides.hugo.publication import EVERYWHERE, Listed, Publication

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(front: str) -> Publication:
    return read_front_matter(front).publication


@pytest.mark.parametrize(
    "front",
    [
        "draft: true",
        "Draft: True",
        'draft: "true"',
        "published: false",
        "headless: true",
        "_build:\n  render: never",
        "build:\n  render: link",
        "build: {list: always, render: false}",
        "build:\n  other: [1, {a: b}]\n  Render: Never",
    ],
)
def test_a_page_that_hugo_never_renders_is_held(front: str) -> None:
    assert read(front).held
    assert not read(front).is_shown(NOON)


@pytest.mark.parametrize(
    "front",
    [
        "title: x",
        "draft: false",
        "draft: maybe",
        "draft: false\npublished: false",
        "published: true",
        "headless: false",
        "_build:\n  render: always\n  list: true",
        "params:\n  draft: true\n  render: never",
        "build: never",
        "date: 23 de junho de 2024",
        "date: 2024-06-24T25:99",
    ],
)
def test_every_other_page_is_shown(front: str) -> None:
    assert read(front) == EVERYWHERE


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T12:00:00+02:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23 12:00:00 -0300", datetime(2026, 11, 23, 15, tzinfo=UTC)),
        ("2026-11-23t12:00:00z", NOON),
        ("2026-11-23 12:00", NOON),
    ],
)
def test_dates_are_read_as_hugo_reads_them(value: str, moment: datetime) -> None:
    for key in ("publishDate", "pubdate", "published", "date"):
        assert read(f"{key}: {value}").publish_at == moment
    for key in ("expiryDate", "unpublishdate"):
        assert read(f'{key}: "{value}"').expires_at == moment


def test_a_page_is_shown_from_its_day_until_it_expires() -> None:
    page = read("date: 2020-01-01\npublishDate: 2026-11-23T12:00:00Z\nexpiryDate: 2026-11-24T12:00:00Z")
    second = timedelta(seconds=1)
    around = [NOON - second, NOON, NOON + timedelta(days=1) - second, NOON + timedelta(days=1)]
    assert [page.is_shown(moment) for moment in around] == [False, True, True, False]


@pytest.mark.parametrize("front", ["publishDate: soon", "expiryDate: 2026-13-01", "unpublishdate: 12"])
def test_a_date_that_decides_and_is_none_is_refused_by_name(front: str) -> None:
    with pytest.raises(GuideRefused, match=r"front matter's (publishdate|expirydate|unpublishdate) is not"):
        read_front_matter(front)


@pytest.mark.parametrize(
    ("front", "listed"),
    [
        ("_build:\n  list: never", Listed.NEVER),
        ("build:\n  list: false", Listed.NEVER),
        ("build:\n  list: local", Listed.LOCAL),
        ("build:\n  list: somewhere", Listed.ALWAYS),
        ("build:\n  list: never\n_build:\n  list: always", Listed.NEVER),
    ],
)
def test_lists_name_a_page_as_build_asks(front: str, listed: Listed) -> None:
    assert read(front).listed == listed
    assert read(front).is_shown(NOON)
