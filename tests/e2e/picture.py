"""Takes the picture of a guide that the README shows: `python -m tests.e2e.picture [FILE]`.

The demo site, 1280 pixels wide. The guide's text fades out after its beginning, so that title and table fit
into one picture; nothing else is changed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import launch_options
from tests.e2e.conftest import DESK
from tests.e2e.site import selling
from tests.server import CHECKOUT

PICTURE = CHECKOUT / "docs" / "pictures" / "guide.png"
GUIDE = "/guides/mexico/renewing_temporary_residence/"
TALLEST = 1700
FADE = (
    ".with-aside { max-height: 8rem; overflow: hidden; mask-image: linear-gradient(#000 45%, transparent); }"
)


def take(page: Page, path: Path) -> None:
    """A picture from the top of the page to the last row that fits in."""
    page.add_style_tag(content=FADE)
    boxes = [row.bounding_box() for row in page.locator("table.offers tr.offer").all()]
    ends = [int(box["y"] + box["height"]) for box in boxes if box is not None]
    path.parent.mkdir(parents=True, exist_ok=True)
    height = max(end for end in ends if end <= TALLEST) + 1
    clip = {"x": 0, "y": 0, "width": DESK["width"], "height": height}
    page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]


def main(path: Path) -> None:
    """Start the demo, open the guide, take the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        selling(Path(folder)) as site,
    ):
        browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        # The page's policy forbids the style that fades the text: here alone it may.
        page = browser.new_page(viewport=DESK, bypass_csp=True)  # type: ignore[arg-type]
        page.goto(site.url + GUIDE)
        take(page, path)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
