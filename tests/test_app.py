"""The application put together: addresses that know languages, and requests that nobody would send in good faith."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g, request, url_for

from marketplace.core.extensions import db
from tests.clients import Client
from tests.factories import make_guide, make_listing, make_provider, make_topic

HUGE = ("2147483648", "9223372036854775808", "9" * 40, "9" * 5000)


@pytest.mark.parametrize(
    ("language", "values", "address"),
    [
        ("en", {}, "/guides/peru/"),
        ("es", {}, "/es/guides/peru/"),
        ("es", {"_language": "en"}, "/guides/peru/"),
        ("en", {"_language": "pt-BR"}, "/pt-BR/guides/peru/"),
        ("es", {"_anchor": "x"}, "/es/guides/peru/#x"),
        ("es", {"sort": "a/b?c"}, "/es/guides/peru/?sort=a/b?c"),
        ("es", {"_external": True}, "http://127.0.0.1:8000/es/guides/peru/"),
    ],
)
def test_addresses_are_in_the_language_of_the_page(
    app: Flask, language: str, values: dict[str, object], address: str
) -> None:
    root = "" if language == "en" else f"/{language}"
    with app.test_request_context("/", base_url=f"http://other.example{root}"):
        g.language = language
        assert url_for("directory.country", country="peru", **values) == address  # type: ignore[arg-type]


def test_what_is_never_prefixed_has_no_prefix(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://x.example/es"):
        g.language = "es"
        assert url_for("listing_pages.go", listing_id=5) == "/go/5"
        assert url_for("health.healthz", _language="es") == "/healthz"
        assert url_for("machine.sitemap", _external=True) == "http://127.0.0.1:8000/sitemap.xml"
        assert url_for("directory.home") == "/es/"


def test_outside_a_request_addresses_are_whole(app: Flask) -> None:
    assert url_for("directory.home", _language="es") == "http://127.0.0.1:8000/es/"
    assert url_for("directory.search", q="a b") == "http://127.0.0.1:8000/search/?q=a+b"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "box.local:81", "[::1]:8000"])
def test_in_development_any_host_is_served(client: Client, host: str) -> None:
    assert client.get("/", base_url=f"http://{host}").status_code == 200


@pytest.mark.parametrize("number", ["0", *HUGE])
def test_numbers_of_no_row_are_not_found(client: Client, number: str) -> None:
    for path in (f"/go/{number}", f"/compare/?listing=1&listing={number}"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "1%00", "%D9%A3", "1/2"])
def test_what_is_no_number_is_not_found(client: Client, text: str) -> None:
    assert client.get(f"/go/{text}").status_code == 404


PATHS = [
    *("/%00", "/guides/%00/", "/guides/peru/%00/", "/guides/peru/card/%00/", "/providers/%00/", "/es/%00/"),
    *("/%ff%fe/", "/guides/%C3%28/card/", "/guides/%ED%A0%80/", "/es/guides/%F0%9F/", "/%c0%ae%c0%ae/"),
    *("/guides/peru/" + "x" * 3000 + "/", "/guides/..%2f..%2fetc/", "/guides/%0d%0aX:y/", "/\u202e/"),
    *("/guides/peru/card/'; DROP TABLE guide;--/", "/guides/%25%25/", "/static/%00", "/go/%00", "/xx%00/"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_odd_paths_are_refused_never_a_fault(client: Client, path: str, method: str) -> None:
    response = getattr(client, method)(path)
    assert 400 <= response.status_code < 500


QUERIES = [
    *("%00", "a%00b", "%ff", "%zz", "\u202e%25_\\'", "a" * 4000, "%F0%9F%98%80"),
    *("1e9", "-1", "<script>", "%0d%0a", "9" * 400),
]
NAMES = [
    *"q country sort language max currency only rating level order".split(),
    *"endpoint self _external _scheme _anchor _method _language values stem slug".split(),
]


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """One address of each public page."""
    topic = make_topic("peru", languages=())
    make_guide(topic, "en", "card")
    first = make_listing(topic, make_provider(slug="papeles"))
    second = make_listing(topic)
    db.session.commit()
    return [
        *("/", "/guides/", "/guides/peru/", "/guides/peru/card/", "/guides/peru/card/papeles/", "/search/"),
        *("/providers/", "/providers/papeles/", "/about/ranking/", "/sitemap.xml", "/nowhere/"),
        f"/go/{first.id}",
        f"/compare/?listing={first.id}&listing={second.id}",
    ]


@pytest.mark.parametrize(
    "value", [*QUERIES[:2], *(pytest.param(q, marks=pytest.mark.slow) for q in QUERIES[2:])]
)
def test_odd_queries_are_answered_never_a_fault(client: Client, addresses: list[str], value: str) -> None:
    several = "&".join(f"{name}={value}" for name in NAMES)
    for address in addresses:
        for query in (several, f"page={value}", f"listing={value}"):
            response = client.get(f"{address}{'&' if '?' in address else '?'}{query}")
            assert response.status_code < 500
            assert response.status_code >= 400 or "%00" not in value


def test_a_query_that_repeats_a_name_is_answered(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        mark = "&" if "?" in address else "?"
        query = "&".join(f"{name}=1&{name}=2&{name}[]=3&{name}" for name in NAMES)
        assert client.get(f"{address}{mark}{query}").status_code < 500


def test_addresses_without_their_last_slash_lead_to_those_with(client: Client, addresses: list[str]) -> None:
    response = client.get("/guides/peru/card?sort=cost")
    assert response.status_code == 308
    assert response.headers["Location"].endswith("/guides/peru/card/?sort=cost")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "de, es;q=0.5"},
        {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"},
        {"Cookie": "session=rubbish; remember_token=rubbish"},
        {"Range": "bytes=0-10"},
        {"Accept": "application/json"},
    ],
)
def test_headers_do_not_change_a_page(client: Client, addresses: list[str], headers: dict[str, str]) -> None:
    for address in addresses[:6]:
        assert client.get(address, headers=headers).data == client.get(address).data


def test_behind_a_proxy_the_readers_address_and_scheme_are_known(make_app: Callable[..., Flask]) -> None:
    seen = []
    app = make_app(TRUSTED_PROXIES="1")
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme)))
    app.test_client().get("/", headers={"X-Forwarded-For": "8.8.8.8, 1.2.3.4", "X-Forwarded-Proto": "https"})
    assert seen == [("1.2.3.4", "https")]


def test_a_request_larger_than_we_accept_is_refused(client: Client) -> None:
    response = client.post("/account/sign-in/", data={"email": "x" * 2_000_000})
    assert response.status_code == 413


def test_two_applications_do_not_share_a_language(app: Flask, client: Client) -> None:
    client.get("/es/")
    assert client.page("/").root.get("lang") == "en"
