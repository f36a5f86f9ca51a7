"""Templates compile, import what they use and use what they import, leave every word to the translators, and keep to
the strict Content-Security-Policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from scripts.catalogues import CHECKOUT

TEMPLATES = CHECKOUT / "templates"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
WORDS = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = re.compile(
    r"\s(?:title|alt|placeholder|aria-label|content|value)=\"([^\"{}]*[^\W\d_]{2,}[^\"{}]*)\""
)
# Names, and values that are not shown.
UNTRANSLATED = re.compile(
    r"Tramitit|CC BY-SA|Hugo|JSON|CSV|width=device-width|noindex|nofollow|initial-scale|same-origin|light dark"
)
UNSAFE = {
    r"\|\s*safe\b": "|safe: mark trusted HTML in Python, where it is sanitised",
    r"\bMarkup\(": "Markup() in a template",
    r"autoescape\s+false": "no escaping",
}
BLOCKED = {
    r"\sstyle\s*=": "an inline style",
    r"<style\b": "an inline style sheet",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*\bnonce=)(?![^>]*application/(?:ld\+)?json)": "an inline script",
    r"<[^>]*\son[a-z]+\s*=": "an inline event handler",
    r"(?:href|action|src)=\"/[^/]": "an address that url_for did not make",
}


@lru_cache
def folders() -> list[str]:
    return sorted({path.parent.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")})


def names(folder: str | None = None) -> list[str]:
    """The templates of a folder, or all."""
    found = TEMPLATES.rglob("*") if folder is None else (TEMPLATES / folder).glob("*")
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in found if path.is_file())


def pages(folder: str) -> list[str]:
    return [name for name in names(folder) if name.endswith(".html")]


def test_every_template_is_in_one_of_the_folders() -> None:
    assert sorted(name for folder in folders() for name in names(folder)) == names() != []


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


@lru_cache
def parsed(environment: Environment, name: str) -> nodes.Template:
    return environment.parse(source(name), name)


def loaded_names(tree: nodes.Template) -> set[str]:
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def constant_targets(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = getattr(node, "template", None)
        if isinstance(target, nodes.Const):
            yield target.value


def defined_at_top(tree: nodes.Template) -> set[str]:
    macros = {node.name for node in tree.find_all(nodes.Macro)}
    return macros | {
        node.target.name for node in tree.find_all(nodes.Assign) if isinstance(node.target, nodes.Name)
    }


@pytest.mark.parametrize("folder", folders())
def test_templates_compile_and_find_what_they_extend_and_include(built: Flask, folder: str) -> None:
    for name in names(folder):
        built.jinja_env.compile(source(name), name, name)
        for target in constant_targets(parsed(built.jinja_env, name)):
            built.jinja_env.get_template(target)


@pytest.mark.parametrize("folder", folders())
def test_templates_use_what_they_import_and_import_what_there_is(built: Flask, folder: str) -> None:
    for name in names(folder):
        _check_imports(built, name)


def _check_imports(built: Flask, name: str) -> None:
    tree = parsed(built.jinja_env, name)
    used = loaded_names(tree)
    for node in tree.find_all(nodes.FromImport):
        pairs = [entry if isinstance(entry, tuple) else (entry, entry) for entry in node.names]
        assert {alias for _, alias in pairs} <= used, f"{name}: imported and not used"
        if isinstance(node.template, nodes.Const) and (TEMPLATES / node.template.value).is_file():
            there = defined_at_top(parsed(built.jinja_env, node.template.value))
            assert {origin for origin, _ in pairs} <= there, f"{name}: not in {node.template.value}"
    assert {node.target for node in tree.find_all(nodes.Import)} <= used, f"{name}: imported and not used"


@pytest.mark.parametrize("folder", folders())
def test_templates_keep_to_the_content_security_policy(folder: str) -> None:
    found = {name: blocked for name in pages(folder) if (blocked := _blocked(name))}
    assert not found


def _blocked(name: str) -> dict[str, str]:
    text = re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)
    html = JINJA.sub("", text)
    # Mail programs know neither style sheets nor our policy.
    blocked = {
        pattern: why
        for pattern, why in BLOCKED.items()
        if not (name.startswith("emails/") and "style" in pattern)
    }
    found = {why: re.search(pattern, text) for pattern, why in UNSAFE.items()}
    found |= {why: re.search(pattern, html) for pattern, why in blocked.items()}
    return {why: match.group() for why, match in found.items() if match}


@pytest.mark.parametrize("folder", folders())
def test_every_visible_word_can_be_translated(built: Flask, folder: str) -> None:
    found = {name: words for name in pages(folder) if (words := _untranslated(built, name))}
    assert not found


def _untranslated(built: Flask, name: str) -> list[str]:
    tree = parsed(built.jinja_env, name)
    written = " ".join(data.data for data in tree.find_all(nodes.TemplateData))
    written = re.sub(r"<(script|style)\b.*?</\1>", "", written, flags=re.DOTALL)
    visible = [text for text in TAG.split(written) if not re.search(r"[<>]|=\"", text)]
    bare = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source(name), flags=re.DOTALL)
    spoken = [match.group(1) for match in SPOKEN_ATTRIBUTES.finditer(JINJA.sub("{}", bare))]
    spoken = [text for text in spoken if not re.fullmatch(r"[a-z0-9_\-]+", text)]
    return [text.strip() for text in (*visible, *spoken) if WORDS.search(UNTRANSLATED.sub("", text))]


def test_no_template_is_left_over(built: Flask) -> None:
    code = "\n".join(path.read_text() for path in (CHECKOUT / "marketplace").rglob("*.py"))
    reached = {target for name in names() for target in constant_targets(parsed(built.jinja_env, name))}
    dynamic = ("security/", "emails/layout", "errors/")
    left = [
        name
        for name in names()
        if name not in reached
        and not name.startswith(dynamic)
        and f'"{name}"' not in code
        and f'"{Path(name).stem}"' not in code
        and f"/{Path(name).stem}" not in code
    ]
    assert not left
