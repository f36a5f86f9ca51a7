from __future__ import annotations

import pytest

from marketplace.moderation.reports.mails import APPEAL, LONGEST_TOKEN, new_nonce, read_flag_token, sign_flag
from marketplace.reviews.invitations.tokens import sign_invite

SECRET = "one secret"


def test_a_link_names_its_report() -> None:
    assert read_flag_token(sign_flag(7, "nonce", SECRET), SECRET) == (7, "nonce")


@pytest.mark.parametrize("token", ["", "x", "WzEsIm4iXQ.x", "a" * (LONGEST_TOKEN + 1)])
def test_what_we_did_not_sign_is_nothing(token: str) -> None:
    assert read_flag_token(token, SECRET) is None


def test_other_secrets_other_links_and_changed_letters_are_nothing() -> None:
    token = sign_flag(7, "nonce", SECRET)
    assert read_flag_token(token, "another secret") is None
    assert read_flag_token(sign_invite(7, "nonce", SECRET), SECRET) is None
    assert read_flag_token(token[:-1], SECRET) is None
    assert read_flag_token("W" + token, SECRET) is None


def test_a_link_to_confirm_is_none_to_appeal() -> None:
    confirming, appealing = sign_flag(7, "nonce", SECRET), sign_flag(7, "nonce", SECRET, APPEAL)
    assert read_flag_token(appealing, SECRET, APPEAL) == (7, "nonce")
    assert read_flag_token(confirming, SECRET, APPEAL) is None
    assert read_flag_token(appealing, SECRET) is None


def test_no_two_nonces_are_the_same() -> None:
    assert len({new_nonce() for _ in range(100)}) == 100
