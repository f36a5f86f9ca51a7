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


def names() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


def pages() -> list[str]:
    return [name for name in names() if name.endswith(".html")]


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


@pytest.mark.parametrize("name", names())
def test_a_template_compiles(built: Flask, name: str) -> None:
    built.jinja_env.compile(source(name), name, name)


@pytest.mark.parametrize("name", names())
def test_a_template_finds_what_it_extends_and_includes(built: Flask, name: str) -> None:
    for target in constant_targets(parsed(built.jinja_env, name)):
        built.jinja_env.get_template(target)


@pytest.mark.parametrize("name", names())
def test_a_template_uses_what_it_imports_and_imports_what_there_is(built: Flask, name: str) -> None:
    tree = parsed(built.jinja_env, name)
    used = loaded_names(tree)
    for node in tree.find_all(nodes.FromImport):
        pairs = [entry if isinstance(entry, tuple) else (entry, entry) for entry in node.names]
        assert {alias for _, alias in pairs} <= used, "imported and not used"
        if isinstance(node.template, nodes.Const) and (TEMPLATES / node.template.value).is_file():
            there = defined_at_top(parsed(built.jinja_env, node.template.value))
            assert {origin for origin, _ in pairs} <= there, f"not in {node.template.value}"
    assert {node.target for node in tree.find_all(nodes.Import)} <= used, "imported and not used"


@pytest.mark.parametrize("name", pages())
def test_a_template_keeps_to_the_content_security_policy(name: str) -> None:
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
    assert not {why: match.group() for why, match in found.items() if match}


@pytest.mark.parametrize("name", pages())
def test_every_visible_word_can_be_translated(built: Flask, name: str) -> None:
    tree = parsed(built.jinja_env, name)
    written = " ".join(data.data for data in tree.find_all(nodes.TemplateData))
    written = re.sub(r"<(script|style)\b.*?</\1>", "", written, flags=re.DOTALL)
    visible = [text for text in TAG.split(written) if not re.search(r"[<>]|=\"", text)]
    bare = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source(name), flags=re.DOTALL)
    spoken = [match.group(1) for match in SPOKEN_ATTRIBUTES.finditer(JINJA.sub("{}", bare))]
    spoken = [text for text in spoken if not re.fullmatch(r"[a-z0-9_\-]+", text)]
    untranslated = [text.strip() for text in (*visible, *spoken) if WORDS.search(UNTRANSLATED.sub("", text))]
    assert not untranslated


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
