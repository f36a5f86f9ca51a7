"""The stand-in as a server: the API, the hosted pages and the controls on one port of the loopback address."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from markupsafe import Markup
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from stripe_standin.accounts import open_account
from stripe_standin.api import Api, Dropped, Observer
from stripe_standin.checkout_page import checkout_page
from stripe_standin.control import NAMES, Controls
from stripe_standin.deliveries import Deliver, Deliveries, Signer, nowhere, posting
from stripe_standin.errors import ApiError
from stripe_standin.faults import Faults
from stripe_standin.pages import invoice_page, page, receipt_page, stylesheet
from stripe_standin.portal_page import portal_page
from stripe_standin.store import Store
from stripe_standin.world import SUBSCRIBED, World

HOST = "127.0.0.1"
WAITING = 128
# Where objects keep addresses of this server.
ADDRESSES = {
    "checkout.session": ("url",),
    "billing_portal.session": ("url",),
    "charge": ("receipt_url",),
    "invoice": ("hosted_invoice_url", "invoice_pdf"),
}
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})


class NotInProduction(RuntimeError):
    """The site runs in production, where the stand-in must not be used."""


def refuse_production(environ: Mapping[str, str]) -> None:
    """Raises `NotInProduction` if the site runs in production."""
    if environ.get("MARKETPLACE_ENV") == "production":
        raise NotInProduction("the stand-in of Stripe does not run in production")


def utc_now() -> datetime:
    """The system time."""
    return datetime.now(UTC)


class StandIn(Controls):
    """A stand-in of Stripe at `url`, with its state in a folder; a context manager that starts and stops it.

    `clock` returns aware UTC. Events are delivered to `endpoint` by HTTP, or through `deliver(body, headers) -> status`:
    by `flush`, or at once and repeatedly when `automatic`. `types` are the kinds of events that are delivered. Without a
    `port` the folder's own is taken, as long as it is free. `observer` is told each call of the API and its answer.
    Stripe's library holds signatures against this machine's time: `signing_clock=utc_now` beside a clock that stands still.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime] = utc_now,
        key: str = "sk_test_standin",
        secret: str = "whsec_standin",  # noqa: S107 - opens nothing but a stand-in
        endpoint: str = "",
        deliver: Deliver | None = None,
        automatic: bool = False,
        port: int = 0,
        observer: Observer | None = None,
        types: Iterable[str] = SUBSCRIBED,
        signing_clock: Callable[[], datetime] | None = None,
    ) -> None:
        refuse_production(os.environ)
        deliver = deliver or (posting(endpoint) if endpoint else nowhere)
        self._store = Store(folder)
        world = World(self._store, clock, frozenset(types))
        with world.change():
            open_account(world)
        signer = Signer(secret, signing_clock or clock)
        super().__init__(world, Faults(), Deliveries(world, signer, deliver), signer)
        self._api = Api(world, key, self._faults, observer)
        self._automatic = automatic
        self._port = port
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its address, without a trailing slash."""
        return self.world.base

    def start(self) -> Self:
        """Start listening, and delivering if that is automatic. Raises OSError if the requested port is taken."""
        try:
            listening = self._listen()
        except OSError:
            self.stop()
            raise
        with listening:
            self._server = make_server(
                HOST, 0, self._answer, threaded=True, request_handler=_Quiet, fd=listening.fileno()
            )
        self._move_to(f"http://{HOST}:{self._server.port}")
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="stripe-standin",
            daemon=True,
        )
        self._thread.start()
        if self._automatic:
            self._queue.start()
        return self

    def stop(self) -> None:
        """Close the port and the folder. Another stand-in can continue with the same folder."""
        self._faults.clear()
        self._queue.stop()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        with self.world.change():
            self._store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self) -> socket.socket:
        """A socket on the port asked for; else on the one of the last time, so that open sessions' addresses go on working;
        else on a free one.
        """
        if self._port:
            return _listening(self._port)
        with self.world.change() as world:
            kept = world.store.get("_place", "place")
        try:
            return _listening(int(kept["base"].rpartition(":")[2]) if kept else 0)
        except OSError:
            return _listening(0)

    def _move_to(self, base: str) -> None:
        """Store the address, and put it into the addresses of objects made elsewhere."""
        with self.world.change() as world:
            world.base = base
            kept = world.store.get("_place", "place")
            if kept is not None and kept["base"] != base:
                for kind, names in ADDRESSES.items():
                    for thing in list(world.store.each(kind)):
                        moved = {name: _moved(thing[name], kept["base"], base) for name in names}
                        world.save({**thing, **moved})
            world.store.put("_place", {"id": "place", "base": base})

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._route(request)
        except Dropped:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise
        except ApiError as refusal:
            content = Markup("<p>{}</p>").format(refusal.message)
            response = page("Not found", content, status=refusal.status)
        return response(environ, start_response)

    def _route(self, request: Request) -> Response:
        area, _, rest = request.path.lstrip("/").partition("/")
        if area == "v1":
            return self._api.answer(request)
        if area == "_control":
            return self._control(request, rest)
        if area == "standin.css":
            return stylesheet()
        if area == "pay":
            return checkout_page(self, request, rest)
        if area == "portal":
            return portal_page(self, request, rest)
        if area == "invoice":
            return invoice_page(self.world, rest.removesuffix("/pdf"))
        if area == "receipt":
            return receipt_page(self.world, rest)
        if area == "":
            return page("Here is no shop", Markup("<p>The site sends payers here.</p>"))
        raise ApiError("There is no such page.", status=404)

    def _control(self, request: Request, name: str) -> Response:
        """A control over HTTP. Only JSON from this machine, which a page of another site cannot send."""
        status, answer = 200, None
        try:
            if request.mimetype != "application/json" or request.host.partition(":")[0] not in LOCAL_NAMES:
                raise ApiError("Controls take JSON, from this machine only.", status=403)
            if name not in NAMES or request.method != "POST":
                raise ApiError(f"There is no control {name}.", status=404)
            answer = getattr(self, name)(**json.loads(request.get_data() or b"{}"))
        except ApiError as refusal:
            status, answer = refusal.status, refusal.body()
        except (TypeError, ValueError) as error:
            status, answer = 400, ApiError(str(error)).body()
        return Response(json.dumps(answer), status, mimetype="application/json")


class _Quiet(WSGIRequestHandler):
    """Logs no requests and keeps no connections open: one would keep using a stand-in that was stopped."""

    protocol_version = "HTTP/1.0"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Nothing: the connection was dropped on purpose, or the caller is gone."""


def _listening(port: int) -> socket.socket:
    found = socket.socket()
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((HOST, port))
        found.listen(WAITING)
    except OSError:
        found.close()
        raise
    return found


def _moved(address: str | None, old: str, new: str) -> str | None:
    if address is None or not address.startswith(old + "/"):
        return address
    return new + address.removeprefix(old)
