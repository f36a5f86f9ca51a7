from __future__ import annotations

from flask import Flask

from marketplace.core.errors import Invalid
from marketplace.reviews.replies.forms import ReplyForm, WithdrawForm
from marketplace.reviews.replies.services import ReplyRefused
from tests.factories import make_reply
from tests.reviews.answering import make_case


def test_the_form_begins_with_what_was_sent_last_and_its_version(app: Flask) -> None:
    reply = make_reply(make_case().review, language="fr", version=3)
    with app.test_request_context():
        form = ReplyForm()
        form.offer(reply, ("en", "es"))
        assert (form.text.data, form.language.data, form.version.data) == (reply.text, "fr", 3)
        assert {choice.value for choice in form.language.choices} == {"en", "es", "fr"}
        fresh = ReplyForm()
        fresh.offer(None, ("es",))
        assert (fresh.text.data, fresh.language.data, fresh.version.data) == ("", "en", 0)


def test_what_was_withdrawn_is_not_offered_again(app: Flask) -> None:
    reply = make_reply(make_case().review, status="withdrawn")
    with app.test_request_context():
        form = ReplyForm()
        form.offer(reply, ("en",))
        assert form.text.data == ""


def test_refusals_stand_beside_their_fields(app: Flask) -> None:
    with app.test_request_context():
        form = ReplyForm()
        problems = (Invalid("text_long", "text", most=2000), Invalid("language_unknown", "language"))
        form.show_refusal(ReplyRefused(problems))
        assert form.text.errors == ["Enter 2000 characters or fewer"]
        assert form.language.errors == ["Choose the language you wrote in"]
        assert WithdrawForm().version.data is None
