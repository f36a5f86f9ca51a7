"""Pure: the signed links by which a visitor without an account confirms a report, or appeals against its dismissal.

How long a link works is for the report's row to say.
"""

from __future__ import annotations

from marketplace.core.links import read_link, sign_link

CONFIRM = "marketplace.report"
APPEAL = "marketplace.report.appeal"


def sign_flag(flag_id: int, nonce: str, secret: str, use: str = CONFIRM) -> str:
    """The token of a link."""
    return sign_link(flag_id, nonce, purpose=use, secret=secret)


def read_flag_token(token: str, secret: str, use: str = CONFIRM) -> tuple[int, str] | None:
    """The report's id and nonce; None unless the token was signed for this use."""
    return read_link(token, purpose=use, secret=secret)
