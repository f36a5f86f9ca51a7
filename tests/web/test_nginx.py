"""`deploy/nginx.conf` in a real nginx on the loopback address: before the real site, and before one that says what it was
asked."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from marketplace import create_app
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.listings.revisions import bump_listing_version
from tests.factories import make_listing, make_topic
from tests.nginx import ADVICE, HOST, Nginx, NginxMissing, find_nginx, until
from tests.server import LiveServer, free_port

pytestmark = pytest.mark.slow


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def kept(self) -> str:
        return self.headers["Cache-Status"]


def ask(
    port: int,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
) -> Answer:
    """A request over TLS to the site by its name."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
    try:
        connection.request(method, path, body, {"Host": HOST, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


# --- Before the real site ---------------------------------------------------------------------------------------------


@dataclass
class Fronted:
    """The site behind nginx, and its database as a second process sees it."""

    nginx: Nginx
    site: LiveServer
    app: Flask
    listing_id: int
    address: str

    def ask(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return ask(self.nginx.port, path, headers)

    def change_service(self, service: str) -> None:
        with self.app.app_context(), writing():
            listing = db.session.get_one(Listing, self.listing_id)
            listing.service = service
            bump_listing_version(listing, shown=True)
            db.session.commit()
            db.session.remove()


@contextmanager
def in_front_of_a_site(folder: Path) -> Iterator[Fronted]:
    site = LiveServer(folder / "site", demo=False, settings={"TRUSTED_PROXIES": "1"})
    app = create_app({"INSTANCE_PATH": str(site.instance)})
    with app.app_context(), writing():
        topic = make_topic()
        listing = make_listing(topic, service="The first words.")
        guide = next(guide for guide in topic.guides if guide.language == "en")
        address = f"/guides/{guide.country}/{guide.stem}/{listing.provider.slug}/"
        listing_id = listing.id
        db.session.commit()
        db.session.remove()
    port = int(site.url.rpartition(":")[2])
    nginx = Nginx(folder / "nginx", site_port=port, assets=site.instance / "assets")
    try:
        yield Fronted(nginx, site, app, listing_id, address)
    finally:
        nginx.stop()
        site.stop()
        app.extensions["page_cache"].clear()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    """One for the tests that leave it running."""
    with in_front_of_a_site(tmp_path_factory.mktemp("fronted")) as found:
        yield found


def test_a_change_is_visible_after_a_second_and_no_sooner_is_the_site_asked(fronted: Fronted) -> None:
    first = fronted.ask(fronted.address)
    assert (first.status, first.kept) == (200, "nginx; fwd=uri-miss")
    assert b"The first words." in first.body
    until(lambda: "fwd-status=304" in fronted.ask(fronted.address).kept)
    kept = [fronted.ask(fronted.address).kept for _ in range(30)]
    assert kept.count("nginx; hit") >= 20
    fronted.change_service("The second words.")
    taken = until(lambda: b"The second words." in fronted.ask(fronted.address).body)
    assert taken < 3  # nginx counts whole seconds
    assert b"The first words." not in fronted.ask(fronted.address).body
    assert first.headers["Set-Cookie"] is None
    assert first.headers["Cache-Control"] == "public, no-cache"


def test_a_reader_who_has_the_page_is_told_so_by_nginx(fronted: Fronted) -> None:
    page = fronted.ask(fronted.address, {"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert page.headers["Content-Encoding"] == "br"
    again = {"Accept-Encoding": "br;q=1.0, gzip;q=0.5", "If-None-Match": page.headers["ETag"]}
    answer = fronted.ask(fronted.address, again)
    assert (answer.status, answer.body) == (304, b"")
    for accepted, coding in (("gzip", "gzip"), ("identity", None), ("br;q=0, gzip;q=0", None)):
        assert (
            fronted.ask(fronted.address, {"Accept-Encoding": accepted}).headers["Content-Encoding"] == coding
        )


def test_a_dead_site_is_stood_in_for_and_the_answer_says_so(tmp_path: Path) -> None:
    with in_front_of_a_site(tmp_path) as fronted:
        _outlive(fronted)


def _outlive(fronted: Fronted) -> None:
    page = fronted.ask(fronted.address)
    static = re.search(rb'href="(/static/css/[^"]+)"', page.body)
    assert static is not None
    fronted.site.stop()
    until(lambda: "detail=site-does-not-answer" in fronted.ask(fronted.address).kept)
    old = fronted.ask(fronted.address)
    assert (old.status, old.body) == (200, page.body)
    unknown = fronted.ask("/about/terms/")
    assert (unknown.status, unknown.headers["Retry-After"]) == (503, "60")
    assert "Inténtalo de nuevo".encode() in unknown.body
    sheet = fronted.ask(static[1].decode(), {"Accept-Encoding": "gzip"})
    assert (sheet.status, sheet.headers["Content-Encoding"]) == (200, "gzip")
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"


def test_pages_of_ones_own_pass_and_are_never_kept(fronted: Fronted) -> None:
    answers = [fronted.ask("/account/sign-in/") for _ in range(2)]
    cookies = {answer.headers["Set-Cookie"].partition(";")[0] for answer in answers}
    assert len(cookies) == 2
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert not any("hit" in answer.kept for answer in answers)
    for path in ("/metrics", "//metrics", "/%6detrics", "/healthz", "/readyz"):
        assert fronted.ask(path).status == 404


# --- Before a site that says what it was asked ------------------------------------------------------------------------


class Echo:
    """A site that answers with the request's headers, and with a cookie where the address asks for one."""

    def __init__(self) -> None:
        self.port = free_port()
        self.asked: list[str] = []
        self._server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.full_path)
        told = {**dict(request.headers), "bytes": len(request.get_data())}
        response = Response(json.dumps(told), content_type="application/json")
        response.headers["Cache-Control"] = request.args.get("cache", "public, no-cache")
        if "cookie" in request.args:
            response.set_cookie("session", "somebody")
        return response(environ, start)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[tuple[Echo, Nginx]]:
    site = Echo()
    nginx = Nginx(tmp_path / "nginx", site_port=site.port, assets=tmp_path)
    try:
        yield site, nginx
    finally:
        nginx.stop()
        site.stop()


def test_the_site_is_told_of_the_client_what_nginx_saw(echo: tuple[Echo, Nginx]) -> None:
    _, nginx = echo
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "Forwarded": "for=203.0.113.9;proto=http",
    }
    told = json.loads(ask(nginx.port, "/", {**forged, "Accept-Encoding": "gzip;q=0.3, br"}).body)
    assert (told["Host"], told["X-Forwarded-For"], told["X-Forwarded-Proto"]) == (HOST, "127.0.0.1", "https")
    assert told["Accept-Encoding"] == "br"
    assert "Forwarded" not in told


@pytest.mark.parametrize(
    "question", ["cookie=1", "cache=private,%20no-store", "cache=no-cache", "cache=no-store"]
)
def test_what_is_somebodys_own_is_asked_for_each_time(echo: tuple[Echo, Nginx], question: str) -> None:
    site, nginx = echo
    for _ in range(3):
        assert "hit" not in ask(nginx.port, f"/?{question}").kept
    assert len(site.asked) == 3
    assert all("hit" not in ask(nginx.port, "/", method="POST", body=b"x").kept for _ in range(2))
    assert len(site.asked) == 5


def test_the_same_page_is_one_whoever_asks(echo: tuple[Echo, Nginx]) -> None:
    site, nginx = echo
    for cookie in ("session=one", "session=two", ""):
        ask(nginx.port, "/guides/", {"Cookie": cookie} if cookie else {})
    ask(nginx.port, "/guides/", method="HEAD")
    assert len(site.asked) <= 2  # the second may have passed


def test_bodies_and_writers_have_their_limits(echo: tuple[Echo, Nginx]) -> None:
    _, nginx = echo
    two, eighteen = b"x" * 2_000_000, b"x" * 18_000_000
    assert ask(nginx.port, "/account/sign-in/", method="POST", body=two).status == 413
    assert json.loads(ask(nginx.port, "/es/account/reviews/3/proof/", method="POST", body=two).body)[
        "bytes"
    ] == len(two)
    with suppress(
        BrokenPipeError, ConnectionResetError, ssl.SSLError
    ):  # nginx has answered and hung up before everything was sent
        assert ask(nginx.port, "/account/reviews/3/proof/", method="POST", body=eighteen).status == 413
    found = [ask(nginx.port, "/account/sign-in/", method="POST", body=b"x").status for _ in range(60)]
    assert {200, 429} == set(found)
    assert ask(nginx.port, "/account/sign-in/").status == 200


def test_the_log_names_no_client_and_no_secret(echo: tuple[Echo, Nginx]) -> None:
    _, nginx = echo
    for path in ("/es/account/reset/c2VjcmV0/?q=secret", "/invitation/c2VjcmV0/accept/", "/guides/?q=secret"):
        ask(nginx.port, path)
    until(lambda: nginx.log.count("\n") == 3)
    assert "/es/account/reset/..." in nginx.log
    assert not [word for word in ("c2VjcmV0", "secret", "127.0.0.1") if word in nginx.log]
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=20)
    connection.request("GET", "/guides/?q=1", headers={"Host": HOST})
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/guides/?q=1")


# --- Where there is no nginx ------------------------------------------------------------------------------------------


def test_without_an_nginx_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(NginxMissing, match=re.escape(ADVICE)):
        find_nginx({"NGINX_PATH": str(tmp_path / "none")})
    with pytest.raises(NginxMissing, match=re.escape(ADVICE)):
        find_nginx({"PATH": str(tmp_path)}, elsewhere="")
