"""Form fields and choices that the desk's forms share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from babel.numbers import get_currency_name
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.i18n.collation import sort_key
from marketplace.i18n.currencies import offered_currencies
from marketplace.i18n.locales import babel_locale
from marketplace.i18n.names import country_name, language_name

# Offered to everybody who registers, beside the languages of the guides.
SPOKEN = tuple("en es pt fr de it nl pl cs el ro ru uk tr ar he fa hi zh ja ko vi sv da fi hu".split())
USUAL_CURRENCIES = ("EUR", "USD")
Choices = list[tuple[str, str]]


class CheckboxesField(SelectMultipleField):
    """Several choices, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"validate_choice": False, "choices": [], **kwargs})


def options(choices: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices in the form that WTForms takes."""
    return [SelectChoice(value, label) for value, label in choices]


def language_choices(tags: Iterable[str], language: str) -> Choices:
    """Languages sorted by name."""
    names = ((tag, language_name(tag, language)) for tag in set(tags))
    return sorted(((tag, name[:1].upper() + name[1:]) for tag, name in names), key=_by_name(language))


def spoken_languages(*others: Iterable[str]) -> set[str]:
    """The languages to choose from: the usual ones and `others`."""
    return set(SPOKEN).union(*others)


def country_choices(folders: Iterable[str], language: str) -> Choices:
    """Countries sorted by name."""
    return sorted(
        ((folder, country_name(folder, language)) for folder in set(folders)), key=_by_name(language)
    )


def currency_choices(first: Iterable[str | None], language: str) -> Choices:
    """The currencies that prices are written in, by code and name, likely ones first."""
    likely = [code for code in dict.fromkeys([*first, *USUAL_CURRENCIES]) if code]
    codes = [*likely, *sorted(offered_currencies() - set(likely))]
    names = {code: get_currency_name(code, locale=babel_locale(language)) for code in codes}
    return [(code, f"{code} – {name}" if name != code else code) for code, name in names.items()]


def _by_name(language: str) -> Callable[[tuple[str, str]], tuple[str, str]]:
    return lambda choice: (sort_key(choice[1], language), choice[0])
