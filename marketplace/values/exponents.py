"""The exponents that the amounts in a database were written with, checked at start against those of this release.

The table is filled by migrations only. Without the check, another table in the code would make every stored amount of a
currency ten, a hundred or a thousand times too large or too small, in silence.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import CompoundSelect, String, inspect, literal, select, union
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.config import ConfigError
from marketplace.core.extensions import db
from marketplace.i18n.currencies import EXPONENTS

CURRENCY_COLUMNS = ("currency", "real_currency")  # beside amounts, in any table
OTHER_TABLES = ("currency_exponent", "exchange_rate")


class CurrencyExponent(db.Model):
    """How many decimals the integers of a currency in this database have."""

    __tablename__ = "currency_exponent"
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    digits: Mapped[int] = mapped_column()


def require_same_exponents(app: Flask) -> None:
    """Raises `ConfigError`, in a line, where amounts in the database would be read wrongly. A database without tables, or
    before this release's migrations, passes: it says so elsewhere."""
    with app.app_context():
        if inspect(db.engine).has_table(CurrencyExponent.__tablename__) and (
            faults := find_exponent_faults()
        ):
            raise ConfigError(f"The amounts in the database would be read wrongly: {'; '.join(faults)}.")


def find_exponent_faults() -> list[str]:
    """What is wrong with the stored exponents, and which currencies rows use without any."""
    written = stored_exponents()
    faults = [
        f"{code} was written with {digits} decimals, this release reads {EXPONENTS.get(code, 'none')}"
        for code, digits in sorted(written.items())
        if EXPONENTS.get(code) != digits
    ]
    for table, code in db.session.execute(_used_currencies()):
        if code not in written:
            faults.append(f"{table} has amounts in {code}, whose decimals are not known")
    return sorted(faults)


def stored_exponents() -> dict[str, int]:
    """The exponents by currency as the database was written with them. One query."""
    return {row.currency: row.digits for row in db.session.scalars(select(CurrencyExponent))}


def _used_currencies() -> CompoundSelect[Any]:
    return union(
        *(
            select(literal(table.name), column).where(column.is_not(None)).distinct()
            for table in db.metadata.sorted_tables
            for column in table.columns
            if column.name in CURRENCY_COLUMNS and table.name not in OTHER_TABLES
        )
    )
