"""The form by which a provider invites the clients of a period: takes what was typed apart and keeps it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from marketplace.core.errors import Refusal
from marketplace.i18n.languages import address_language, interface_language, interface_languages
from marketplace.reviews.invitations.addresses import FILE_BYTES, text_of_file
from marketplace.reviews.invitations.inviting import ClientList
from marketplace.reviews.invitations.labels import list_problem
from marketplace.web.fields import language_choices, options
from marketplace.web.forms import PageForm


class InviteForm(PageForm):
    """Period, addresses (pasted, in a file, or both), language, and the declaration."""

    period_from = StringField(_l("First day"), widget=DateInput())
    period_to = StringField(_l("Last day"), widget=DateInput())
    addresses = TextAreaField(
        _l("Their email addresses"),
        description=_l("Enter one per line, or separate them with commas. We ignore any names next to them."),
    )
    file = FileField(
        _l("Or upload them as a CSV file"),
        description=_l(
            "We read the column “email” or, if there is none, the first column. We add what is in it "
            "to the list above."
        ),
    )
    language = SelectField(_l("Language of the email"), validate_choice=False)
    declared = BooleanField(
        _l(
            "This list includes every client from the period, not only the happy ones. Nobody was "
            "offered anything for a review."
        )
    )

    def offer_choices(self) -> None:
        """Fill the list of languages; on first sight the page's one is chosen."""
        spoken = address_language()
        self.language.choices = options(language_choices(interface_languages(), spoken))
        if not self.is_submitted():
            self.language.data = interface_language()

    def read(self) -> ClientList:
        """What was typed. What a file holds is put below what was pasted, so that the form brings it back: a browser sends
        no file twice. Raises `Invalid` for a file that cannot be read."""
        upload: Any = self.file.data
        if upload and getattr(upload, "filename", ""):
            found = text_of_file(upload.stream.read(FILE_BYTES + 1))
            self.addresses.data = "\n".join(
                text for text in ((self.addresses.data or "").strip(), found) if text
            )
        return ClientList(
            period_from=_day(self.period_from.data),
            period_to=_day(self.period_to.data),
            text=self.addresses.data or "",
            language=self.language.data or "",
            declared=bool(self.declared.data),
        )

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return list_problem(problem)


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat((typed or "").strip())
    except ValueError:
        return None
