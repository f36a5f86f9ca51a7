from __future__ import annotations

from marketplace.core.links import sign_link
from marketplace.moderation.reports.mails import APPEAL, read_flag_token, sign_flag
from marketplace.reviews.invitations.accepting import LINK_PURPOSE

SECRET = "one secret"


def test_a_link_names_its_report() -> None:
    assert read_flag_token(sign_flag(7, "nonce", SECRET), SECRET) == (7, "nonce")


def test_a_link_for_an_invitation_confirms_no_report() -> None:
    invitation = sign_link(7, "nonce", purpose=LINK_PURPOSE, secret=SECRET)
    assert read_flag_token(invitation, SECRET) is None


def test_a_link_to_confirm_is_none_to_appeal() -> None:
    confirming, appealing = sign_flag(7, "nonce", SECRET), sign_flag(7, "nonce", SECRET, APPEAL)
    assert read_flag_token(appealing, SECRET, APPEAL) == (7, "nonce")
    assert read_flag_token(confirming, SECRET, APPEAL) is None
    assert read_flag_token(appealing, SECRET) is None
