"""The table of `docs/performance.md`: every public page from the cache, answered 304 and made anew, and each write, on sites
of three sizes, as ratios to a bare Flask route of the page's size behind the same server.

`make bench` writes the page; `make bench QUICK=1` prints one size in about two minutes. Rounds go over all pages in turn, so
that a slow minute of the machine falls on all of them; medians are told.
"""

from __future__ import annotations

import gzip
import os
import platform
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import brotli

from benchmarks.load import Load, middle, press
from benchmarks.served import BARE, SITE, Served, processor_time
from benchmarks.sized import FOLDER, SIZES, Site, sized_site
from benchmarks.writes import Written, measure_writes, statements_of
from marketplace.commands.seed_plan import Plan
from tests.nginx import Nginx

PAGE = FOLDER.parent.parent / "docs" / "performance.md"
QUICK_SIZES = ("site",)
ROUNDS = 3
MARK = "<!-- `make bench` writes what follows -->"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each page is asked for in a round, in seconds, and how many of each write are sent."""

    seconds: float
    writes: int


@dataclass(frozen=True, slots=True)
class PageFigures:
    """Of a page: each way of answering beside the bare route, bytes, and statements when it is made anew."""

    bare: Load
    hit: Load
    unchanged: Load
    computed: Load
    html: int
    packed: int
    statements: int


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """Of a site: its pages and writes, what nginx answers of a guide and of a static file of its size, MB of a worker, and
    the bytes of a first visit to a guide."""

    pages: dict[str, PageFigures]
    writes: dict[str, Written]
    front: Load
    static: Load
    memory: float
    first_visit: tuple[int, int]


def main(*, quick: bool = False) -> None:
    """Measure and print; write the page too unless it is a quick round."""
    effort = Effort(0.3, 10) if quick else Effort(0.5, 20)
    found = {size: _measure(size, effort) for size in (QUICK_SIZES if quick else SIZES)}
    text = "\n".join(_lines(found))
    print(text)
    if not quick:
        said = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
        PAGE.write_text(f"{said}{MARK}\n\n{text}\n", encoding="utf-8")


def _measure(size: str, effort: Effort) -> SizeFigures:
    with sized_site(size) as site, _servers(site) as (bare, kept, fresh):
        loads: dict[str, list[tuple[Load, ...]]] = {name: [] for name in site.pages}
        bodies = {name: _body(site, path) for name, path in site.pages.items()}
        for _ in range(ROUNDS):
            for name, path in site.pages.items():
                asked = _asked(path, len(bodies[name]), _tag(site, kept, path))
                servers = (bare, kept, kept, fresh)
                loads[name].append(
                    tuple(
                        press(server.port, target, headers, effort.seconds, server.processor_time)
                        for server, (target, headers) in zip(servers, asked, strict=True)
                    )
                )
        pages = {
            name: PageFigures(
                *(middle(list(rounds)) for rounds in zip(*loads[name], strict=True)),
                html=len(bodies[name]),
                packed=len(brotli.compress(bodies[name], quality=5)),
                statements=statements_of(site.app, path),
            )
            for name, path in site.pages.items()
        }
        memory = kept.memory()
        front, static = _through_nginx(site, kept, len(bodies["guide"]), effort)
        writes = measure_writes(site, effort.writes)
        return SizeFigures(pages, writes, front, static, memory, _first_visit(site, bodies["guide"]))


@contextmanager
def _servers(site: Site) -> Iterator[tuple[Served, Served, Served]]:
    """The bare application, the site, and the site that keeps no page."""
    own = {"INSTANCE_PATH": str(site.folder), "WORKER": "external"}
    with ExitStack() as stack:
        found = []
        for target, environ in ((BARE, {}), (SITE, own), (SITE, {**own, "CACHE_URL": "none"})):
            server = Served(target, environ)
            stack.callback(server.stop)
            found.append(server)
        for server in found:
            server.wait("/healthz")
        yield found[0], found[1], found[2]


def _asked(path: str, size: int, tag: str) -> tuple[tuple[Any, dict[str, str]], ...]:
    """What each server is asked: the bare page of this size; the page; the page that one has; and one made anew, with
    another address each time, or requests for one page would wait for each other."""
    sign = "&" if "?" in path else "?"

    def another(number: int) -> str:
        return f"{path}{sign}n={number}"

    return (f"/bytes/{size}", {}), (path, {}), (path, {"If-None-Match": tag}), (another, {})


def _body(site: Site, path: str) -> bytes:
    answer = Context().run(site.app.test_client().get, path)
    assert answer.status_code == 200, (path, answer.status)
    return answer.data


def _tag(site: Site, kept: Served, path: str) -> str:
    return Context().run(site.app.test_client().get, path).headers["ETag"]


def _through_nginx(site: Site, kept: Served, size: int, effort: Effort) -> tuple[Load, Load]:
    """A guide, and a static file of its size."""
    name = "bench.000000000000.txt"
    (site.folder / "assets" / name).write_text("x" * size)
    nginx = Nginx(site.folder / "nginx", site_port=kept.port, assets=site.folder / "assets", tls=False)
    try:
        worked = partial(processor_time, nginx.pid)
        paths = (site.pages["guide"], f"/static/{name}")
        rounds = [
            [press(nginx.port, path, {}, effort.seconds, worked) for path in paths] for _ in range(ROUNDS)
        ]
    finally:
        nginx.stop()
    return middle([loads[0] for loads in rounds]), middle([loads[1] for loads in rounds])


def _first_visit(site: Site, body: bytes) -> tuple[int, int]:
    """Compressed bytes of a page's HTML, and of the style sheets and scripts it asks for."""
    names = re.findall(rb'"/static/([^"]+\.(?:css|js))"', body)
    files = [site.folder / "assets" / name.decode() for name in dict.fromkeys(names)]
    return len(brotli.compress(body, quality=5)), sum(len(gzip.compress(file.read_bytes())) for file in files)


# --- What is told -----------------------------------------------------------------------------------------------------


INTRODUCTION = """## How it was measured

Made by `make bench` on {day}: {machine}, Python {python}, SQLite. Bare Flask behind the same server (granian, two workers),
with a body of the page’s size, is 1. Medians of {rounds} rounds. “By requests” is bounded by the client, which shares the
cores with the servers; “by work” compares the processor time of the servers. “Made anew” is a page that nobody keeps."""
PAGES_HEAD = """
## {topics:,} topics, {listings:,} listings, {reviews:,} reviews

| page | kept: by requests, by work | 304 | made anew | p50, p99 kept (ms) | made anew | statements | HTML, br (KB) |
| --- | --- | --- | --- | --- | --- | --- | --- |"""
WRITES_HEAD = """
| write | processor time (ms) | of bare Flask | statements |
| --- | --- | --- | --- |"""
REST = """
Through nginx, a guide against a static file of its size: {front} (by requests, by work). A worker takes {memory:.0f} MB. A
first visit to a guide: {html:.1f} KB of HTML, {rest:.1f} KB of CSS and JS, compressed."""


def _lines(found: dict[str, SizeFigures]) -> Iterator[str]:
    day, python = datetime.now(UTC).date().isoformat(), platform.python_version()
    yield INTRODUCTION.format(day=day, machine=_machine(), python=python, rounds=ROUNDS)
    for size, figures in found.items():
        yield from _pages_lines(SIZES[size], figures)
    if len(found) > 1:
        yield from _growth_lines(found)


def _pages_lines(plan: Plan, figures: SizeFigures) -> Iterator[str]:
    yield PAGES_HEAD.format(topics=plan.topics, listings=plan.listings, reviews=plan.reviews)
    for name, page in figures.pages.items():
        ratios = [_ratio(page.bare, load) for load in (page.hit, page.unchanged, page.computed)]
        waits = [f"{load.p50:.1f}, {load.p99:.1f}" for load in (page.hit, page.computed)]
        sizes = f"{page.html / 1000:.1f}, {page.packed / 1000:.1f}"
        yield f"| {name} | {' | '.join(ratios)} | {' | '.join(waits)} | {page.statements} | {sizes} |"
    yield WRITES_HEAD
    bare = figures.pages["guide"].bare
    for name, write in figures.writes.items():
        yield f"| {name} | {write.cost:.1f} | {bare.cost / write.cost:.3f} | {write.statements} |"
    html, rest = (size / 1000 for size in figures.first_visit)
    front = _ratio(figures.static, figures.front)
    yield REST.format(front=front, memory=figures.memory, html=html, rest=rest)


def _growth_lines(found: dict[str, SizeFigures]) -> Iterator[str]:
    base = "site"
    yield f"\n## Processor time of what is made anew, as the site grows (1 = {base})\n"
    yield f"| page or write | {' | '.join(f'{size} (ms)' for size in found)} | {' | '.join(s for s in found if s != base)} |"
    yield f"| --- |{' --- |' * (2 * len(found) - 1)}"
    costs: list[tuple[str, Callable[[SizeFigures], float]]] = []
    costs += [(name, lambda f, name=name: f.pages[name].computed.cost) for name in found[base].pages]  # type: ignore[misc]
    costs += [(name, lambda f, name=name: f.writes[name].cost) for name in found[base].writes]  # type: ignore[misc]
    for name, cost in costs:
        times = {size: cost(figures) for size, figures in found.items()}
        ratios = [f"{times[size] / times[base]:.2f}" for size in found if size != base]
        yield f"| {name} | {' | '.join(f'{time:.1f}' for time in times.values())} | {' | '.join(ratios)} |"


def _ratio(base: Load, load: Load) -> str:
    by_work = base.cost / load.cost if load.cost else 0.0
    return ", ".join(
        f"{part:.2f}" if part >= 1 else f"{part:.4f}" for part in (load.rate / base.rate, by_work)
    )


def _machine() -> str:
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main(quick=bool(os.environ.get("QUICK")))
