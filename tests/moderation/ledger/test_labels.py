from __future__ import annotations

from flask import Flask

from marketplace.moderation.ledger.labels import asker_word, ledger_kind
from marketplace.moderation.models import AskedBy
from tests.moderation.deciding import KINDS


def test_every_code_has_its_words(app: Flask) -> None:
    with app.test_request_context():
        assert len({ledger_kind(kind) for kind in KINDS}) == len(KINDS)
        assert len({asker_word(asked) for asked in AskedBy}) == len(AskedBy)
