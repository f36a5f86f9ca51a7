"""Pages for machines: sitemaps and robots.txt for crawlers, metrics in Prometheus' text format for monitoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from marketplace.billing.alarms import alarm_counts
from marketplace.billing.placements.queries import state_counts
from marketplace.billing.statuses import EventState, PlacementState
from marketplace.billing.sync.events import event_counts
from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings
from marketplace.core.jobs.queue import job_counts
from marketplace.guides.queries import guide_languages, sitemap_guides
from marketplace.moderation.queue.queries import queue_count
from marketplace.web.page_cache.layer import PageCache
from marketplace.web.security import access

bp = Blueprint("machine", __name__)
JOB_STATES = ("waiting", "working", "failed")


@bp.get("/sitemap.xml")
@access("machine")
def sitemap() -> Response:
    """The sitemap index, or with `?language=` the sitemap of that language."""
    language = request.args.get("language")
    if language is None:
        languages = guide_languages()
        body = render_template("public/machine/sitemap_index.xml", languages=languages)
    else:
        guides = sitemap_guides(language)
        if not guides:
            raise NotFound
        body = render_template("public/machine/sitemap.xml", language=language, guides=guides)
    return Response(body, content_type="application/xml; charset=utf-8")


@bp.get("/robots.txt")
@access("machine")
def robots() -> Response:
    """Keep crawlers off redirects and comparisons."""
    lines = [
        "User-agent: *",
        "Disallow: /go/",
        "Disallow: /compare/",
        "Disallow: /*/compare/",
        "",
        f"Sitemap: {current_settings().site_url}{url_for('machine.sitemap')}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/metrics")
@access("machine")
def metrics() -> Response:
    """Gauges for monitoring, counted at each scrape. Restrict access to this address to your monitoring."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Gauges())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Gauges(Collector):
    """The current numbers in the database."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield one family for each kind of number."""
        yield _family("billing_alarms", "Billing alarms that are on.", "kind", alarm_counts())
        placements = dict.fromkeys(PlacementState, 0) | state_counts()
        yield _family("placements", "Placements by state.", "state", placements)
        events = dict.fromkeys(EventState, 0) | event_counts()
        yield _family("stripe_events", "Stripe's events, by what became of them.", "state", events)
        jobs = job_counts()
        shown = {state: jobs.get(state, 0) for state in JOB_STATES}
        yield _family("jobs", "Background jobs by state.", "state", shown)
        waiting = queue_count().total
        yield GaugeMetricFamily("marketplace_moderation_queue", "What waits for a moderator.", waiting)
        kept: PageCache = current_app.extensions["page_cache"]
        asked = {event: kept.counts[event] for event in ("hits", "misses", "unchanged")}
        yield _family("page_cache", "Public pages of this process, by where they came from.", "event", asked)
        held = kept.pages.bytes + kept.queries.bytes
        yield GaugeMetricFamily("marketplace_page_cache_bytes", "What this process keeps of pages.", held)


def _family(name: str, text: str, label: str, counts: Mapping[Any, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"marketplace_{name}", text, labels=(label,))
    for value, count in sorted(counts.items()):
        family.add_metric((value,), count)
    return family
