"""`marketplace run` and `marketplace worker`."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from werkzeug.serving import WSGIRequestHandler, make_server

from marketplace.core.config import ConfigError
from marketplace.core.jobs.queue import run_due
from marketplace.core.jobs.worker import start_embedded, work
from marketplace.core.logs import log_to_stderr, log_warnings
from marketplace.values.exponents import require_same_exponents

SECRET_PATHS = ("/account/reset/", "/account/confirm/")


class QuietRequestHandler(WSGIRequestHandler):
    """Logs requests without client addresses, queries and the secrets of links in mails."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log status, method and path without query."""
        path = self.path.partition("?")[0]
        for secret in SECRET_PATHS:
            before, found, _ = path.partition(secret)
            path = before + found + "..." if found and path != before + found else path
        click.echo(f"{getattr(code, 'value', code)} {self.command} {ascii(path)[1:-1]}", err=True)


@click.command("run", help="Serve the site on this machine, with the background jobs.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@with_appcontext
def run(host: str, port: int) -> None:
    """Serve with Werkzeug's threaded server. For production use `granian --interface wsgi wsgi:app`."""
    log_to_stderr()
    app = _checked_app()
    settings = app.extensions["settings"]
    server = make_server(host, port, app, threaded=True, request_handler=QuietRequestHandler)
    worker = start_embedded(app) if settings.worker == "embedded" else None
    signal.signal(signal.SIGTERM, _interrupt)
    address = f"http://{host}:{server.server_port}"
    click.echo(f"{settings.site_name} is at {address} (Ctrl+C stops it)", err=True)
    if settings.site_url != address:
        click.echo(f"Links in emails lead to {settings.site_url}, as set by SITE_URL.", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Stopping.", err=True)
    finally:
        server.server_close()
        if worker is not None:
            worker.stop()


def _checked_app() -> Any:
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        require_same_exponents(app)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    log_warnings(app.extensions["settings"].warnings)
    return app


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.command("worker", help="Run the background jobs until stopped.")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Run jobs. SIGTERM and SIGINT stop the worker between two jobs."""
    log_to_stderr()
    app = _checked_app()
    if once:
        click.echo(f"{run_due()} jobs done", err=True)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo("Worker started.", err=True)
    work(app, stop)
    click.echo("Worker stopped.", err=True)
