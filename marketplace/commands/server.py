"""`marketplace run` and `marketplace worker`."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace import jobs


@click.command("run", help="Serve on this machine, with the background jobs beside it.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@with_appcontext
def run(host: str, port: int) -> None:
    """Serve with Werkzeug's threaded server; `granian --interface wsgi wsgi:app` is the one for production."""
    from werkzeug.serving import make_server

    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.extensions["settings"].worker == "embedded":
        jobs.start_embedded(app)
    server = make_server(host, port, app, threaded=True)
    click.echo(f"Marketplace is at http://{host}:{server.server_port}", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


@click.command("worker", help="Run the background jobs until stopped.")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Run jobs; SIGTERM and SIGINT stop between two jobs."""
    if once:
        click.echo(f"{jobs.run_due()} jobs done", err=True)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo("Worker started.", err=True)
    jobs.work(app, stop)
