from __future__ import annotations

from flask import Flask

from marketplace.core.errors import Conflict, Invalid, InvalidFields
from marketplace.reviews.replies.forms import STATUS_LABELS, ReplyForm, WithdrawForm, reply_problem_message
from marketplace.reviews.replies.models import ReplyStatus
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
        form.show_refusal(InvalidFields(problems))
        assert form.text.errors == ["Enter 2000 characters or fewer"]
        assert form.language.errors == ["Choose the language you wrote in"]
        assert WithdrawForm().version.data is None


def test_refusals_speak_of_replies_and_say_what_was_found(app: Flask) -> None:
    with app.test_request_context():
        said = reply_problem_message(Invalid("reply_contact_details", "text", found="a@b.example"))
        assert said == "Remove “a@b.example”. Replies cannot include contact details or links"
        short = reply_problem_message(Invalid("text_short", "text", least=10, length=4))
        assert short == "Enter at least 10 characters. You need 6 more"
        assert "Someone from your provider has replied in the meantime" in reply_problem_message(
            Conflict("reply_exists")
        )


def test_every_status_has_its_word(app: Flask) -> None:
    with app.test_request_context():
        statuses = tuple(ReplyStatus)
        assert len({str(STATUS_LABELS[status]) for status in statuses}) == len(statuses)
