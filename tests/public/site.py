"""A small site for tests of the public pages, and what pages say."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.i18n.locales import fold_text
from marketplace.listings.models import Listing
from tests.factories import make_guide, make_listing, make_provider, make_topic
from tests.guide_files import HEADS
from tests.pages import Page


@dataclass(frozen=True, slots=True)
class Site:
    """A served topic `peru-card` in English, Spanish (twice) and German, and an empty one in Chile."""

    served: Topic
    empty: Topic
    papeles: Listing
    gestor: Listing

    @property
    def compared(self) -> str:
        """The address that compares the two listings."""
        return f"/compare/?listing={self.papeles.id}&listing={self.gestor.id}"


def build_site() -> Site:
    """Make the site and commit it."""
    served = make_topic("peru", "peru-card", languages=())
    titles = {("en", "card"): "Residence card", ("de", "ausweis"): "Aufenthaltskarte"}
    titles |= {("es", "carné"): "Carné de residencia", ("es", "carné_nuevo"): "Carné nuevo"}
    for (language, stem), title in titles.items():
        heads = [cell.strip() for cell in HEADS[language].strip("|").split("|")]
        make_guide(served, language, stem, title=title, search_text=fold_text(f"{title} peru"), header=heads)
    empty = make_topic("chile", "chile-tax", languages=())
    make_guide(empty, "en", "tax", title="Tax number", search_text="tax number chile")
    papeles = make_provider(
        slug="papeles", name="Papeles Claros", search_text="papeles claros", website="https://p.example/"
    )
    gestor = make_provider(slug="gestor", name="Gestor Rápido", search_text="gestor rapido")
    site = Site(served, empty, make_listing(served, papeles), make_listing(served, gestor, fee_min=100000))
    db.session.commit()
    return site


def words(page: Page) -> str:
    """All that a reader sees of a page, blanks folded; data for machines left out."""
    pieces: list[str] = []

    def walk(element: Element) -> None:
        if element.tag != "script":
            pieces.append(element.text or "")
            for child in element:
                walk(child)
                pieces.append(child.tail or "")

    body = page.root.find("body")
    walk(page.root if body is None else body)
    return folded("".join(pieces))


def folded(text: str) -> str:
    """A text with its blanks folded, as `words` has it."""
    return " ".join(text.split())


def spoken(page: Page) -> list[tuple[str, str]]:
    """Every text of the body with the language it is marked as."""
    found: list[tuple[str, str]] = []

    def walk(element: Element, language: str) -> None:
        language = element.get("lang") or language
        if element.tag in ("script", "style") or not isinstance(element.tag, str):
            return
        for name in ("aria-label", "placeholder", "alt", "title"):
            if element.get(name):
                found.append((language, folded(element.get(name, ""))))
        if (element.text or "").strip():
            found.append((language, folded(element.text or "")))
        for child in element:
            walk(child, language)
            if (child.tail or "").strip():
                found.append((language, folded(child.tail or "")))

    body = page.root.find("body")
    assert body is not None
    walk(body, page.root.get("lang", ""))
    return found


def alternates(page: Page) -> dict[str, str]:
    """The page's translations as its head names them."""
    return {
        link.attrib["hreflang"]: link.attrib["href"]
        for link in page.all("link", rel="alternate")
        if "hreflang" in link.attrib
    }


def switches(page: Page) -> dict[str, str]:
    """The page's other languages as a reader may choose them."""
    return {
        link.attrib["hreflang"]: link.attrib["href"] for link in page.all("a") if "hreflang" in link.attrib
    }
