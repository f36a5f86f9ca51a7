"""The row of a paid place is asked of whoever makes the guide's page; the first who knows it answers."""

from __future__ import annotations

from typing import Any

from marketplace.billing.desk.signals import preview_asked, preview_of
from marketplace.listings.models import Listing


def test_the_first_answer_counts_and_no_answer_is_none() -> None:
    listing = Listing()

    def silent(sender: Any, *, listing: Listing) -> None:
        return None

    def knowing(sender: Any, *, listing: Listing) -> str:
        return "row"

    before = list(preview_asked.receivers_for(Listing))
    for receiver in before:
        preview_asked.disconnect(receiver)
    try:
        assert preview_of(listing) is None
        with preview_asked.connected_to(silent):
            assert preview_of(listing) is None
            with preview_asked.connected_to(knowing):
                assert preview_of(listing) == "row"
    finally:
        for receiver in before:
            preview_asked.connect(receiver)
