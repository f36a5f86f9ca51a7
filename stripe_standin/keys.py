"""Idempotency keys: all calls with a key get the answer to the first one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from stripe_standin.errors import ApiError
from stripe_standin.world import World

KEPT_SECONDS = 24 * 60 * 60
LONGEST = 255


class Keys:
    """The keys of calls that run now, and the answers kept for those that ran. Used inside `world.change`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._running: set[str] = set()

    def begin(self, key: str, fingerprint: str) -> tuple[int, str] | None:
        """The status and body kept for this key, or None for a key that runs from now on.

        Raises ApiError when the key was used for another call, or runs already.
        """
        if len(key) > LONGEST:
            raise ApiError(f"Idempotency keys have at most {LONGEST} characters.", stored=False)
        kept = self._world.store.get("_key", key)
        if kept is not None and kept["created"] + KEPT_SECONDS > self._world.now():
            if kept["fingerprint"] != fingerprint:
                raise ApiError(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    f"Try using a key other than '{key}' if you meant to execute a different request.",
                    kind="idempotency_error",
                    stored=False,
                )
            return kept["status"], kept["body"]
        if key in self._running:
            raise in_use(key)
        self._running.add(key)
        return None

    def keep(self, key: str, fingerprint: str, status: int, body: str) -> None:
        """Keep the answer; it is written together with what the call changed."""
        kept = {
            "id": key,
            "created": self._world.now(),
            "fingerprint": fingerprint,
            "status": status,
            "body": body,
        }
        self._world.store.put("_key", kept)

    def end(self, key: str) -> None:
        """The call with this key has ended."""
        self._running.discard(key)


def in_use(key: str) -> ApiError:
    """The answer while another call with the key runs."""
    return ApiError(
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key}. Please try again later.",
        status=409,
        code="idempotency_key_in_use",
        stored=False,
    )


def fingerprint_of(method: str, path: str, params: Mapping[str, Any]) -> str:
    """What two calls must share to be the same."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
