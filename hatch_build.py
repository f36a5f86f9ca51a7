"""Build hook: compiles the gettext catalogues, which are committed as text only, so that a wheel carries them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes each `translations/<language>/LC_MESSAGES/<domain>.mo` beside its `.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered; an invalid catalogue stops the build."""
        for source in Path(self.root, "translations").glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                catalogue = read_po(text, locale=source.parent.parent.name, abort_invalid=True)
                write_mo(compiled, catalogue)
