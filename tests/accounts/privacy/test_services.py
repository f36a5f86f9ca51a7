from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.services import as_file, data_of, erase_account, verify_owner
from marketplace.accounts.privacy.signals import account_erased
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.mail.queue import queue_mail
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.models import Flag
from marketplace.moderation.queue.items import load_item
from marketplace.providers.models import ProviderMember
from marketplace.reviews.models import Review, ReviewEdit, ReviewVersion
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.votes.models import ReviewVote
from tests.factories import NOON, PASSWORD, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.deciding import decide_now
from tests.reviews.asking import in_parallel
from tests.reviews.drafting import NEW
from tests.reviews.proving import instance, make_proof

WHY: dict[str, Any] = {"ground": "no_breach", "statement": "Nothing of it is there any more."}
NAME, ADDRESS = "Quirina Zambrano-Ott", "quirina.zambrano@example.net"


def leaver(**values: Any) -> User:
    return make_user(name=NAME, email=ADDRESS, **values)


def erase(user: User, *, take_down: bool = False) -> None:
    erase_account(user, take_down=take_down, now=NOON)
    db.session.commit()


def everywhere() -> str:
    """All text of the database."""
    found = []
    for table in db.metadatas[None].sorted_tables:
        found += [str(tuple(row)) for row in db.session.execute(select(table))]
    return "\n".join(found)


def test_a_copy_holds_what_is_theirs_and_nobody_else_s(app: Flask) -> None:
    user = leaver()
    mine = make_review(make_listing(make_topic()), user, text="Mine, and a good deal longer than that.")
    make_review(mine.listing, text="Somebody else's words about the same office.")
    db.session.add(
        ReviewVersion(review_id=mine.id, replaced_at=NOON, **_told(mine, "What I said before that."))
    )
    db.session.add(ReviewVote(review_id=mine.id, user_id=user.id, created_at=NOON))
    make_proof(mine)
    make_provider(user, name="Nopal y Norte")
    db.session.flush()
    copy = as_file(data_of(user))
    assert copy["account"][0]["email"] == ADDRESS
    assert [row["text"] for row in copy["reviews"]] == [mine.text]
    assert copy["reviews"][0]["experience_on"] == "2026-10-01"
    assert [row["text"] for row in copy["review_versions"]] == ["What I said before that."]
    assert len(copy["votes"]) == len(copy["proofs"]) == 1
    assert copy["providers"][0]["provider"] == "Nopal y Norte"
    assert "Somebody else" not in str(copy)
    assert "decisions" not in copy


def test_a_member_with_nothing_has_a_copy_too(app: Flask) -> None:
    copy = as_file(data_of(make_user()))
    assert copy["reviews"] == []
    assert "decisions" in as_file(data_of(make_user("moderator")))


def test_published_text_stays_without_the_name(app: Flask, mailbox: Callable[[], list[EmailMessage]]) -> None:
    user = leaver()
    shown = make_review(make_listing(make_topic()), user, network="0" * 64)
    waiting = make_review(make_listing(make_topic()), user, status="pending", published_at=None)
    gone = waiting.id
    db.session.add(ReviewEdit(review=shown, version=2, submitted_at=NOON, **_told(shown, NEW)))
    db.session.add(ReviewVersion(review_id=shown.id, replaced_at=NOON, **_told(shown, "Before.")))
    proof = make_proof(shown)
    path = instance() / "proofs" / proof.name
    assert path.is_file()
    recompute_ratings(shown.listing_id)
    queue_mail(ADDRESS, "account_erased", language="en")
    revision = shown.listing.topic.revision
    db.session.commit()
    erase(user)
    assert (shown.user_id, shown.status, shown.network, shown.edit) == (None, "published", None, None)
    assert shown.listing.review_count == 1
    assert shown.listing.topic.revision > revision
    assert db.session.get(Review, gone) is None
    assert db.session.scalars(select(ReviewVersion)).all() == []
    (last,) = mailbox()
    assert (last["To"], last["Subject"]) == (ADDRESS, "Your account has been deleted")
    assert not path.exists()
    assert db.session.scalars(select(Proof.deleted_at)).one() is not None


def test_published_text_goes_too_where_that_is_asked(app: Flask) -> None:
    user = leaver()
    review = make_review(make_listing(make_topic()), user, real_cost=5000, real_currency="EUR")
    listing = review.listing
    recompute_ratings(listing.id)
    erase(user, take_down=True)
    assert (review.status, review.text, review.real_cost, review.user_id) == ("withdrawn", "", None, None)
    assert (listing.review_count, listing.rating_sum) == (0, 0)


@pytest.mark.parametrize("status", ["published", "hidden", "rejected", "withdrawn"])
def test_other_people_s_reports_of_a_review_outlive_its_author(app: Flask, status: str) -> None:
    author, other = leaver(), make_user()
    review = make_review(make_listing(make_topic()), author, status=status, text=f"Words of {NAME} herself.")
    flag = make_flag(review, user_id=other.id)
    erase(author, take_down=True)
    assert db.session.get_one(Flag, flag).user_id == other.id
    assert NAME not in everywhere()
    subject = find_subject("flag", flag)
    assert load_item(subject).facts
    decide_now(
        "flag", flag, actor=make_user("moderator"), action="dismiss", version=subject.version, now=NOON, **WHY
    )


@pytest.mark.usefixtures("no_jobs")
def test_an_address_that_was_never_confirmed_is_somebody_else_s(
    app: Flask, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    flag = make_flag(make_review(make_listing(make_topic())), email=ADDRESS, name="Whose it is")
    queue_mail(ADDRESS, "account_erased", language="es")
    squatter = leaver(confirmed=False)
    assert as_file(data_of(squatter))["reports"] == []
    erase(squatter)
    kept = db.session.get_one(Flag, flag)
    assert (kept.email, kept.name) == (ADDRESS, "Whose it is")
    jobs = db.session.scalars(select(Job.payload)).all()
    assert [job["language"] for job in jobs] == ["es", "en"], "theirs, and the one that says it is done"


def test_a_report_sent_without_signing_in_is_in_the_copy(app: Flask) -> None:
    make_flag(make_review(make_listing(make_topic())), email=ADDRESS, name="Just me")
    (report,) = as_file(data_of(leaver()))["reports"]
    assert (report["email"], report["name"]) == (ADDRESS, "Just me")


def test_a_decision_that_waits_lapses_without_a_mail(
    app: Flask, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    user = leaver()
    review = make_review(make_listing(make_topic()), user, status="pending", published_at=None)
    decision = decide(
        "review", review.id, actor=make_user("moderator"), action="publish", version=1, now=NOON
    )
    erase(user)
    db.session.commit()
    assert not [message for message in mailbox() if "is published" in message["Subject"]]
    db.session.expire_all()
    assert decision.state == "lapsed"


def test_address_and_name_are_nowhere_afterwards(
    app: Flask, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    user = leaver()
    make_review(make_listing(make_topic()), user)
    provider = make_provider()
    values = {"subject": "provider", "provider_id": provider.id, "language": "en", "reason": "unlawful"}
    values |= {"explanation": "It is not licensed for this at all.", "created_at": NOON}
    db.session.add(Flag(**values, user_id=user.id))
    db.session.add(Flag(**values, email=ADDRESS, name=NAME))
    queue_mail(ADDRESS, "account_erased", language="en", name=NAME)
    db.session.commit()
    assert ADDRESS in everywhere()
    erase(user)
    mails = everywhere().count(ADDRESS)
    assert mails == 1, "the last mail, until it is sent and forgotten"
    assert NAME not in everywhere()
    assert len(db.session.scalars(select(Flag)).all()) == 2


def test_a_wrong_password_erases_nothing(app: Flask) -> None:
    user = leaver()
    with pytest.raises(Invalid):
        verify_owner(user, "not this one")
    with pytest.raises(Invalid):
        verify_owner(make_user(password=None), "")
    verify_owner(user, PASSWORD)


def test_who_has_gone_cannot_go_again(app: Flask) -> None:
    user = leaver()
    db.session.commit()
    db.session.execute(delete(User).execution_options(synchronize_session=False))
    with pytest.raises(NotFound):
        erase(user)


def test_the_last_admin_stays(app: Flask) -> None:
    admin = make_user("admin")
    with pytest.raises(Conflict):
        erase(admin)
    db.session.rollback()
    admin = make_user("admin")
    make_user("admin")
    erase(admin)


def test_the_only_member_of_a_provider_that_is_seen_stays(app: Flask) -> None:
    user = leaver()
    listing = make_listing(make_topic(), make_provider(user))
    db.session.commit()
    with pytest.raises(Conflict) as caught:
        erase(user)
    assert caught.value.details["name"] == listing.provider.name
    db.session.rollback()
    listing.status = "withdrawn"
    erase(user)
    assert listing.provider.members == []


def test_what_a_feature_raises_leaves_everything(app: Flask) -> None:
    user = leaver()
    review = make_review(make_listing(make_topic()), user)
    proof = make_proof(review)
    db.session.commit()

    def refuse(sender: object, **_: object) -> None:
        raise Conflict("only_member", name="X")

    with account_erased.connected_to(refuse), pytest.raises(Conflict):
        erase(user, take_down=True)
    db.session.rollback()
    assert (review.user_id, review.status) == (user.id, "published")
    assert (instance() / "proofs" / proof.name).is_file()


def test_the_same_address_may_begin_anew_and_owns_nothing(app: Flask) -> None:
    user = leaver()
    make_review(make_listing(make_topic()), user)
    erase(user)
    assert as_file(data_of(leaver()))["reviews"] == []


def make_flag(review: Review, **values: Any) -> int:
    flag = Flag(
        subject="review",
        review_id=review.id,
        provider_id=review.listing.provider_id,
        language="en",
        reason="unlawful",
        explanation="It says what nobody may say of anybody.",
        created_at=NOON,
        submitted_at=NOON,
        **values,
    )
    db.session.add(flag)
    db.session.flush()
    return flag.id


def _told(review: Review, text: str) -> dict[str, Any]:
    names = ("rating", "language", "experience_on", "outcome")
    return {**{name: getattr(review, name) for name in names}, "text": text}


def test_of_two_last_admins_who_go_at_once_one_stays(app: Flask) -> None:
    admins = [make_user("admin").id, make_user("admin").id]
    db.session.commit()
    results = in_parallel(app, *(lambda number=number: leave(number) for number in admins))
    assert sorted(map(str, results)) == ["None", "last_admin"]


def test_of_two_members_who_go_at_once_one_stays(app: Flask) -> None:
    members = [make_user(), make_user()]
    provider = make_provider(members[0])
    db.session.add(ProviderMember(provider_id=provider.id, user_id=members[1].id, created_at=NOON))
    make_listing(make_topic(), provider)
    ids = [member.id for member in members]
    db.session.commit()
    results = in_parallel(app, *(lambda number=number: leave(number) for number in ids))
    assert sorted(map(str, results)) == ["None", "only_member"]


def leave(user_id: int) -> None:
    erase_account(db.session.get_one(User, user_id), take_down=False, now=NOON)
