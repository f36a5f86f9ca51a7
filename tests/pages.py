"""HTML as a reader's browser and screen reader take it: pages that tests can ask, and the rules every page keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS

UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
DATA_SCRIPTS = frozenset({"application/json", "application/ld+json"})
PLACES = {"tbody": "table", "tr": "tbody", "td": "tr", "th": "tr", "option": "select"}
REFERENCES = (
    "aria-describedby",
    "aria-labelledby",
    "aria-controls",
    "aria-errormessage",
    "for",
    "list",
    "headers",
)


class Page:
    """A parsed page or fragment. Texts come with their blanks folded."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.full = "<html" in html[:2000].lower()
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        self.root: Element = parser.parse(html) if self.full else parser.parseFragment(html, _place_of(html))
        self.parse_errors: list[tuple[tuple[int, int], str, dict[str, Any]]] = parser.errors

    def all(self, tag: str = "*", /, **attributes: str) -> list[Element]:
        """Elements with this tag and these attributes; write `class_` and `for_`, and `aria_label` for `aria-label`.

        `class_` asks for one of the classes, the others for the whole value.
        """
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [element for element in self.root.iter() if _fits(element, tag, wanted)]

    def one(self, tag: str = "*", /, **attributes: str) -> Element:
        """The one element like this; fails when there are none or several."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements <{tag}> with {attributes} in:\n{self.html}"
        return found[0]

    @property
    def title(self) -> str:
        """The text of `<title>`."""
        return text_of(self.one("title"))

    @property
    def text(self) -> str:
        """All that is written on the page (the body of a full page)."""
        body = self.root.find("body")
        return text_of(self.root if body is None else body)

    def texts(self, tag: str, /, **attributes: str) -> list[str]:
        """The texts of the elements like this, in their order."""
        return [text_of(element) for element in self.all(tag, **attributes)]

    def links(self) -> list[str]:
        """Where the page's links lead, in their order."""
        return [element.attrib["href"] for element in self.all("a") if "href" in element.attrib]

    def form(self, action: str) -> Element:
        """The first form that posts to this path; without an `action` it posts to the page itself."""
        for form in self.all("form"):
            if form.get("method", "get").lower() == "post" and form.get("action", "") in (action, ""):
                return form
        raise AssertionError(f"no form posts to {action}:\n{self.html}")


def text_of(element: Element) -> str:
    """The text below an element with blanks folded."""
    return " ".join("".join(element.itertext()).split())


def fields_of(form: Element) -> dict[str, list[str]]:
    """What the form would send as it stands, by field; fields that would send nothing have an empty list."""
    fields: dict[str, list[str]] = {}
    for element in form.iter():
        name = element.get("name")
        if not isinstance(element.tag, str) or not name or "disabled" in element.attrib:
            continue
        kind = element.get("type", "text").lower()
        if element.tag == "textarea":
            fields.setdefault(name, []).append((element.text or "").removeprefix("\n"))
        elif element.tag == "select":
            fields.setdefault(name, []).extend(_chosen(element))
        elif element.tag == "input" and kind in ("checkbox", "radio"):
            fields.setdefault(name, []).extend(
                [element.get("value", "on")] if "checked" in element.attrib else []
            )
        elif element.tag == "input" and kind not in ("submit", "button", "reset", "image", "file"):
            fields.setdefault(name, []).append(element.get("value", ""))
        elif element.tag in ("button", "input"):
            fields.setdefault(name, [])
    return fields


@lru_cache(maxsize=4096)
def lint(html: str) -> tuple[str, ...]:
    """What is wrong with a page or fragment; empty when it keeps the rules."""
    page = parsed(html)
    return tuple(problem for rule in RULES for problem in rule(page))


@lru_cache(maxsize=16)
def parsed(html: str) -> Page:
    """The page, parsed once for the rules and for the test that asks for it. For reading only."""
    return Page(html)


def shown(response: Any, status: int = 200) -> Page:
    """The page of a response; fails on another status."""
    assert response.status_code == status, f"{response.request.path}: {response.status}"
    return parsed(response.get_data(as_text=True))


def _place_of(fragment: str) -> str:
    """The element that a fragment goes into: a row needs a table's body around it to be valid."""
    start = fragment.lstrip().lower()
    return next((place for tag, place in PLACES.items() if start.startswith(f"<{tag}")), "div")


def _fits(element: Element, tag: str, wanted: dict[str, str]) -> bool:
    if not isinstance(element.tag, str) or (tag not in ("*", element.tag)):
        return False
    return all(
        value in element.get("class", "").split() if name == "class" else element.get(name) == value
        for name, value in wanted.items()
    )


def _chosen(select: Element) -> list[str]:
    options = [option for option in select.iter("option") if "disabled" not in option.attrib]
    chosen = [option for option in options if "selected" in option.attrib]
    if not chosen and "multiple" not in select.attrib:
        chosen = options[:1]
    return [option.get("value", text_of(option)) for option in chosen]


def _elements(page: Page) -> Iterator[Element]:
    return (element for element in page.root.iter() if isinstance(element.tag, str))


def _valid(page: Page) -> Iterator[str]:
    lines = page.html.splitlines()
    for (line, _column), code, values in page.parse_errors:
        near = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
        yield f"line {line}: {PARSE_ERRORS.get(code, code) % values} near {near!r}"


def _whole(page: Page) -> Iterator[str]:
    if not page.full:
        return
    if not page.html.lstrip().lower().startswith("<!doctype html>"):
        yield "no <!doctype html>"
    if not page.root.get("lang"):
        yield "<html> has no lang"
    titles = page.texts("title")
    if not any(titles):
        yield "no <title>"
    headings = page.texts("h1")
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} <h1> instead of one with words: {headings}"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} <main> instead of one"


def _unique_ids(page: Page) -> Iterator[str]:
    counts = Counter(element.attrib["id"] for element in _elements(page) if "id" in element.attrib)
    yield from (f"id {name!r} stands {count} times" for name, count in counts.items() if count > 1)
    if not page.full:
        return
    for element in _elements(page):
        for name in REFERENCES:
            for target in element.get(name, "").split():
                if target not in counts:
                    yield f"<{element.tag} {name}={target!r}> names an id that is not there"


def _labelled(page: Page) -> Iterator[str]:
    labels = {label.get("for") for label in page.all("label") if text_of(label)}
    wrapped = {id(element) for label in page.all("label") for element in label.iter()}
    for element in _elements(page):
        named = bool(element.get("aria-label") or element.get("aria-labelledby"))
        if element.tag in ("input", "select", "textarea"):
            free = element.tag == "input" and element.get("type", "text").lower() in UNLABELLED_INPUTS
            if not (free or named or element.get("id") in labels or id(element) in wrapped):
                yield f"<{element.tag} name={element.get('name')!r}> has no label"
        elif element.tag == "button" or (element.tag == "a" and "href" in element.attrib):
            pictures = any(image.get("alt") for image in element.iter("img"))
            if not (named or text_of(element) or pictures):
                yield f"<{element.tag}> without words: {element.attrib}"
        elif element.tag == "img" and "alt" not in element.attrib:
            yield f"<img src={element.get('src')!r}> has no alt"


def _no_inline_code(page: Page) -> Iterator[str]:
    for element in _elements(page):
        if element.tag == "style":
            yield "a <style> element: the CSP blocks it"
        inline = element.tag == "script" and not {"src", "nonce"} & set(element.attrib)
        if inline and element.get("type") not in DATA_SCRIPTS:
            yield "an inline <script>: the CSP blocks it"
        for name, value in element.attrib.items():
            if name == "style" or str(name).startswith("on"):
                yield f"<{element.tag} {name}=…>: the CSP blocks it"
            if name in ("href", "src", "action") and value.strip().lower().startswith("javascript:"):
                yield f"<{element.tag} {name}={value!r}>: the CSP blocks it"


RULES = (_valid, _whole, _unique_ids, _labelled, _no_inline_code)
