"""The signal that a listing came into sight or left it.

`providers/signals.py` says how signals are sent and received. A provider's status shows or hides all its listings at once:
only `provider_status_changed` is sent then.

| signal | argument | sent when |
| --- | --- | --- |
| `listing_visibility_changed` | `listing` | `listing.status` became `published` or ceased to be |
"""

from __future__ import annotations

from blinker import Namespace

listing_visibility_changed = Namespace().signal(
    "listing-visibility-changed", doc="A listing is shown, or not."
)
