"""Signals about listings: one came into sight or left it, or advertises something else.

`providers/signals.py` says how signals are sent and received. A provider's status shows or hides all its listings at once:
only `provider_status_changed` is sent then.

| signal | argument | sent when |
| --- | --- | --- |
| `listing_visibility_changed` | `listing` | `listing.status` became `published` or ceased to be |
| `listing_terms_changed` | `listing` | the terms of an existing listing changed |
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

listing_visibility_changed = _signals.signal("listing-visibility-changed", doc="A listing is shown, or not.")
listing_terms_changed = _signals.signal("listing-terms-changed", doc="The terms of a listing changed.")
