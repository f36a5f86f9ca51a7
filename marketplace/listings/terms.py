"""The terms of an offer, declared once: each as a column of `TermsMixin` and as a value of `OfferTerms`, with its kind.

Copies, comparisons, CSV cells, form fields and the columns of public pages follow from `TERMS`; that an answer is one of its
enum's follows from `ANSWERS`. The other rules that terms must keep are in `rules`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum, auto
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from marketplace.core.database import one_of
from marketplace.values.money import CostBasis, OfficialFee
from marketplace.values.timeframe import TimeStart, TimeUnit

SERVICE_LENGTH = 2000
AMOUNT_LIMIT = 10**14
TIME_LIMIT = 10_000
WITHOUT_FEE = (CostBasis.FREE, CostBasis.ON_REQUEST)
WITH_HIGHEST_FEE = (CostBasis.RANGE, CostBasis.HOURLY)


class Kind(Enum):
    """How a term is typed and read: in a form's field and in the cell of a CSV file."""

    TEXT = auto()
    CHOICE = auto()  # one of an enum's values
    OPTION = auto()  # one of an enum's values, or not stated
    AMOUNT = auto()  # minor units of `currency`, or not stated
    CURRENCY = auto()  # ISO code, or not stated
    NUMBER = auto()  # a whole number, or not stated
    LANGUAGES = auto()  # language tags; None means the provider's


def _term(kind: Kind, default: Any = None, *, among: type[StrEnum] | None = None) -> Any:
    return field(default=default, metadata={"kind": kind, "among": among})


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What is offered. Fees are integer minor units of `currency`, times whole numbers of `time_unit`; None is not stated.

    `fee_max` is set for `range` and may be for `hourly`; `free` and `on_request` have no fee. `official_fee` is an amount
    where `official_fee_kind` is `extra`. `languages` None means the provider's.
    """

    service: str = _term(Kind.TEXT, "")
    cost_basis: str = _term(Kind.CHOICE, CostBasis.ON_REQUEST, among=CostBasis)
    fee_min: int | None = _term(Kind.AMOUNT)
    fee_max: int | None = _term(Kind.AMOUNT)
    currency: str | None = _term(Kind.CURRENCY)
    official_fee_kind: str = _term(Kind.CHOICE, OfficialFee.UNKNOWN, among=OfficialFee)
    official_fee: int | None = _term(Kind.AMOUNT)
    time_min: int | None = _term(Kind.NUMBER)
    time_max: int | None = _term(Kind.NUMBER)
    time_unit: str | None = _term(Kind.OPTION, among=TimeUnit)
    time_from: str | None = _term(Kind.OPTION, among=TimeStart)
    languages: tuple[str, ...] | None = _term(Kind.LANGUAGES)


TERMS: dict[str, Kind] = {term.name: term.metadata["kind"] for term in fields(OfferTerms)}
ANSWERS: dict[str, type[StrEnum]] = {
    term.name: term.metadata["among"] for term in fields(OfferTerms) if term.metadata["among"] is not None
}


def _among(name: str, answers: type[StrEnum]) -> str:
    condition = one_of(name, answers)
    return f"{name} IS NULL OR {condition}" if TERMS[name] is Kind.OPTION else condition


class TermsMixin:
    """The columns of terms, shared by a listing and its edit."""

    service: Mapped[str] = mapped_column(Text, default="")
    cost_basis: Mapped[str] = mapped_column(String(12), default=CostBasis.ON_REQUEST)
    fee_min: Mapped[int | None] = mapped_column(BigInteger)
    fee_max: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    official_fee_kind: Mapped[str] = mapped_column(String(10), default=OfficialFee.UNKNOWN)
    official_fee: Mapped[int | None] = mapped_column(BigInteger)
    time_min: Mapped[int | None] = mapped_column()
    time_max: Mapped[int | None] = mapped_column()
    time_unit: Mapped[str | None] = mapped_column(String(14))
    time_from: Mapped[str | None] = mapped_column(String(20))
    languages: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            CheckConstraint(
                "CASE WHEN cost_basis IN ('free', 'on_request') THEN fee_min IS NULL AND fee_max IS NULL"
                " WHEN cost_basis = 'range' THEN fee_min IS NOT NULL AND fee_max IS NOT NULL AND currency IS NOT NULL"
                " ELSE fee_min IS NOT NULL AND currency IS NOT NULL END",
                name="fees_fit_basis",
            ),
            CheckConstraint("fee_min IS NULL OR fee_min >= 0", name="fee_min"),
            CheckConstraint("fee_max IS NULL OR fee_max >= fee_min", name="fee_order"),
            CheckConstraint(
                "(official_fee_kind = 'extra') = (official_fee IS NOT NULL)"
                " AND (official_fee IS NULL OR (official_fee >= 0 AND currency IS NOT NULL))",
                name="official_fee",
            ),
            CheckConstraint(
                "(time_min IS NULL AND time_max IS NULL AND time_unit IS NULL)"
                " OR (time_min IS NOT NULL AND time_max IS NOT NULL AND time_unit IS NOT NULL"
                " AND time_min >= 0 AND time_max >= time_min)",
                name="time_order",
            ),
            *(CheckConstraint(_among(name, answers), name=name) for name, answers in ANSWERS.items()),
            *cls._own_table_args(),
        )

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return ()


def terms_of_kind(*kinds: Kind) -> list[str]:
    """The names of the terms of some kinds, in their order."""
    return [name for name, kind in TERMS.items() if kind in kinds]


def terms_of(row: TermsMixin) -> OfferTerms:
    """The terms that a listing or an edit holds."""
    values = {name: getattr(row, name) for name in TERMS}
    for name in terms_of_kind(Kind.LANGUAGES):
        values[name] = None if values[name] is None else tuple(values[name])
    return OfferTerms(**values)


def column_values(terms: OfferTerms) -> dict[str, Any]:
    """Terms as the columns of a listing or an edit hold them."""
    values = {name: getattr(terms, name) for name in TERMS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def write_terms(row: TermsMixin, terms: OfferTerms) -> None:
    """Put terms into a listing or an edit."""
    for name, value in column_values(terms).items():
        setattr(row, name, value)
