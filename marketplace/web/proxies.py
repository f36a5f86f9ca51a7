"""Who asks, behind reverse proxies: the client's address and scheme, as the proxies in front pass them on.

Proxies write `X-Forwarded-For` and `X-Forwarded-Proto`, or `Forwarded` (RFC 7239). Each appends what it saw, so the
entry of the outermost proxy that we run is the n-th from the right; whatever stands further left, anybody can claim.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.request import parse_http_list

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SCHEMES = ("http", "https")
PAIR = re.compile(r'\s*([\w!#$%&\'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[^;\s]*)\s*(?:;|$)')
WITH_PORT = re.compile(r"(?P<v4>\d{1,3}(?:\.\d{1,3}){3}):\d+|\[(?P<v6>[^\]]+)\](?::\d+)?")


class ForwardedClient:
    """WSGI middleware that sets `REMOTE_ADDR` and the URL scheme to the client's, behind `proxies` proxies of ours.

    An address may carry a port, brackets or quotes. Where the entry names no address (`unknown`, a made-up name), there are
    fewer entries than proxies, or the two kinds of headers name different clients, the peer's own address stays: a client
    that adds a header of its own wins nothing.
    """

    def __init__(self, app: WSGIApplication, proxies: int) -> None:
        self.app = app
        self.proxies = proxies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on with what the proxies say of its client."""
        forwarded = self._entry(environ.get("HTTP_FORWARDED"))
        pairs = {name.lower(): _unquoted(value) for name, value in PAIR.findall(forwarded)}
        told = {self._entry(environ.get("HTTP_X_FORWARDED_FOR")), pairs.get("for", "")}
        addresses = {client_address(text) for text in told if text}
        if len(addresses) == 1 and (address := addresses.pop()):
            environ["REMOTE_ADDR"] = address
        schemes = {self._entry(environ.get("HTTP_X_FORWARDED_PROTO")).lower(), pairs.get("proto", "").lower()}
        schemes.discard("")
        if len(schemes) == 1 and (scheme := schemes.pop()) in SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        return self.app(environ, start_response)

    def _entry(self, header: str | None) -> str:
        entries = parse_http_list(header or "")
        return _unquoted(entries[-self.proxies]) if len(entries) >= self.proxies else ""


def client_address(text: str) -> str | None:
    """The IP address that an entry names, without port, brackets and zone; None where it names none."""
    found = WITH_PORT.fullmatch(text.strip())
    bare = (found["v4"] or found["v6"]) if found else text.strip()
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0]))
    except ValueError:
        return None


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
