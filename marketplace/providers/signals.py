"""Signals about providers, and `bump_provider_version`, which sends `provider_changed`.

Features above connect to the signals; providers import none of those features. Each signal is sent inside the transaction of
the change, after its flush. A receiver finds the new state in the database, and what it writes is committed or rolled back
together with the change. If it raises, the change is undone. Receivers flush and never commit.

| signal | arguments | sent when |
| --- | --- | --- |
| `provider_changed` | `provider` | something that readers see of a provider changed, its status included |
| `provider_status_changed` | `provider` | a service changed `provider.status` |
| `provider_claimed` | `provider`, `now` | a claim is being approved: the provider gets a member |
| `provider_merged` | `gone`, `into`, `now` | what belongs to `gone` is to move to `into`: they are one |

The sender is the class:

    @provider_status_changed.connect
    def end_placements(sender: type[Provider], *, provider: Provider) -> None: ...

Four more signals ask a question, with the argument `provider`. Each receiver returns its part of the answer:

| signal | answer |
| --- | --- |
| `desk_needs_requested` | a list of `desk.pages.Need`: what of the receiver's feature waits for the provider |
| `desk_counts_requested` | a dict: how many things of a feature need the provider; also takes `now` |
| `suspension_effects_requested` | sentences for a moderator: what of the feature a suspension would change |
| `merge_problems_requested` | codes of what forbids merging; its arguments are `gone` and `into` |

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from blinker import Namespace
from sqlalchemy import or_, update

from marketplace.core.extensions import db
from marketplace.providers.membership import sharing_member
from marketplace.providers.models import Provider

_signals = Namespace()

provider_changed = _signals.signal(
    "provider-changed", doc="Something that readers see of a provider changed."
)
provider_status_changed = _signals.signal("provider-status-changed", doc="A provider's status changed.")
provider_claimed = _signals.signal("provider-claimed", doc="A claim on a provider is being approved.")
provider_merged = _signals.signal("provider-merged", doc="One provider becomes part of another.")
merge_problems_requested = _signals.signal("merge-problems-requested", doc="What forbids merging two?")
desk_needs_requested = _signals.signal("desk-needs-requested", doc="What waits for a provider?")
desk_counts_requested = _signals.signal("desk-counts-requested", doc="How many things need a provider?")
suspension_effects_requested = _signals.signal(
    "suspension-effects-requested", doc="What would suspending a provider change?"
)


def bump_provider_version(provider: Provider, *, shown: bool = True) -> None:
    """Raise the provider's version. Where readers see the change, invalidate the provider's page and its listings' pages."""
    provider.version += 1
    if shown:
        invalidate_provider(provider)


def invalidate_provider(provider: Provider) -> None:
    """Invalidate the provider's page, its listings' pages, and the pages of providers with the same owner, which name it."""
    db.session.flush()
    shown_on = or_(Provider.id == provider.id, Provider.id.in_(sharing_member(provider.id)))
    raised = update(Provider).where(shown_on).values(revision=Provider.revision + 1)
    db.session.execute(raised.execution_options(synchronize_session=False))
    db.session.expire(provider, ["revision"])
    provider_changed.send(Provider, provider=provider)


def invalidate_all_provider_pages() -> None:
    """Raise the revision of every provider, such as for new exchange rates."""
    db.session.execute(update(Provider).values(revision=Provider.revision + 1))
