"""Static files under names that carry their digest, so that a browser keeps them for a year.

At start each file of `static/` is written once to a folder, under `name.<digest>.ext`, beside a gzipped copy; WhiteNoise
serves that folder, with what earlier releases left there: pages opened before an upgrade keep their style. The one style
sheet is Bootstrap (from Bootstrap-Flask), our tokens and our components, in this order: with three sheets the browser may
ask for Bootstrap's `data:` images before ours replace them.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from importlib.resources import files
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from marketplace.core.config import data_folder

COMPRESSED = {".css", ".js", ".svg", ".txt"}
SHEETS = ("css/tokens.css", "css/site.css")
PREFIX = "/static/"
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def collect_assets() -> dict[str, bytes]:
    """Every public file: logical name to content; the style sheets are one."""
    root = data_folder("static")
    found = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
    found = {name: data for name, data in found.items() if not Path(name).name.startswith(".")}
    bootstrap = files("flask_bootstrap").joinpath("static/bootstrap5/css/bootstrap.min.css").read_bytes()
    sheets = [bootstrap.partition(b"/*# sourceMappingURL=")[0], *(found.pop(name) for name in SHEETS)]
    found["css/site.css"] = b"\n".join(sheets)
    return found


def hashed_name(name: str, data: bytes) -> str:
    """`css/site.css` with its content's digest: `css/site.0a1b2c3d4e5f.css`."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}{dot}{suffix}"


def init_assets(app: Flask, folder: Path) -> None:
    """Write the files of this release into `folder`, serve them, and give templates `static_url(name)`."""
    names: dict[str, str] = {}
    for name, data in collect_assets().items():
        names[name] = hashed_name(name, data)
        _write_once(folder / names[name], data)
        if Path(name).suffix in COMPRESSED:
            _write_once(folder / (names[name] + ".gz"), gzip.compress(data, mtime=0))
    app.extensions["asset_names"] = names

    def static_url(name: str) -> str:
        return PREFIX + names[name]

    app.jinja_env.globals["static_url"] = static_url
    served = WhiteNoise(
        app.wsgi_app,
        immutable_file_test=lambda path, url: bool(HASHED.search(url)),
        add_headers_function=lambda headers, path, url: headers.add_header(
            "X-Content-Type-Options", "nosniff"
        ),
    )
    served.add_files(str(folder), prefix=PREFIX)
    app.wsgi_app = served  # type: ignore[method-assign]


def _write_once(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(data)
    partial.rename(path)
