"""The provider's one public answer to a review: writing, editing and withdrawing it, and what moderators do to it.

What a moderator let through last stays shown while an edit of it waits or is refused. A change that shows raises the
revisions of the listing's topic and provider in the same transaction. Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.locking import NO_KEY_UPDATE
from marketplace.i18n.languages import is_language_tag
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.providers.membership import require_member
from marketplace.providers.models import ProviderStatus
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply, ReplyVersion
from marketplace.text.clean import tidy
from marketplace.text.contacts import find_contacts

REPLY_LENGTH = (10, 2000)


class ReplyRefused(InvalidFields):
    """A reply breaks rules: `problems` are all of them with their details."""


def write_reply(review: Review, *, actor: User, text: str, language: str, now: datetime) -> Reply:
    """Answer a published review; the reply waits for a moderator.

    Raises `NotFound` for strangers and where the review is not shown, `NotAllowed` (`address_unconfirmed`,
    `provider_suspended`, `provider_not_active`), `ReplyRefused`, and `Conflict` (`reply_exists`) where somebody of the
    provider answered already.
    """
    check_may_reply(review, actor)
    text = check_reply(text, language)
    db.session.refresh(
        review, with_for_update=NO_KEY_UPDATE
    )  # one after the other: the second finds the first's
    if review.status != "published":
        raise NotFound
    if reply_to(review.id) is not None:
        raise Conflict("reply_exists")
    reply = Reply(
        review_id=review.id,
        provider_id=review.listing.provider_id,
        user_id=actor.id,
        text=text,
        language=language,
        status="pending",
        submitted_at=now,
    )
    db.session.add(reply)
    db.session.flush()
    return reply


def edit_reply(reply: Reply, *, actor: User, text: str, language: str, version: int, now: datetime) -> Reply:
    """Send other words, which wait for a moderator; going back to what is shown waits for nobody.

    `version` is the one that was read. Raises what `write_reply` raises for the person and the text, `Conflict` (`changed`)
    where it changed meanwhile, `Invalid` (`reply_unchanged`) where it is what was refused.
    """
    check_may_reply(reply.review, actor)
    text = check_reply(text, language)
    db.session.refresh(reply, with_for_update=NO_KEY_UPDATE)
    if reply.version != version:
        raise Conflict("changed", version=reply.version)
    if (text, language) == (reply.text, reply.language):
        if reply.status in ("rejected", "hidden"):
            raise Invalid("reply_unchanged", "text")
        if reply.status in ("pending", "published"):
            return reply
    if not reply.is_shown:
        _begin_anew(reply, now)
    as_shown = (text, language) == (reply.shown_text, reply.shown_language)
    reply.text, reply.language, reply.user_id = text, language, actor.id
    reply.status = "published" if as_shown else "pending"
    reply.note = ""
    reply.submitted_at = now
    _changed(reply)
    return reply


def withdraw_reply(reply: Reply, *, actor: User, version: int, now: datetime) -> None:
    """Take the reply back. Raises `NotFound` for strangers, `NotAllowed` as `write_reply`, `Conflict` where it changed
    meanwhile or is withdrawn."""
    require_member(actor, reply.provider)
    db.session.refresh(reply, with_for_update=NO_KEY_UPDATE)
    if reply.version != version or reply.status == "withdrawn":
        raise Conflict("changed", version=reply.version)
    shown = reply.is_shown
    reply.status = "withdrawn"
    _changed(reply)
    if shown:
        _show_change(reply)


def publish_reply(reply: Reply, *, now: datetime) -> None:
    """Show what waits in place of what was shown before, which is kept. Raises `Conflict` from any other status."""
    _expect(reply, "pending")
    if reply.shown_text is not None:
        _keep_version(reply, now)
    if reply.published_at is None:
        reply.published_at = now
    else:
        reply.edited_at = now
    reply.shown_text, reply.shown_language = reply.text, reply.language
    reply.status = "published"
    reply.note = ""
    _changed(reply)
    _show_change(reply)


def reject_reply(reply: Reply, *, note: str, now: datetime) -> None:
    """Turn down what waits; what was shown before stays. `note` is the statement that the provider reads. Raises `Conflict`
    from any other status."""
    _expect(reply, "pending")
    reply.status = "rejected"
    reply.note = note
    _changed(reply)


def hide_reply(reply: Reply, *, note: str, now: datetime) -> None:
    """Take a shown reply out of sight; `note` is the statement that the provider reads. An edit that was refused goes, one
    that waits is kept. Raises `Conflict` where nothing is shown."""
    if not reply.is_shown or reply.shown_text is None or reply.shown_language is None:
        raise Conflict("reply_status", status=reply.status)
    if reply.status == "rejected":
        reply.text, reply.language = reply.shown_text, reply.shown_language
    reply.status = "hidden"
    reply.note = note
    _changed(reply)
    _show_change(reply)


def restore_reply(reply: Reply, *, now: datetime) -> None:
    """Show a hidden reply again as it was; an edit that had waited waits again. Raises `Conflict` from any other status."""
    _expect(reply, "hidden")
    is_whole = (reply.text, reply.language) == (reply.shown_text, reply.shown_language)
    reply.status = "published" if is_whole else "pending"
    reply.note = ""
    _changed(reply)
    _show_change(reply)


def check_may_reply(review: Review, actor: User) -> None:
    """Raise what `write_reply` would raise for this person and review."""
    provider = review.listing.provider
    require_member(actor, provider)
    if provider.status != ProviderStatus.ACTIVE:
        raise NotAllowed("provider_not_active")
    if review.status != "published":
        raise NotFound


def check_reply(text: str, language: str) -> str:
    """The text as it is kept. Raises `ReplyRefused` with everything wrong with it."""
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
        raise ReplyRefused(tuple(problems))
    return text


def reply_to(review_id: int) -> Reply | None:
    """The reply to a review, whatever became of it."""
    return db.session.scalar(db.select(Reply).where(Reply.review_id == review_id))


def _begin_anew(reply: Reply, now: datetime) -> None:
    """What was hidden or withdrawn does not come back into sight by an edit: it becomes an earlier version."""
    if reply.shown_text is not None:
        _keep_version(reply, now)
        reply.shown_text = reply.shown_language = None
    if reply.status == "withdrawn":  # what is written now is another reply
        reply.published_at = reply.edited_at = None


def _keep_version(reply: Reply, now: datetime) -> None:
    db.session.add(
        ReplyVersion(reply_id=reply.id, text=reply.shown_text, language=reply.shown_language, replaced_at=now)
    )


def _expect(reply: Reply, *statuses: str) -> None:
    if reply.status not in statuses:
        raise Conflict("reply_status", status=reply.status)


def _changed(reply: Reply) -> None:
    reply.version += 1
    db.session.flush()


def _show_change(reply: Reply) -> None:
    invalidate_listing_pages(reply.listing)
