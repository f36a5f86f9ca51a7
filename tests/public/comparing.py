"""Holds every public page against the figures that `recomputing` works out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient

from marketplace.public.offers.coverage import coverage
from marketplace.public.publish.queries import load_offers
from marketplace.values.money import format_cost
from marketplace.values.timeframe import format_timeframe
from tests.pages import Page, text_of
from tests.public.recomputing import MINUTES, Row, Truth, share


def compare_everything(client: FlaskClient, truth: Truth) -> int:
    """Compare all pages; returns how many there were. A figure that is wrong fails with its page."""
    count = 0
    for check in (_guides, _listings, _comparisons, _providers, _lists, _about, _machines):
        for name, found, expected in check(lambda path: Page(client.get(path).get_data(as_text=True)), truth):
            assert found == expected, f"{name}: {found!r} where the rows come to {expected!r}"
            count += 1
    return count


Pages = Callable[[str], Page]
Compared = Iterator[tuple[str, Any, Any]]


def _guides(page_of: Pages, truth: Truth) -> Compared:
    for guide in _english(truth):
        path = f"/guides/{guide.country}/{guide.stem}/"
        page, rows = page_of(path), truth.table(guide.topic_id)
        yield f"{path} glance", _glance(page), truth.glance(guide.topic_id)
        yield (
            f"{path} rows",
            [_row(row) for row in page.all("tr", class_="offer")],
            [_expected_row(truth, row) for row in rows],
        )
        for order, key in ORDERS.items():
            sorted_rows = sorted(rows, key=lambda row: key(truth, row))
            names = [_name(row) for row in page_of(f"{path}?sort={order}").all("tr", class_="offer")]
            yield f"{path} by {order}", names, [_provider(truth, row).name for row in sorted_rows]


def _glance(page: Page) -> list[str]:
    parts = [part for found in page.all("dl", class_="glance") for part in found]
    if not parts:
        return []
    values = [
        [text_of(one) for one in part if one.get("class") == kind]
        for part in parts
        for kind in ("value", "note")
    ]
    (providers,), _, (lowest,), _, (said,), note, (reported,), (told,) = values
    return [providers, lowest, said, *(note or [""]), reported, told]


def _row(row: Element) -> tuple[str, ...]:
    reported = [text_of(one) for one in row.iter("span") if "reported" in one.get("class", "")]
    return _name(row), _rating(row), *_reviews(row), *(reported or [""])


def _expected_row(truth: Truth, row: Row) -> tuple[str, ...]:
    time = truth.reported_time(row.id)
    told = truth.told(row.id)
    count, left = len(told.counted), told.uncounted
    reviews = f"{count} reviews" if count > 1 else "One review" if count else ""
    if not count and left:
        reviews = f"{left} reviews, not counted" if left > 1 else "One review, not counted"
    reported = f"Clients report: {time[0]}, median of {time[1]}" if time else ""
    return _provider(truth, row).name, truth.rating(row.id), reviews, reported


def _by_cost(truth: Truth, row: Row) -> tuple[bool, float]:
    cost = truth._upper(row)
    return cost is None, cost or 0


def _by_rating(truth: Truth, row: Row) -> tuple[bool, float]:
    return not truth.told(row.id).counted, -round(truth.bound(row), 9)


def _by_time(truth: Truth, row: Row) -> tuple[bool, float]:
    return row.time_max is None, 0 if row.time_max is None else row.time_max * MINUTES[row.time_unit]


ORDERS = {"cost": _by_cost, "time": _by_time, "rating": _by_rating}


def _listings(page_of: Pages, truth: Truth) -> Compared:
    for row, guide in _pages_of_listings(truth):
        path = f"/guides/{guide.country}/{guide.stem}/{_provider(truth, row).slug}/"
        page, told = page_of(path), truth.told(row.id)
        yield f"{path} score", page.texts("p", class_="score"), [truth.rating(row.id)] if told.counted else []
        stars = [str(sum(review.rating == star for review in told.counted)) for star in (5, 4, 3, 2, 1)]
        bars = [
            text_of(list(tr)[-1])
            for table in page.all("table", class_="histogram")
            for tr in table.iter("tr")
        ]
        yield f"{path} histogram", bars, stars if told.counted else []
        yield f"{path} reports", _reported(page), _expected_reports(truth, row)
        entries = [json.loads(script.text or "") for script in page.all("script", type="application/ld+json")]
        rating = next((one.get("aggregateRating") for one in entries if one["@type"] == "Service"), None)
        given = (rating["reviewCount"], round(rating["ratingValue"], 1)) if rating else None
        average = truth.stars(row.id)
        yield (
            f"{path} for machines",
            given,
            None if average is None else (len(told.counted), round(round(average, 2), 1)),
        )


def _reported(page: Page) -> dict[str, Any]:
    (section,) = page.all("section", aria_labelledby="reported") or (None,)
    if section is None:
        return {}
    figures: dict[str, Any] = {}
    for figure in section.iter("figure"):
        kind = "time" if "How long" in text_of(figure) else "cost"
        lines = [[text_of(part) for part in line] for line in figure.iter("p")]
        figures[kind] = (lines[1][0], int(re.findall(r"\d+", lines[1][1])[0]))
    for line in next(iter(section.iter("dl"))):
        term, value = (text_of(part) for part in line)
        if count := re.findall(r"\d+", term):
            figures[term.partition(" (")[0]] = (value, int(count[0]))
        else:
            figures["reports"] = int(value)
    notes = " ".join(text_of(p) for p in section.iter("p"))
    figures["converted"] = _noted(r"(\d+|One) clients? paid in ([A-Z]{3})", notes)
    figures["unrated"] = _noted(r"(\d+|One) reports? of a cost in ([A-Z]{3}) (?:is|are) not included", notes)
    figures["unheld"] = [
        sum(1 if found == "One" else int(found) for found in re.findall(pattern, notes))
        for pattern in (r"(\d+|One) reports? of a time cannot", r"(\d+|One) reports? of a cost cannot")
    ]
    return figures


def _noted(pattern: str, notes: str) -> dict[str, int]:
    return {code: 1 if count == "One" else int(count) for count, code in re.findall(pattern, notes)}


def _expected_reports(truth: Truth, row: Row) -> dict[str, Any]:
    told, time, cost = truth.told(row.id), truth.reported_time(row.id), truth.reported_cost(row.id)
    if time is None and cost is None:
        return {}
    figures = {
        "time": time,
        "cost": cost,
        "on time": share(told.on_time),
        "within the quote": share(told.within),
        "reports": told.reporting,
        "converted": {code: count for code, count in told.converted.items() if count},
        "unrated": dict(told.unrated),
        "unheld": [len(told.times) - len(told.on_time), max(0, len(told.costs) - len(told.within))],
    }
    return {name: value for name, value in figures.items() if value is not None}


def _comparisons(page_of: Pages, truth: Truth) -> Compared:
    for one, other in pairwise(truth.shown()):
        path = f"/compare/?listing={one.id}&listing={other.id}"
        lines = [[text_of(cell) for cell in tr] for tr in page_of(path).all("tr") if len(list(tr)) == 3]
        cells = {line[0]: line[1:] for line in lines}
        reported = [line[1:] for line in lines if line[0] == "Reported by clients"]
        expected = [
            [_compared(found(row.id)) for row in (one, other)]
            for found in (truth.reported_cost, truth.reported_time)
        ]
        without_best = [[text.removesuffix("Lowest") for text in line] for line in reported]
        yield f"{path} reported", without_best, expected
        counted = [_counted(truth, row) for row in (one, other)]
        yield f"{path} counted", cells["Reviews that count"], counted
        ratings = [truth.rating(row.id) or "No reviews yet" for row in (one, other)]
        shown = [text.removesuffix("Highest").strip() for text in cells["Rating"]]
        yield f"{path} ratings", [text.split()[-1] if text[-1].isdigit() else text for text in shown], ratings


def _compared(found: tuple[str, int] | None) -> str:
    return f"{found[0]}median of {found[1]} reports" if found else "Fewer than three reports"


def _counted(truth: Truth, row: Row) -> str:
    told = truth.told(row.id)
    more = {0: "", 1: "and one not counted"}.get(told.uncounted, f"and {told.uncounted} not counted")
    return f"{len(told.counted)}{more}"


def _providers(page_of: Pages, truth: Truth) -> Compared:
    for provider in truth.providers.values():
        if provider.status != "active":
            continue
        page = page_of(f"/providers/{provider.slug}/")
        found = [(_rating(row), *_reviews(row)) for body in page.all("tbody") for row in body.iter("tr")]
        rows = sorted(
            (row for row in truth.shown() if row.provider_id == provider.id), key=lambda row: row.topic_id
        )
        expected = [
            _expected_row(truth, row)[1:3] if truth.told(row.id).counted else ("", "") for row in rows
        ]
        yield f"provider {provider.slug}", found, expected


def _lists(page_of: Pages, truth: Truth) -> Compared:
    listed: dict[str, set[int]] = {}
    for row in truth.in_tables():
        listed.setdefault(truth.topics[row.topic_id].country, set()).add(row.provider_id)
    guides = _english(truth)
    for path in ("/", "/guides/"):
        items = [text_of(item) for part in page_of(path).all("ul", class_="country-list") for item in part]
        expected = []
        for country in sorted({guide.country for guide in guides}):
            procedures = len([guide for guide in guides if guide.country == country])
            text = "one procedure" if procedures == 1 else f"{procedures} procedures"
            providers = len(listed.get(country, ()))
            more = {0: "", 1: ", one provider"}.get(providers, f", {providers} providers")
            expected.append(f"{country.title()} {text}{more}")
        yield path, items, expected
    for country in sorted({guide.country for guide in guides}):
        own = [guide for guide in guides if guide.country == country]
        numbers = {guide.title: len(truth.table(guide.topic_id)) for guide in own}
        served = sum(count > 0 for count in numbers.values())
        page = page_of(f"/guides/{country}/")
        lead = page.texts("p", class_="lead")[0]
        told = {0: "", 1: "one procedure has providers"}.get(served, f"{served} procedures have providers")
        yield f"{country} served", (lead.partition("; ")[2].rstrip("."),), (told,)
        shown_counts = {
            text_of(next(iter(item))): text_of(list(item)[1]) for item in page.one("ul", class_="rows")
        }
        words = {0: "no providers yet", 1: "one provider"}
        expected_items = {title: words.get(count, f"{count} providers") for title, count in numbers.items()}
        yield f"{country} procedures", shown_counts, expected_items


def _about(page_of: Pages, truth: Truth) -> Compared:
    shown = {row.id for row in truth.with_page() if _provider(truth, row).status == "active"}
    levels = [
        row.level for row in truth.rows["review"] if row.status == "published" and row.listing_id in shown
    ]
    terms = page_of("/about/reviews/").texts("dt")
    for level in ("Unverified", "Invited", "Documented"):
        yield (
            f"/about/reviews/ {level}",
            [t for t in terms if t.startswith(f"{level}:")],
            [f"{level}: {levels.count(level.lower())}"],
        )


def _machines(page_of: Pages, truth: Truth) -> Compared:
    """The rows of the Markdown, and the coverage."""
    published = load_offers(truth.today)
    for topic in truth.topics.values():
        rows = [
            (
                row.provider_name,
                format_cost(row, "en"),
                format_timeframe(row.time_min, row.time_max, row.time_unit, "en"),
            )
            for row in published.get(topic.key, ())
        ]
        expected = [
            (
                _provider(truth, row).name,
                format_cost(row, "en"),
                format_timeframe(row.time_min, row.time_max, row.time_unit, "en"),
            )
            for row in truth.table(topic.id)
        ]
        yield f"rows of {topic.key}", rows, expected
    found = {topic["key"]: topic["listings"] for topic in coverage(truth.today).topics}
    yield "coverage", found, {topic.key: len(truth.table(topic.id)) for topic in truth.topics.values()}


def _english(truth: Truth) -> list[Row]:
    rows = [row for row in truth.rows["guide"] if row.language == "en" and row.shown]
    return sorted(rows, key=lambda row: row.id)


def _pages_of_listings(truth: Truth) -> Iterator[tuple[Row, Row]]:
    for guide in _english(truth):
        for row in truth.shown():
            if row.topic_id == guide.topic_id:
                yield row, guide


def _provider(truth: Truth, row: Row) -> Row:
    return truth.providers[row.provider_id]


def _name(row: Element) -> str:
    return next(text_of(link) for link in row.iter("a") if link.get("class") == "title-link")


def _rating(row: Element) -> str:
    found = [text_of(one) for one in row.iter("b") if one.get("aria-hidden")]
    return found[0] if found else ""


def _reviews(row: Element) -> list[str]:
    """What is said of the number of reviews."""
    said = [text_of(one) for one in row.iter("span") if one.get("class") == "sub"]
    found = [text.partition(" of ")[0] for text in said if re.match(r"(One|\d+) reviews?\b", text)]
    return found or [""]
