"""A real browser on a real server. Its pages fail the test on a CSP message, a script error or a failed request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
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

# A busy machine is slow, not wrong.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SHOTS = Path(__file__).parent.parent.parent / "build" / "pictures"


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


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """A function that fails when axe finds a breach of WCAG 2.2 AA on the page as it stands."""

    def check(page: Page) -> None:
        found = Axe().run(page, options=AXE_OPTIONS)
        assert not found.response["violations"], f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """A function that keeps a picture of the whole page in `build/pictures/`, outside git."""

    def take(page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return take


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
