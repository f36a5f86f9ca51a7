"""The paths that exist here because there are guides."""

from __future__ import annotations

import pytest

from marketplace.guides.sites import SitePaths, guide_path

PATHS = SitePaths([("en", "peru", "card"), ("es", "peru", "carné"), ("pt-BR", "brazil", "cpf")])


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/guides/", "/guides/peru/", "/guides/peru/card/", "/guides/peru/card", "/guides"),
        *("/es", "/es/", "/es/guides/peru/carné/", "/pt-BR/guides/brazil/cpf"),
    ],
)
def test_pages_of_guides_their_countries_and_languages_exist(path: str) -> None:
    assert path in PATHS


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/de/",
            "/guides/brazil/",
            "/es/guides/peru/card/",
            "/guides/peru/card/x/",
            "/categories/peru/",
        ),
        *("/en/", "/guides/peru//card/", None, 5),
    ],
)
def test_other_paths_do_not(path: object) -> None:
    assert path not in PATHS


def test_english_pages_have_no_prefix() -> None:
    assert guide_path("en", "peru", "card") == "/guides/peru/card/"
    assert guide_path("es", "peru", "carné") == "/es/guides/peru/carné/"
