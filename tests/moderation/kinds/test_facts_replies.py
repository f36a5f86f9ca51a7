from __future__ import annotations

from flask import Flask, g

from marketplace.moderation.kinds.facts_replies import reply_facts
from tests.moderation.waiting import waiting_reply


def test_a_new_reply_stands_alone_and_an_edit_beside_what_is_shown(app: Flask) -> None:
    with app.test_request_context():
        g.language = "es"
        fresh = {fact.code: (fact.value, fact.old) for fact in reply_facts(waiting_reply())}
        assert fresh["language"] == ("inglés", None)
        assert fresh["text"][1] is None
        edit = waiting_reply(text="Other words.", shown_text="What was said.", shown_language="es")
        changed = {fact.code: (fact.value, fact.old) for fact in reply_facts(edit)}
        assert changed == {"text": ("Other words.", "What was said."), "language": ("inglés", "español")}
