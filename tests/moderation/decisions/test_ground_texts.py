from __future__ import annotations

from flask import Flask

from marketplace.moderation.decisions import ground_texts
from marketplace.moderation.decisions.ground_texts import Ground
from marketplace.moderation.decisions.grounds import GROUNDS, LATER_GROUNDS
from marketplace.moderation.models import STATEMENT_LENGTH


def test_every_ground_is_in_use_with_words_of_its_own(app: Flask) -> None:
    known = [value for value in vars(ground_texts).values() if isinstance(value, Ground)]
    offered = {id(ground) for grounds in (*GROUNDS.values(), *LATER_GROUNDS.values()) for ground in grounds}
    assert {id(ground) for ground in known} == offered
    least, most = STATEMENT_LENGTH
    with app.test_request_context():
        assert all(str(ground.label) and least <= len(str(ground.draft)) <= most for ground in known)
        assert len({str(ground.draft) for ground in known}) == len(known)
