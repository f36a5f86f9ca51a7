"""What other features may listen to: a provider's standing changed, a listing came into sight or left it.

Features above listings (placements, enquiries, demand) connect a function to these signals; listings know none of them.
Each signal is sent inside the transaction of the change, after its flush: a receiver finds the new state in the database,
what it writes is committed or rolled back together with the change, and what it raises undoes the change. Receivers flush
and never commit.

| signal | argument | sent when |
| --- | --- | --- |
| `provider_standing_changed` | `provider` | a service changed `provider.status` |
| `listing_visibility_changed` | `listing` | `listing.status` became `published` or ceased to be |
| `listing_terms_changed` | `listing` | a listing that existed before advertises something else |

The sender is the class. A provider's standing hides or shows all its listings at once: of that only the first signal tells.

    @provider_standing_changed.connect
    def end_placements(sender: type[Provider], *, provider: Provider) -> None: ...

Another signal asks instead of telling: `desk_needs_asked`, argument `provider`, is sent when a page of a desk is
made. Each receiver returns a list of `needs.Need`: what of its feature waits for the provider.

So does `suspension_effects_asked`, argument `provider`, for a moderator who is about to suspend one: each receiver returns
sentences that say what of its feature would change.

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

provider_standing_changed = _signals.signal(
    "provider-standing-changed", doc="A provider's status is another."
)
listing_visibility_changed = _signals.signal("listing-visibility-changed", doc="A listing is shown, or not.")
listing_terms_changed = _signals.signal("listing-terms-changed", doc="A listing's cost or time is another.")
suspension_effects_asked = _signals.signal(
    "suspension-effects-asked", doc="What would suspending a provider change?"
)
desk_needs_asked = _signals.signal("desk-needs-asked", doc="What else waits for a provider?")
