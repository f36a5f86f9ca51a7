from __future__ import annotations

from flask import Flask

from marketplace.core.errors import Conflict, Invalid
from marketplace.reviews.replies.labels import reply_problem_words, reply_status_words


def test_refusals_speak_of_replies_and_say_what_was_found(app: Flask) -> None:
    with app.test_request_context():
        said = reply_problem_words(Invalid("reply_contact_details", "text", found="a@b.example"))
        assert said == "Remove “a@b.example”. Replies cannot include contact details or links"
        short = reply_problem_words(Invalid("text_short", "text", least=10, length=4))
        assert short == "Enter at least 10 characters. You need 6 more"
        assert "Someone from your provider has replied in the meantime" in reply_problem_words(
            Conflict("reply_exists")
        )


def test_every_status_has_its_word(app: Flask) -> None:
    with app.test_request_context():
        statuses = ("pending", "published", "rejected", "hidden", "withdrawn")
        assert len({reply_status_words(status) for status in statuses}) == len(statuses)
