"""Guide files in the format of the real ones, written into a folder for a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ORIGIN = "https://tramitit.com"
HEADS = {
    "de": "| Anbieter | Website | Dauer | Kosten |",
    "en": "| Provider | Website | Timelines | Cost |",
    "es": "| Proveedor | Sitio web | Plazos | Costo |",
}
DELIMITER = "|---|---|---|---|"


def row(name: str, address: str = "", time: str = "", cost: str = "") -> str:
    """A row of a provider table as people write it."""
    link = f"[Website]({address})" if address else ""
    return f"| {name} | {link} | {time} | {cost} |"


def guide_text(
    title: str = "Residence card",
    *,
    language: str = "en",
    key: str | None = None,
    rows: Sequence[str] = (),
    body: str = "What it is.",
    front: str = "",
    table: bool = True,
) -> str:
    """A guide: front matter, a description, the provider table as the second H2, and details after it."""
    head = [f'title: "{title}"', 'description: "How to do it."', "author: Ana", "date: 2024-06-24"]
    head += [f"translationKey: {key}"] if key else []
    head += [front] if front else []
    lines = ["---", *head, "---", "", "## Description", "", body, ""]
    if table:
        lines += ["## Providers", "", HEADS.get(language, HEADS["en"]), DELIMITER, *rows, ""]
    return "\n".join([*lines, "## Details", "", "More.", ""])


def write_guide(folder: Path, name: str, text: str | bytes | None = None, **values: object) -> Path:
    """Write `<folder>/<name>.md`, such as `en/mexico/card`; its language's heads unless a text is given."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        values.setdefault("language", name.partition("/")[0])
        text = guide_text(**values)  # type: ignore[arg-type]
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
