"""The form that rejects spam: one ground for all that is ticked. The ticks are read by the view."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from marketplace.core.errors import Refusal
from marketplace.moderation.bulk.labels import refusal_words
from marketplace.moderation.decisions.grounds import SPAM_GROUNDS
from marketplace.web.fields import options
from marketplace.web.forms import PageForm


class SpamForm(PageForm):
    """One ground out of the short list; the first is chosen already."""

    ground = RadioField(_l("Ground"), validate_choice=False, default=SPAM_GROUNDS[0].code)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.ground.choices = options((ground.code, ground.label) for ground in SPAM_GROUNDS)

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return refusal_words(problem.code)
