"""The paths that exist on this site because there are guides: what links in guides may be pointed at. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from marketplace.i18n.languages import language_prefix


def guide_path(language: str, country: str, stem: str) -> str:
    """The decoded path of a guide's page."""
    return f"{language_prefix(language)}/guides/{country}/{stem}/"


class SitePaths:
    """The pages that guides (language, country, stem) bring about: their own, their country's, their language's."""

    def __init__(self, guides: Iterable[tuple[str, str, str]]) -> None:
        self._paths = {"/", "/guides/"}
        for language, country, stem in guides:
            prefix = language_prefix(language)
            self._paths |= {f"{prefix}/", f"{prefix}/guides/", f"{prefix}/guides/{country}/"}
            self._paths.add(guide_path(language, country, stem))

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (path if path.endswith("/") else path + "/") in self._paths
