"""The page being answered, in every other language that has guides or a translation of the interface."""

from __future__ import annotations

from marketplace.guides.queries import guide_languages
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.web.templating import this_page


def every_language(**changed: object) -> list[tuple[str, str]]:
    """(tag, address) in alphabetical order, with the same query but for what is `changed` (None: left out). One query."""
    tags = {*interface_languages(), *guide_languages()} - {address_language()}
    return [(tag, this_page(tag, **changed)) for tag in sorted(tags)]
