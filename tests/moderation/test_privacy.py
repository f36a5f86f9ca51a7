from __future__ import annotations

from flask import Flask

from marketplace.accounts.privacy.signals import export_requested
from marketplace.moderation import privacy as own_data
from tests.factories import make_user


def test_it_answers_with_sections_of_its_own(app: Flask) -> None:
    answers = dict(export_requested.send(None, user=make_user("moderator")))
    (sections,) = [found for receiver, found in answers.items() if receiver.__module__ == own_data.__name__]
    assert sections
    assert len({section.code for section in sections}) == len(sections)
