"""Forms: a page that grew old comes back with what was typed; a service's refusal stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, render_template_string
from wtforms import StringField
from wtforms.validators import Length

from marketplace.web.forms import PageForm
from marketplace.web.security import access
from tests.clients import Client

PAGE = """{% extends "layouts/private.html" %}{% from "macros/forms.html" import error_summary, text_field %}
{% block title %}Paper{% endblock %}
{% block page %}<h1>Paper</h1><form method="post">{{ error_summary(form) }}{{ form.hidden_tag() }}
{{ text_field(form.paper) }}<button class="btn btn-primary">Send</button></form>{% endblock %}"""


class PaperForm(PageForm):
    paper = StringField("Paper", validators=[Length(max=20)])


def serving(make_app: Callable[..., Flask]) -> Client:
    app = make_app()

    def view() -> Any:
        form = PaperForm()
        if form.validate_on_submit():
            if form.paper.data == "taken":
                form.refuse("paper", "Somebody has this paper.")
            elif form.paper.data == "never":
                form.refuse(None, "Papers are closed.")
            else:
                return "", 303, {"Location": "/"}
        return render_template_string(PAGE, form=form), 422 if form.errors else 200

    app.add_url_rule("/probe/", "probe", access("open")(view), methods=["GET", "POST"])
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def test_a_form_of_its_own_page_passes(make_app: Callable[..., Flask]) -> None:
    assert serving(make_app).submit("/probe/", {"paper": "Form 30"}).status_code == 303


def test_a_form_without_a_token_comes_back_with_what_was_typed(make_app: Callable[..., Flask]) -> None:
    client = serving(make_app)
    response = client.post("/probe/", data={"paper": "Form 30"})
    assert response.status_code == 422
    text = response.get_data(as_text=True)
    assert "open for too long" in text
    assert 'value="Form 30"' in text


def test_the_form_that_comes_back_can_be_sent(make_app: Callable[..., Flask]) -> None:
    client = serving(make_app)
    client.submit("/probe/", {"paper": "Form 30"})
    client.delete_cookie("session")
    assert client.post("/probe/", data={"paper": "Form 30", "csrf_token": "old"}).status_code == 422
    assert client.submit("/probe/", {"paper": "Form 30"}).status_code == 303


def test_a_token_of_another_session_is_refused(make_app: Callable[..., Flask]) -> None:
    app_client, stranger = serving(make_app), serving(make_app)
    token = stranger.page("/probe/").one("input", name="csrf_token").get("value")
    app_client.page("/probe/")
    response = app_client.post("/probe/", data={"paper": "x", "csrf_token": token})
    assert response.status_code == 422
    assert "open for too long" in response.get_data(as_text=True)


def test_a_refusal_stands_beside_its_field_and_in_the_summary(make_app: Callable[..., Flask]) -> None:
    text = serving(make_app).submit("/probe/", {"paper": "taken"}).get_data(as_text=True)
    assert text.count("Somebody has this paper.") == 2
    assert 'href="#paper"' in text


def test_a_refusal_of_the_whole_form_stands_in_the_summary(make_app: Callable[..., Flask]) -> None:
    assert (
        serving(make_app)
        .submit("/probe/", {"paper": "never"})
        .get_data(as_text=True)
        .count("Papers are closed.")
        == 1
    )
