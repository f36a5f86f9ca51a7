"""What a featured row looks like on a guide's page. The row builder stands above placements, so it is asked by a signal."""

from __future__ import annotations

from typing import Any

from blinker import Namespace

from marketplace.listings.models import Listing

# Argument `listing`; the answer is what `templates/billing/preview_row.html` needs, or None where no guide shows it.
preview_asked = Namespace().signal(
    "featured-preview-asked", doc="How would this listing stand in a paid place?"
)


def preview_of(listing: Listing) -> Any:
    """The listing's row as readers of the page's language would see it in a paid place; None where no page shows it."""
    answers = [answer for _, answer in preview_asked.send(Listing, listing=listing)]
    return next((answer for answer in answers if answer is not None), None)
