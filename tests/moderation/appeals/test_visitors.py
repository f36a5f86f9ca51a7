from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.privacy.services import data_of
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.appeals.queries import APPEAL_WINDOW, appealing_flag
from marketplace.moderation.appeals.services import appeal_by_link, appealable_by_link
from marketplace.moderation.models import Appeal, Flag
from marketplace.moderation.reports.mails import APPEAL, CONFIRM, sign_flag
from tests.factories import NOON, make_user
from tests.moderation.appeals.test_services import LATER, TEXT, settle
from tests.moderation.deciding import subject_of
from tests.moderation.decisions.test_services import in_parallel
from tests.moderation.kinds.test_flags import body, move
from tests.moderation.reporting import READER, SECRET, reported, shown_review, unconfirmed
from tests.moderation.reports.test_services import confirm
from tests.refusals import refused

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]


def dismissed(email: str = READER) -> Flag:
    """The report of a visitor that a moderator dismissed."""
    flag = confirm(unconfirmed(shown_review(), email))
    move(flag, "dismiss", "opinion")
    return flag


def token_of(flag: Flag, use: str = APPEAL) -> str:
    return sign_flag(flag.id, flag.nonce, SECRET, use)


def appeal(flag: Flag, language: str = "es") -> Appeal:
    made = appeal_by_link(token_of(flag), text=TEXT, language=language, secret=SECRET, now=LATER)
    db.session.commit()
    return made


def test_a_visitor_appeals_once_against_a_dismissal(app: Flask) -> None:
    flag = dismissed()
    assert appealable_by_link(token_of(flag), secret=SECRET, now=LATER).subject_id == flag.id
    made = appeal(flag)
    assert (made.user_id, made.status, made.provider_id) == (None, "pending", flag.provider_id)
    assert (subject_of("appeal", made).asked_by("uphold"), appealing_flag(made)) == ("reader", flag)
    with refused(Conflict, "appeal_made"):
        appeal(flag)


@pytest.mark.parametrize(("action", "word"), [("uphold", " estimado"), ("dismiss", " desestimado")])
def test_the_outcome_goes_to_the_address_of_the_report_in_the_language_of_the_appeal(
    app: Flask, mailbox: Mailbox, action: str, word: str
) -> None:
    flag = dismissed()
    made, before = appeal(flag), len(mailbox())
    settle(made, action)
    db.session.commit()
    (mail,) = mailbox()[before:]
    assert mail["To"] == READER
    assert f"Tu recurso sobre {flag.provider.name}" in mail["Subject"]
    assert word in mail["Subject"]
    assert "We read it again" in body(mail)
    assert "/account/" not in body(mail)
    assert flag.status == ("pending" if action == "uphold" else "dismissed")


def test_an_upheld_appeal_s_report_is_decided_anew_and_its_second_dismissal_can_be_appealed(
    app: Flask, mailbox: Mailbox
) -> None:
    flag = dismissed()
    first = appeal(flag)
    settle(first, "uphold")
    db.session.commit()
    with pytest.raises(Conflict):
        appeal(flag)
    move(flag, "dismiss", "no_breach")
    assert [mail["To"] for mail in mailbox() if mail["Subject"] == "Your report was dismissed"] == [
        READER
    ] * 2
    assert appeal(flag).decision_id != first.decision_id


def test_an_appeal_comes_in_time_and_says_why(app: Flask) -> None:
    flag = dismissed()
    end = NOON + APPEAL_WINDOW
    assert appealable_by_link(token_of(flag), secret=SECRET, now=end - timedelta(seconds=1))
    with refused(Conflict, "appeal_late"):
        appeal_by_link(token_of(flag), text=TEXT, language="en", secret=SECRET, now=end)
    with refused(Invalid, "appeal_short"):
        appeal_by_link(token_of(flag), text="No.", language="en", secret=SECRET, now=LATER)


def test_forged_links_and_those_for_something_else_appeal_nothing(app: Flask) -> None:
    flag, member = dismissed(), reported(shown_review())
    move(member, "dismiss", "opinion")
    for token in (
        "x",
        token_of(flag, CONFIRM),
        sign_flag(flag.id, "guessed", SECRET, APPEAL),
        sign_flag(flag.id, flag.nonce, "other", APPEAL),
        sign_flag(member.id, flag.nonce, SECRET, APPEAL),
        sign_flag(member.id, "", SECRET, APPEAL),
        sign_flag(2**40, flag.nonce, SECRET, APPEAL),
    ):
        with refused(NotFound, "appeal_link_wrong"):
            appealable_by_link(token, secret=SECRET, now=LATER)
    flag.email = None
    db.session.commit()
    with pytest.raises(NotFound):
        appeal(flag)
    assert db.session.scalar(select(func.count(Appeal.id))) == 0


def test_what_was_upheld_or_waits_needs_no_appeal(app: Flask) -> None:
    flag = confirm(unconfirmed(shown_review()))
    for action, ground in ((None, ""), ("uphold", "same_text")):
        if action is not None:
            move(flag, action, ground)
        with refused(Conflict, "appeal_moot"):
            appeal(flag)


def test_of_two_clicks_at_once_one_appeals(app: Flask) -> None:
    token = token_of(dismissed())

    def click() -> None:
        appeal_by_link(token, text=TEXT, language="en", secret=SECRET, now=LATER)

    assert in_parallel(app, click, click) == ["Conflict", "done"]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Appeal.id))) == 1


def test_a_moderator_with_that_address_does_not_decide(app: Flask) -> None:
    made = appeal(dismissed())
    visitor = make_user("moderator", email=READER)
    with refused(NotAllowed, "own"):
        settle(made, "uphold", visitor)


def test_who_opens_an_account_with_that_address_finds_the_appeal_in_their_data(app: Flask) -> None:
    appeal(dismissed())
    appeal(dismissed("another@one.example"))
    sections = {section.code: section for section in data_of(make_user(email=READER))}
    assert len(sections["appeals"].rows) == 1


def test_nothing_is_mailed_to_an_address_that_was_erased(app: Flask, mailbox: Mailbox) -> None:
    flag = dismissed()
    made = appeal(flag)
    flag.email = None
    db.session.commit()
    before = len(mailbox())
    settle(made, "dismiss")
    db.session.commit()
    assert len(mailbox()) == before
