"""Errors in the shape of Stripe's API."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An error response. `stored` says whether an idempotency key keeps it: a request that fails validation is not kept."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        stored: bool = True,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.stored = stored

    def body(self) -> dict[str, Any]:
        """The response's JSON."""
        parts = {"code": self.code, "message": self.message, "param": self.param, "type": self.kind}
        return {"error": {name: value for name, value in parts.items() if value is not None}}


def no_such(kind: str, wanted: str, *, param: str = "id", status: int = 400) -> ApiError:
    """There is no object with this id: 404 for an id in the address, 400 for one in a parameter."""
    words = "line item" if kind == "item" else kind.replace("_", " ").replace("checkout.", "checkout ")
    return ApiError(
        f"No such {words}: '{wanted}'",
        status=status,
        code="resource_missing",
        param=param,
        stored=status != 404,
    )


def invalid(message: str, param: str, code: str | None = None) -> ApiError:
    """A parameter has a value that Stripe rejects."""
    return ApiError(message, code=code, param=param, stored=False)
