"""Static files under names that carry their digest."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from marketplace.web.assets import collect_assets, hashed_name, init_assets
from tests.clients import Client


def test_a_name_carries_the_digest_of_its_content() -> None:
    assert hashed_name("css/site.css", b"a") == "css/site.ca978112ca1b.css"
    assert hashed_name("css/site.css", b"b") != hashed_name("css/site.css", b"a")


def test_the_style_sheets_are_one_and_load_nothing_from_elsewhere() -> None:
    assets = collect_assets()
    sheets = [name for name in assets if name.endswith(".css")]
    assert sheets == ["css/site.css"]
    sheet = assets["css/site.css"].decode()
    assert b"sourceMappingURL" not in assets["css/site.css"]
    outside = re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//", sheet)
    assert outside == []


def test_a_page_links_files_that_are_there_and_may_be_kept_for_a_year(app: Flask, client: Client) -> None:
    page = client.page("/es/")
    links = [link.attrib["href"] for link in page.all("link") if link.get("rel") in ("stylesheet", "icon")]
    assert len(links) == 2
    for link in links:
        assert link.startswith("/static/"), "never prefixed with the language"
        response = client.get(link)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in response.headers


def test_text_travels_compressed_to_whoever_takes_it(app: Flask, client: Client) -> None:
    link = f"/static/{app.extensions['asset_names']['css/site.css']}"
    plain = client.get(link)
    small = client.get(link, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 3
    assert "Accept-Encoding" in small.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    ["/static/nothing.css", "/static/", "/static/../config.py", "/static/%2e%2e/config.py", "/es/static/x"],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_files_of_earlier_releases_are_still_served(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css/site.000000000000.css").write_text("old")
    other = Flask("other")
    init_assets(other, tmp_path)
    response = other.test_client().get("/static/css/site.000000000000.css")
    assert response.text == "old"
    before = sorted(path.name for path in tmp_path.rglob("*"))
    init_assets(Flask("again"), tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before, "written once"
