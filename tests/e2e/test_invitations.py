"""A provider invites the clients of a period; one of them signs up from the mail, writes, and the review counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.deciding import open_queue
from tests.e2e.joining import confirm_address, sign_in, sign_up
from tests.e2e.reading import Experience, write_review
from tests.e2e.visitor import Visitor

PROVIDER, NAME = "casa-ocotillo", "Casa Ocotillo"
WIDTHS = {"desk": ("en", 100, "Invited"), "phone": ("es", 200, "Por invitación")}


@pytest.mark.parametrize("width", WIDTHS)
def test_an_invited_client_writes_a_review_that_counts(width: str, seat: Callable[..., Visitor]) -> None:
    language, ago, level = WIDTHS[width]
    provider, client, moderator = seat(width, language), seat(width, language), seat(width)
    email = f"clara.{width}@example.com"
    provider_invites(provider, email, ago)
    client_follows_the_mail(client, email)
    told = Experience(f"They told me each step before it came, and it all went as they said. {width}", "4200")
    write_review(client, told)
    moderator_publishes_what_waits(moderator)
    client.open("/account/reviews/")
    client.follow(client.page.locator(".review a.title-link").first)
    article = client.page.locator("article.review").filter(has_text=told.text)
    expect(article.locator("details.level summary")).to_have_text(level)
    expect(client.page.locator("a[href$='#invitations']")).to_be_visible()
    client.look("listing-with-invited")


def provider_invites(provider: Visitor, email: str, ago: int) -> None:
    provider.open(f"/manage/{PROVIDER}/invitations/")
    sign_in(provider, "provider@example.com")
    provider.look("invitations")
    provider.follow(provider.page.locator("a[href$='/invite/']").first)
    provider.look("invite-form", dark=True)
    first = datetime.now(UTC).date() - timedelta(days=ago)
    days = {"period_from": first.isoformat(), "period_to": (first + timedelta(days=40)).isoformat()}
    provider.fill(**days, addresses=f"Clara C. <{email}>\nno address\n{email}")
    provider.press("check")
    provider.expect_error_summary("declared")
    provider.look("invite-mistake", again=False)
    provider.page.locator("#declared").check()
    provider.press("check")
    expect(provider.page.locator("#plan-title")).to_be_focused()
    expect(provider.field("addresses")).to_have_value(f"Clara C. <{email}>\nno address\n{email}")
    provider.look("invite-plan", again=False)
    provider.press("send")
    expect(provider.page.locator("main [role='status']")).to_be_visible()
    provider.look("invitations-sent")


def moderator_publishes_what_waits(moderator: Visitor) -> None:
    moderator.open("/staff/")
    sign_in(moderator, "moderator@example.com")
    # The first item of the queue stands open, without a row of its own.
    opened = moderator.page.locator("#item-title").filter(has_text="Review").filter(has_text=NAME)
    waiting = moderator.page.locator(".queue-row a[href*='/staff/queue/review/']").filter(has_text=NAME)
    while opened.count() or waiting.count():
        if not opened.count():
            moderator.follow(waiting.last)
        moderator.press("publish")
        open_queue(moderator)
    moderator.site.deliver()  # a decision takes effect by a job


def client_follows_the_mail(client: Visitor, email: str) -> None:
    letter = next(letter for letter in client.site.deliver() if letter.to == email)
    assert letter.language == client.language
    client.page.goto(letter.link)
    client.look("invitation", dark=True)
    client.follow("main a[href*='/stop/']")
    client.look("invitation-stop")
    client.page.go_back()
    client.follow("main a[href*='/account/sign-in/']")
    sign_up(client, name="Clara C.", email=email)
    confirm_address(client, email)
    expect(client.page).to_have_url(re.compile("invitation="))
