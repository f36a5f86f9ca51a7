"""A real browser on a real server. Its pages fail the test on a CSP message, a script error or a failed request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

from tests.browser import launch_options
from tests.e2e.site import Site
from tests.e2e.visitor import Album, Visitor

# A busy machine is slow, not wrong.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the test process."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        yield chromium
        chromium.close()


@pytest.fixture
def person(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that seats one more person: `person(width="phone", locale="es")`; each has cookies of their own."""
    problems: list[str] = []
    with ExitStack() as closing:

        def sit(
            width: str = "desk", *, javascript: bool = True, locale: str = "en-GB", **options: Any
        ) -> Page:
            viewport: Any = PHONE if width == "phone" else DESK
            context: BrowserContext = browser.new_context(
                viewport=viewport,
                locale=locale,
                java_script_enabled=javascript,
                reduced_motion="reduce",
                **options,
            )
            closing.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            _listen(page, problems)
            return page

        yield sit
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo site, shared by the stories of one file."""
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


@pytest.fixture
def seat(request: pytest.FixtureRequest, person: Callable[..., Page], site: Any) -> Callable[..., Visitor]:
    """A function that seats somebody at the site: `seat("phone", "es")`. Their pictures are kept under the test's file and
    the first one's width."""
    albums: list[Album] = []

    def sit(width: str = "desk", language: str = "en", *, scripts: bool = True) -> Visitor:
        if not albums:
            story = f"{request.path.stem.removeprefix('test_')}-{width}{'' if scripts else '-plain'}"
            albums.append(Album(story, wanted=bool(request.config.getoption("--pictures"))))
        page = person(width, javascript=scripts, locale="en-GB" if language == "en" else language)
        return Visitor(page, site, albums[0], language=language, scripts=scripts)

    return sit


def _listen(page: Page, problems: list[str]) -> None:
    def said(message: ConsoleMessage) -> None:
        # "Failed to load resource" repeats an answer's status, which a test may be about.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            problems.append(f"{page.url}: {message.type}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            problems.append(f"{response.url}: {response.status}")

    page.on("console", said)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("response", answered)
