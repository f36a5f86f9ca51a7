"""The provider's one public reply to a review: writing, editing and withdrawing it, and what moderators do to it.

The published text stays visible while an edit of it is pending or rejected. A visible change invalidates the listing's pages
in the same transaction. Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.i18n.languages import is_language_tag
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.providers.membership import require_member
from marketplace.providers.models import ProviderStatus
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.replies.models import Reply, ReplyStatus, ReplyVersion
from marketplace.text.clean import tidy
from marketplace.text.contacts import find_contacts

REPLY_LENGTH = (10, 2000)


def write_reply(review: Review, *, actor: User, text: str, language: str, now: datetime) -> Reply:
    """Create a pending reply to a published review.

    Raises `NotFound` for strangers and where the review is not shown, `NotAllowed` (`address_unconfirmed`,
    `provider_suspended`, `provider_not_active`), `InvalidFields`, and `Conflict` (`reply_exists`) where another member
    replied already.
    """
    check_may_reply(review, actor)
    text = check_reply(text, language)
    lock_row(review)  # of two replies at once, the second finds the first
    if review.status != ReviewStatus.PUBLISHED:
        raise NotFound
    if reply_to(review.id) is not None:
        raise Conflict("reply_exists")
    reply = Reply(
        review_id=review.id,
        provider_id=review.listing.provider_id,
        user_id=actor.id,
        text=text,
        language=language,
        status=ReplyStatus.PENDING,
        submitted_at=now,
    )
    db.session.add(reply)
    db.session.flush()
    return reply


def edit_reply(reply: Reply, *, actor: User, text: str, language: str, version: int, now: datetime) -> Reply:
    """Change a reply; the change is pending unless it restores the published text.

    `version` is the one on the page. Raises what `write_reply` raises for the person and the text, `Conflict` (`changed`)
    where it changed meanwhile, `Invalid` (`reply_unchanged`) where it is what was refused.
    """
    check_may_reply(reply.review, actor)
    text = check_reply(text, language)
    lock_row(reply)
    if reply.version != version:
        raise Conflict("changed", version=reply.version)
    if (text, language) == (reply.text, reply.language):
        if reply.status in (ReplyStatus.REJECTED, ReplyStatus.HIDDEN):
            raise Invalid("reply_unchanged", "text")
        if reply.status in (ReplyStatus.PENDING, ReplyStatus.PUBLISHED):
            return reply
    if not reply.is_shown:
        _begin_anew(reply, now)
    as_shown = (text, language) == (reply.shown_text, reply.shown_language)
    reply.text, reply.language, reply.user_id = text, language, actor.id
    reply.status = ReplyStatus.PUBLISHED if as_shown else ReplyStatus.PENDING
    reply.note = ""
    reply.submitted_at = now
    _changed(reply)
    return reply


def withdraw_reply(reply: Reply, *, actor: User, version: int, now: datetime) -> None:
    """Withdraw the reply. Raises `NotFound` for strangers, `NotAllowed` as `write_reply`, `Conflict` where it changed
    meanwhile or is withdrawn."""
    require_member(actor, reply.provider)
    lock_row(reply)
    if reply.version != version or reply.status == ReplyStatus.WITHDRAWN:
        raise Conflict("changed", version=reply.version)
    shown = reply.is_shown
    reply.status = ReplyStatus.WITHDRAWN
    _changed(reply)
    if shown:
        _show_change(reply)


def publish_reply(reply: Reply, *, now: datetime) -> None:
    """Publish a pending reply; the text it replaces is kept. Raises `Conflict` from any other status."""
    _expect(reply, ReplyStatus.PENDING)
    if reply.shown_text is not None:
        _keep_version(reply, now)
    if reply.published_at is None:
        reply.published_at = now
    else:
        reply.edited_at = now
    reply.shown_text, reply.shown_language = reply.text, reply.language
    reply.status = ReplyStatus.PUBLISHED
    reply.note = ""
    _changed(reply)
    _show_change(reply)


def reject_reply(reply: Reply, *, note: str, now: datetime) -> None:
    """Reject a pending reply; a published text stays. `note` is the statement for the provider. Raises `Conflict` from any
    other status."""
    _expect(reply, ReplyStatus.PENDING)
    reply.status = ReplyStatus.REJECTED
    reply.note = note
    _changed(reply)


def hide_reply(reply: Reply, *, note: str, now: datetime) -> None:
    """Hide a visible reply; `note` is the statement for the provider. A rejected edit is dropped, a pending one kept. Raises
    `Conflict` where nothing is visible."""
    if not reply.is_shown or reply.shown_text is None or reply.shown_language is None:
        raise Conflict("reply_status", status=reply.status)
    if reply.status == ReplyStatus.REJECTED:
        reply.text, reply.language = reply.shown_text, reply.shown_language
    reply.status = ReplyStatus.HIDDEN
    reply.note = note
    _changed(reply)
    _show_change(reply)


def restore_reply(reply: Reply, *, now: datetime) -> None:
    """Show a hidden reply again; its edit, if any, is pending again. Raises `Conflict` from any other status."""
    _expect(reply, ReplyStatus.HIDDEN)
    is_whole = (reply.text, reply.language) == (reply.shown_text, reply.shown_language)
    reply.status = ReplyStatus.PUBLISHED if is_whole else ReplyStatus.PENDING
    reply.note = ""
    _changed(reply)
    _show_change(reply)


def check_may_reply(review: Review, actor: User) -> None:
    """Raise what `write_reply` would raise for this person and review."""
    provider = review.listing.provider
    require_member(actor, provider)
    if provider.status != ProviderStatus.ACTIVE:
        raise NotAllowed("provider_not_active")
    if review.status != ReviewStatus.PUBLISHED:
        raise NotFound


def check_reply(text: str, language: str) -> str:
    """The text as it is stored. Raises `InvalidFields` with everything wrong with it."""
    text = tidy(text)
    least, most = REPLY_LENGTH
    problems = []
    if len(text) < least:
        problems.append(Invalid("text_short", "text", least=least, length=len(text)))
    elif len(text) > most:
        problems.append(Invalid("text_long", "text", most=most, length=len(text)))
    elif found := find_contacts(text):
        problems.append(Invalid("reply_contact_details", "text", found=found[0].text))
    if not is_language_tag(language):
        problems.append(Invalid("language_unknown", "language"))
    if problems:
        raise InvalidFields(problems)
    return text


def reply_to(review_id: int) -> Reply | None:
    """The reply to a review, of any status."""
    return db.session.scalar(db.select(Reply).where(Reply.review_id == review_id))


def _begin_anew(reply: Reply, now: datetime) -> None:
    """Keep a hidden or withdrawn text as an earlier version: an edit must not bring it back."""
    if reply.shown_text is not None:
        _keep_version(reply, now)
        reply.shown_text = reply.shown_language = None
    if reply.status == ReplyStatus.WITHDRAWN:  # the new text is another reply
        reply.published_at = reply.edited_at = None


def _keep_version(reply: Reply, now: datetime) -> None:
    db.session.add(
        ReplyVersion(reply_id=reply.id, text=reply.shown_text, language=reply.shown_language, replaced_at=now)
    )


def _expect(reply: Reply, *statuses: ReplyStatus) -> None:
    if reply.status not in statuses:
        raise Conflict("reply_status", status=reply.status)


def _changed(reply: Reply) -> None:
    reply.version += 1
    db.session.flush()


def _show_change(reply: Reply) -> None:
    invalidate_listing_pages(reply.listing)
