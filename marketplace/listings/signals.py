"""Signals about listings: one came into sight or left it, one became part of another.

`providers/signals.py` says how signals are sent and received. A provider's status shows or hides all its listings at once:
only `provider_status_changed` is sent then.

| signal | argument | sent when |
| --- | --- | --- |
| `listing_visibility_changed` | `listing` | `listing.status` became `published` or ceased to be |
| `listing_merged` | `gone`, `into`, `now` | what hangs on the listing `gone` is to move to `into`: their providers are one |
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

listing_merged = _signals.signal("listing-merged", doc="One listing becomes part of another.")
listing_visibility_changed = _signals.signal("listing-visibility-changed", doc="A listing is shown, or not.")
