"""Home, countries, one country, search, and the guide with its table."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("directory", __name__)


@bp.get("/")
@access("public")
def home() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="home", text="")


@bp.get("/guides/")
@access("public")
def countries() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="countries", text="")


@bp.get("/guides/<country>/")
@access("public")
def country(country: str) -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="country", text="")


@bp.get("/guides/<country>/<stem>/")
@access("public")
def guide(country: str, stem: str) -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="guide", text="")


@bp.get("/search/")
@access("public")
def search() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="search", text="")
