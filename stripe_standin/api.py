"""Answers API calls: authentication, faults, idempotency keys, and then the call itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

from stripe_standin import permissions
from stripe_standin.errors import ApiError
from stripe_standin.expanding import expand
from stripe_standin.faults import Fault, Faults
from stripe_standin.keys import Keys, fingerprint_of, in_use
from stripe_standin.params import Params, decode, pairs_of
from stripe_standin.renewals import pass_time
from stripe_standin.routes import ROUTES, match
from stripe_standin.store import StripeObject
from stripe_standin.world import API_VERSION, World, new_id

log = logging.getLogger(__name__)


class Dropped(ConnectionError):
    """Close the connection without an answer."""


@dataclass(frozen=True)
class RequestRecord:
    """A call as it came: `params` is the decoded form, all values texts; `values` are those of the path template."""

    method: str
    path: str
    template: str
    values: Mapping[str, str]
    params: Mapping[str, Any]
    key: str | None = None


@dataclass(frozen=True)
class ResponseRecord:
    """What was answered, or would have been on a connection that was dropped."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Observer = Callable[[RequestRecord, ResponseRecord], None]


class Api:
    """The part of the stand-in below `/v1`."""

    def __init__(self, world: World, key: str, faults: Faults, observer: Observer | None) -> None:
        self._world = world
        self._key = key
        self._faults = faults
        self._keys = Keys(world)
        self._observer = observer

    def answer(self, request: Request) -> Response:
        """The answer to a call. Raises `Dropped` if the connection is to be closed instead."""
        method, path = request.method, request.path
        found = match(method, path)
        record = RequestRecord(
            method, path, *(found or (path, {})), {}, request.headers.get("Idempotency-Key")
        )
        dropped = False
        headers: dict[str, str] = {}
        try:
            key = self._admit(request)
            if found is None:
                message = f"Unrecognized request URL ({method}: {path})."
                raise ApiError(message, status=404, stored=False)
            with self._world.change() as world:
                permissions.check(world, key, method, path)
            text = request.query_string.decode("utf-8", "replace")
            text += "&" + request.get_data().decode("utf-8", "replace")
            record = RequestRecord(method, path, *found, decode(pairs_of(text)), record.key)
            fault = self._faults.take(method, path)
            if fault is not None and fault.kind == "drop_before":
                raise Dropped
            dropped = fault is not None and fault.kind == "drop_after_commit"
            status, body, headers = self._answer(record, fault)
        except ApiError as refusal:
            status, body = refusal.status, json.dumps(refusal.body(), indent=2)
        headers |= {"Request-Id": new_id("req"), "Stripe-Version": API_VERSION}
        if record.key:
            headers["Idempotency-Key"] = record.key
        if self._observer is not None:
            self._observer(record, ResponseRecord(status, json.loads(body), headers))
        if dropped:
            raise Dropped
        return Response(body, status, headers, mimetype="application/json")

    def _admit(self, request: Request) -> str:
        """The key of a call."""
        given = request.authorization
        key = None if given is None else given.token if given.type == "bearer" else given.username
        if key is None:
            raise ApiError("You did not provide an API key.", status=401, stored=False)
        with self._world.change() as world:
            known = key == self._key or permissions.is_restricted(world, key)
        if not known:
            raise ApiError(f"Invalid API Key provided: {key[:8]}…", status=401, stored=False)
        return key

    def _answer(self, record: RequestRecord, fault: Fault | None) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers; what was answered to the key before comes first."""
        if fault is not None:
            _refuse_at_the_door(fault, record.key)
        key = record.key if record.method == "POST" else None
        fingerprint = fingerprint_of(record.method, record.path, record.params)
        if key is not None:
            with self._world.change():
                kept = self._keys.begin(key, fingerprint)
            if kept is not None:
                return (*kept, {"Idempotent-Replayed": "true"})
        try:
            if fault is not None and fault.kind == "slow":
                self._faults.wait(fault.seconds)
            return (*self._perform(record, fault, key, fingerprint), {})
        finally:
            if key is not None:
                with self._world.change():
                    self._keys.end(key)

    def _perform(
        self, record: RequestRecord, fault: Fault | None, key: str | None, fingerprint: str
    ) -> tuple[int, str]:
        """Do the call, and keep the answer for the key in the same journal line as its changes."""
        with self._world.change() as world:
            pass_time(world)
        try:
            with self._world.change(new_id("req"), key) as world:
                if fault is not None and fault.kind == "error500":
                    status, body = 500, _broken()
                else:
                    status, body = 200, self._handle(world, record)
                if fault is not None and fault.kind == "error500_after":
                    status, body = 500, _broken()
                if key is not None:
                    self._keys.keep(key, fingerprint, status, body)
        except ApiError as refusal:
            status, body = refusal.status, json.dumps(refusal.body(), indent=2)
            if key is not None and refusal.stored:
                with self._world.change():
                    self._keys.keep(key, fingerprint, status, body)
        except Exception:
            log.exception("the stand-in of Stripe broke at %s %s", record.method, record.path)
            status, body = 500, _broken()
        return status, body

    def _handle(self, world: World, record: RequestRecord) -> str:
        params = Params(record.params)
        expansions = params.texts("expand")
        wanted = next(iter(record.values.values()), "")
        thing: StripeObject = ROUTES[record.method, record.template](world, params, wanted)
        params.finish()
        return json.dumps(expand(world, thing, expansions), indent=2)


def _refuse_at_the_door(fault: Fault, key: str | None) -> None:
    """Faults that reject every call."""
    if fault.kind == "down":
        raise ApiError("Stripe is not available.", status=503, kind="api_error", stored=False)
    if fault.kind == "rate429":
        raise ApiError("Request rate limit exceeded.", status=429, code="rate_limit", stored=False)
    if fault.kind == "conflict409":
        raise in_use(key or "")


def _broken() -> str:
    """The body of a 500."""
    refusal = ApiError("An unknown error occurred.", kind="api_error")
    return json.dumps(refusal.body(), indent=2)
