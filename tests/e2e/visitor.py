"""A person at a browser, who looks closely at every page they come to."""

from __future__ import annotations

import re
import shutil
from itertools import count
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.site import Site

PICTURES = Path(__file__).parent.parent.parent / "build" / "pictures"
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


class Album:
    """What was seen in one story; with `wanted`, pictures of it, numbered in its order, in a folder outside git."""

    def __init__(self, story: str, *, wanted: bool) -> None:
        self._folder = PICTURES / story
        if wanted:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)
        self._wanted = wanted
        self._numbers = count(1)
        self._seen: set[str] = set()

    def is_new(self, name: str) -> bool:
        """Whether a page of this name is seen for the first time."""
        known = name in self._seen
        self._seen.add(name)
        return not known

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page."""
        if not self._wanted:
            return
        page.screenshot(path=self._folder / f"{next(self._numbers):02}-{name}.png", full_page=True)


class Visitor:
    """One person of a story. `language` is the one they read the site in; without scripts, axe has nothing to run on."""

    def __init__(self, page: Page, site: Site, album: Album, *, language: str, scripts: bool = True) -> None:
        self.page = page
        self.site = site
        self.language = language
        self.prefix = "" if language == "en" else f"/{language}"
        self._album = album
        self.scripts = scripts

    def open(self, path: str) -> None:
        """Go to a page of the site in this person's language."""
        self.page.goto(self.site.url + self.prefix + path)

    def look(self, name: str, *, again: bool = True, dark: bool = False) -> None:
        """Check the page as it stands and keep a picture; a page that another person of the story has looked at, only in
        passing. `again` loads it once more: the second answer may be a 304, whose headers must let the kept page run as
        well. It is False where the page answers a form. `dark` looks at the dark colours too."""
        expect(self.page).to_have_title(re.compile(r"\S"))
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.locator("h1")).to_have_count(1)
        if not self._album.is_new(name):
            return
        self._album.keep(self.page, name)
        if again:
            self.page.reload()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, f"{self.page.url} scrolls sideways"
        self._check_access(WCAG)
        if dark:
            self.page.emulate_media(color_scheme="dark")
            self._album.keep(self.page, f"{name}-dark")
            self._check_access(CONTRAST)
            self.page.emulate_media(color_scheme="light")

    def fill(self, **values: str) -> None:
        """Type into fields, choose from lists and tick, each named as its control is."""
        for name, value in values.items():
            field = self.field(name)
            kind = field.first.get_attribute("type")
            if kind in ("radio", "checkbox"):
                self.page.locator(f"[name='{name}'][value='{value}']").check()
            elif field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def field(self, name: str) -> Locator:
        """The control, or the boxes, of this name in the page's work."""
        return self.page.locator(f"main [name='{name}']")

    def press(self, value: str = "") -> None:
        """Press the form's one button, or the one that sends `do=<value>`."""
        button = f"button[name='do'][value='{value}']" if value else "button.btn-primary[type='submit']"
        self.follow(self.page.locator(f"main {button}").first)

    def follow(self, target: str | Locator) -> None:
        """Press what leads to another page, and wait until it is there."""
        place = self.page.locator(target) if isinstance(target, str) else target
        with self.page.expect_navigation():
            place.click()

    def expect_error_summary(self, *fields: str) -> None:
        """The error summary has the focus, and links lead from it to these fields."""
        summary = self.page.locator(".error-summary")
        expect(summary).to_be_focused()
        for name in fields:
            summary.locator(f"a[href='#{name}']").click()
            expect(self.page.locator(f"[id='{name}']")).to_be_focused()

    def skip_to_the_content(self) -> None:
        """The first stop of the keyboard is the link over the navigation; it takes the reader to the content."""
        self.page.keyboard.press("Tab")
        skip = self.page.locator("a.skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(self.page.url.partition("#")[0] + "#content")
        self.page.keyboard.press("Tab")
        expect(self.page.locator("main :focus")).to_have_count(1)

    def _check_access(self, rules: dict[str, object]) -> None:
        if not self.scripts:
            return
        found = Axe().run(self.page, options=rules)
        assert not found.response["violations"], f"{self.page.url}\n{found.generate_report()}"
