"""The topics and guides of `marketplace seed`: files as the import takes them, and the rows that it would make of them.

The text is the same for all guides in a language, so that it is read and rendered once; title and key are each guide's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from marketplace.commands.seed_plan import Plan
from marketplace.core.revisions import country_revision
from marketplace.guides.hugo.guide_file import GuideFile, read_guide, rows_region
from marketplace.guides.models import Guide
from marketplace.guides.reading import RESERVED_IDS, file_digest
from marketplace.guides.rendering import RenderedGuide, render_guide
from marketplace.guides.services import search_text
from marketplace.i18n.collation import sort_key

COUNTRIES = (
    *(
        "mexico",
        "spain",
        "colombia",
        "portugal",
        "germany",
        "france",
        "italy",
        "argentina",
        "brazil",
        "chile",
    ),
    *("peru", "ecuador", "uruguay", "paraguay", "bolivia", "panama", "costa-rica", "guatemala", "japan"),
    *("thailand", "vietnam", "greece", "poland", "sweden", "norway", "canada"),
)
LANGUAGES = ("en", "es")
TITLES = {
    "en": (
        "Residence permit",
        "Tax number",
        "Driving licence",
        "Health insurance",
        "Work permit",
        "Birth record",
    ),
    "es": (
        "Permiso de residencia",
        "Número fiscal",
        "Carné de conducir",
        "Seguro médico",
        "Permiso de trabajo",
        "Acta",
    ),
}
STEMS = {"en": "procedure_{number}", "es": "tramite_{number}"}
FRONT = """---
author: Marketplace contributors
date: 2026-04-02
description: {description}
title: {title}
translationKey: {key}
---

"""


class Words(NamedTuple):
    """What the guides in a language say."""

    description: str
    heads: tuple[str, str, str, str, str]
    columns: str
    what: str
    step: str


WORDS = {
    "en": Words(
        "What it is, who needs it, and how to get it step by step.",
        ("What is it?", "Steps", "Documents", "Providers that can do it for you", "Details"),
        "Provider | Website | Timelines | Cost",
        "The office looks at each application in the order in which it came. Bring the originals and one copy of each, and "
        "keep the receipt until you hold the document itself.",
        "Book an appointment, print the form, sign every page, and pay the fee at a bank before the day.",
    ),
    "es": Words(
        "Qué es, quién lo necesita y cómo conseguirlo paso a paso.",
        ("¿Qué es?", "Pasos", "Documentos", "Proveedores que lo hacen por ti", "Detalles"),
        "Proveedor | Sitio web | Plazos | Costo",
        "La oficina revisa cada solicitud por orden de llegada. Lleva los originales y una copia de cada uno, y guarda el "
        "recibo hasta que tengas el documento en la mano.",
        "Pide una cita, imprime el formulario, firma cada página y paga la tasa en un banco antes de ese día.",
    ),
}
GUIDE_COLUMNS = (
    *(
        "id",
        "topic_id",
        "language",
        "country",
        "stem",
        "title",
        "sort_title",
        "description",
        "author",
        "date_text",
    ),
    *("search_text", "table_heading", "header", "toc", "html_before", "html_after"),
)
FILE_COLUMNS = ("guide_id", "digest", "content", "original_rows", "imported_at")
TOPIC_COLUMNS = ("id", "key", "country", "revision")


@dataclass(frozen=True, slots=True)
class Sample:
    """The text of all guides in a language, as it is read and rendered."""

    guide: GuideFile
    html: RenderedGuide
    original_rows: bytes


def country_of(topic: int) -> str:
    """The country of a topic."""
    return COUNTRIES[topic % len(COUNTRIES)]


def countries_of(plan: Plan) -> tuple[str, ...]:
    """The countries that have topics."""
    return COUNTRIES[: plan.topics]


def revisions_of(plan: Plan) -> list[str]:
    """The names of the revisions of the countries' pages."""
    return [country_revision(country) for country in countries_of(plan)]


def topic_rows(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """The rows of topics, as `TOPIC_COLUMNS` says."""
    for topic in range(plan.topics):
        yield topic + 1, _key(topic), country_of(topic), 1


def guide_files(plan: Plan) -> Iterator[tuple[str, str]]:
    """The files that an import would be given: the path below the folder, and the text."""
    for number, (topic, language) in enumerate(_guides(plan), 1):
        stem = STEMS[language].format(number=number)
        yield f"{language}/{country_of(topic)}/{stem}.md", _text(topic, language)


def guide_rows(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """The rows of guides, as `GUIDE_COLUMNS` says."""
    samples = {language: _sample(language) for language in LANGUAGES}
    for number, (topic, language) in enumerate(_guides(plan), 1):
        sample, country, title = samples[language], country_of(topic), _title(topic, language)
        stem = STEMS[language].format(number=number)
        front, table = sample.guide.front, sample.guide.table
        named = Guide(title=title, meta_title="", country=country, language=language, stem=stem)
        yield (
            *(number, topic + 1, language, country, stem, title, sort_key(title, language)),
            *(front.description, front.author, front.date_text, search_text(named)),
            *(table.heading if table else "", list(table.header) if table else None),
            *([asdict(entry) for entry in sample.html.toc], sample.html.html_before, sample.html.html_after),
        )


def guide_file_rows(plan: Plan, origin: str, moment: datetime) -> Iterator[tuple[Any, ...]]:
    """The rows of guides' files, as `FILE_COLUMNS` says."""
    samples = {language: _sample(language) for language in LANGUAGES}
    for number, (topic, language) in enumerate(_guides(plan), 1):
        data = _text(topic, language).encode()
        yield number, file_digest(data, origin), data, samples[language].original_rows, moment


def _guides(plan: Plan) -> Iterator[tuple[int, str]]:
    return ((topic, language) for topic in range(plan.topics) for language in LANGUAGES)


def _key(topic: int) -> str:
    return f"{country_of(topic)}-procedure_{topic + 1}"


def _title(topic: int, language: str) -> str:
    titles = TITLES[language]
    return f"{titles[topic // len(COUNTRIES) % len(titles)]} {topic + 1}"


def _text(topic: int, language: str) -> str:
    words = WORDS[language]
    front = FRONT.format(description=words.description, title=_title(topic, language), key=_key(topic))
    listed = "\n".join(f"- {words.what}" for _ in range(4))
    texts = (
        f"{words.what}\n\n{words.step} {words.what}",
        "\n".join(f"{number}. {words.step}" for number in range(1, 7)),
        listed,
        f"| {words.columns} |\n|---|---|---|---|\n| | | | |",
        listed,
    )
    return (
        front
        + "\n\n".join(f"## {head}\n\n{text}" for head, text in zip(words.heads, texts, strict=True))
        + "\n"
    )


def _sample(language: str) -> Sample:
    data = _text(0, language).encode()
    guide = read_guide(data)
    html = render_guide(data, guide, reserved=RESERVED_IDS)
    return Sample(guide, html, rows_region(data, guide.table) if guide.table else b"")
