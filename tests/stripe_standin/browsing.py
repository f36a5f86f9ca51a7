"""A browser without pictures: follows no redirect, and checks each page."""

from __future__ import annotations

import http.client
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.pages import Page, lint


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def page(self) -> Page:
        """The page, which keeps the rules of all pages."""
        problems = lint(self.text)
        assert not problems, "\n".join(problems)
        return Page(self.text)


def visit(address: str, form: dict[str, str] | None = None) -> Answer:
    """Fetch a page, or press a button of its form."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.netloc), timeout=20)
    body = None if form is None else urlencode(form)
    headers = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("GET" if form is None else "POST", parts.path, body, headers)
    answer = connection.getresponse()
    found = Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
    connection.close()
    return found
