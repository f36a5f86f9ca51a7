"""Numbers for monitoring, in Prometheus' text format: what waits, what failed, which alarms are on. Nothing personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from marketplace.billing.alarms import alarm_counts
from marketplace.billing.models import EVENT_STATES, STATES
from marketplace.billing.placements.queries import state_counts
from marketplace.billing.sync.events import event_counts
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.moderation.queue.queries import queue_count
from marketplace.web.security import access

bp = Blueprint("metrics", __name__)
JOB_STATES = ("waiting", "working", "failed")


@bp.get("/metrics")
@access("machine")
def metrics() -> Response:
    """Gauges, counted anew at each scrape. In front of the site, let only your monitoring ask for them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Gauges())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Gauges(Collector):
    """What the database says now."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each kind of thing."""
        yield _family("marketplace_billing_alarms", "Billing alarms that are on.", "kind", alarm_counts())
        yield _family("marketplace_placements", "Placements by state.", "state", _all(STATES, state_counts()))
        yield _family(
            "marketplace_stripe_events",
            "Stripe's events as received, by what became of them.",
            "state",
            _all(EVENT_STATES, event_counts()),
        )
        rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
        jobs = {state: count for state, count in rows if state in JOB_STATES}
        yield _family("marketplace_jobs", "Background jobs by state.", "state", _all(JOB_STATES, jobs))
        waiting = GaugeMetricFamily("marketplace_moderation_queue", "What waits for a moderator.")
        waiting.add_metric((), queue_count().total)
        yield waiting


def _all(names: Iterable[str], counts: dict[str, int]) -> dict[str, int]:
    return {**dict.fromkeys(names, 0), **counts}


def _family(name: str, text: str, label: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, count in sorted(counts.items()):
        family.add_metric((value,), count)
    return family
