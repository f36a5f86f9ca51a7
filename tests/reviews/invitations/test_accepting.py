from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, enqueue
from marketplace.core.links import sign_link
from marketplace.listings.models import Listing
from marketplace.providers.models import ProviderMember
from marketplace.reviews.invitations.accepting import (
    INVITATION_TTL,
    LINK_PURPOSE,
    confirm_review,
    counted_review,
    find_invite,
    invite_for,
    link_token,
    mail_keys,
    open_invite,
    opt_out,
    recompute_invited,
    returned_invite,
    use_invite,
)
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.models import Invite, InviteOptOut
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.writing.services import reject_review, withdraw_review, write_review
from tests.factories import NOON, make_listing, make_provider, make_review, make_user
from tests.moderation.deciding import decide_now
from tests.refusals import refused
from tests.reviews.asking import OCTOBER, SEPTEMBER, ask, in_parallel, invite_of, invited, offered, secret
from tests.reviews.drafting import TEXT, draft, write

Asked = tuple[Listing, User, str]


@pytest.fixture
def asked(app: Flask) -> Asked:
    """A listing, a client of it, and the token of the client's link."""
    (listing, _), author = offered(), make_user()
    return listing, author, invited(listing, author.email)


def code_of(call: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def opened(token: str, now: Any = NOON) -> Invite:
    return open_invite(token, secret=secret(), now=now)


def mine(token: str, author: User, **values: Any) -> Invite:
    return invite_for(token, author=author, secret=secret(), now=NOON, **values)


def raised(token: str, author: User) -> Review:
    return confirm_review(token, author=author, secret=secret(), now=NOON)


def test_a_client_writes_with_the_invitation_and_it_counts_once_published(asked: Asked) -> None:
    listing, author, token = asked
    topic = listing.topic.revision
    review = write(listing, author, invite=mine(token, author, listing_id=listing.id))
    db.session.commit()
    invite = invite_of(author.email)
    assert (review.level, review.status) == ("invited", "pending")
    assert (invite.state, invite.review_id, invite.used_at, invite.address) == ("used", review.id, NOON, None)
    assert (listing.answered_count, listing.review_count) == (1, 0)
    assert listing.topic.revision > topic
    moderator = make_user("moderator")
    decide_now("review", review.id, actor=moderator, action="publish", version=review.version, now=NOON)
    db.session.commit()
    assert (review.status, review.level, listing.review_count) == ("published", "invited", 1)


def test_a_used_link_works_no_more(asked: Asked) -> None:
    listing, author, token = asked
    write(listing, author, invite=mine(token, author))
    assert code_of(lambda: mine(token, author)) == "used"


def test_another_address_cannot_use_it(asked: Asked) -> None:
    _, _, token = asked
    assert code_of(lambda: mine(token, make_user())) == "other_address"
    assert code_of(lambda: mine(token, make_user("admin"))) == "other_address"


def test_an_address_that_is_not_confirmed_cannot_use_it(app: Flask) -> None:
    (listing, _), author = offered(), make_user(confirmed=False)
    assert code_of(lambda: mine(invited(listing, author.email), author)) == "unconfirmed"


def test_it_is_for_its_own_listing(asked: Asked) -> None:
    _, author, token = asked
    with pytest.raises(NotFound):
        mine(token, author, listing_id=offered()[0].id)


def test_a_forged_or_edited_link_is_not_ours(app: Flask) -> None:
    listing, _ = offered()
    token = invited(listing, "a@one.example")
    invite = invite_of("a@one.example")
    forged = (
        token[:-1],
        token + "x",
        sign_link(invite.id, invite.nonce, purpose=LINK_PURPOSE, secret="a guessed secret"),
        sign_link(invite.id, "another nonce", purpose=LINK_PURPOSE, secret=secret()),
        sign_link(invite.id + 1, invite.nonce, purpose=LINK_PURPOSE, secret=secret()),
        "",
    )
    for text in forged:
        assert code_of(lambda text=text: find_invite(text, secret=secret())) == "link_wrong"  # type: ignore[misc]


def test_a_link_ends_after_sixty_days(app: Flask) -> None:
    token = invited(offered()[0], "a@one.example")
    assert opened(token, NOON + INVITATION_TTL - timedelta(seconds=1))
    assert code_of(lambda: opened(token, NOON + INVITATION_TTL)) == "expired"
    invite_of("a@one.example").state = "expired"
    assert code_of(lambda: opened(token)) == "expired"


def test_a_link_rests_while_its_listing_or_provider_is_not_shown(app: Flask) -> None:
    listing, _ = offered()
    token = invited(listing, "a@one.example")
    listing.status = "rejected"
    assert code_of(lambda: opened(token)) == "not_shown"
    listing.status, listing.provider.status = "published", "suspended"
    assert code_of(lambda: opened(token)) == "not_shown"
    listing.provider.status = "active"
    assert opened(token)


def test_a_member_of_the_provider_and_a_rival_are_refused_as_ever(asked: Asked) -> None:
    listing, author, token = asked
    db.session.add(ProviderMember(provider_id=listing.provider_id, user_id=author.id, created_at=NOON))
    db.session.flush()
    with refused(NotAllowed, "own_provider"):
        write(listing, author, invite=mine(token, author))
    rival = make_user()
    make_listing(listing.topic, make_provider(rival))
    other = make_listing(offered()[0].topic)
    make_listing(other.topic, make_provider(rival))
    token = invited(other, rival.email)
    with refused(NotAllowed, "rival"):
        write(other, rival, invite=mine(token, rival))
    assert invite_of(rival.email).state == "sent"


def test_a_review_that_is_refused_uses_nothing_up(asked: Asked) -> None:
    listing, author, token = asked
    invite = mine(token, author)
    with pytest.raises(Refusal):
        write(listing, author, text="short", invite=invite)
    assert invite_of(author.email).state == "sent"


@pytest.mark.parametrize("how", ["withdrawn", "rejected"])
def test_a_review_that_no_longer_stands_gives_the_invitation_back_to_its_author(
    asked: Asked, how: str
) -> None:
    listing, author, token = asked
    review = write(listing, author, invite=mine(token, author))
    if how == "withdrawn":
        withdraw_review(review, actor=author, now=NOON)
    else:
        reject_review(review, note="It names an employee.", now=NOON)
    assert code_of(lambda: mine(token, author)) == "used"
    assert returned_invite(listing.id, make_user(), NOON) is None
    assert returned_invite(listing.id, author, NOON + INVITATION_TTL) is None
    again = write(listing, author, text="Other words about the same experience, without names.")
    db.session.commit()
    assert (again.level, invite_of(author.email).review_id, listing.answered_count) == (
        "invited",
        again.id,
        1,
    )


def test_two_tabs_use_it_once(app: Flask, asked: Asked) -> None:
    listing, author, token = asked
    token, listing_id, author_id = token, listing.id, author.id
    db.session.commit()

    def send(text: str) -> str:
        found, who = db.session.get_one(Listing, listing_id), db.session.get_one(User, author_id)
        invite = invite_for(token, author=who, secret=secret(), now=NOON)
        return write_review(found, draft(text=text), author=who, now=NOON, invite=invite).level

    results = in_parallel(app, lambda: send(TEXT), lambda: send(TEXT + " And more."))
    assert "invited" in results
    assert len({*results} & {"used", "second_review"}) == 1
    db.session.expire_all()
    assert db.session.scalar(select(func.count(Review.id))) == 1
    assert db.session.get_one(Listing, listing_id).answered_count == 1


def test_whoever_is_second_gets_nothing(app: Flask, asked: Asked) -> None:
    listing, author, token = asked
    invite = mine(token, author)
    reviews = [make_review(listing, status="pending"), make_review(listing, status="pending")]
    ids, invite_id = [review.id for review in reviews], invite.id
    db.session.commit()

    def take(review_id: int) -> str:
        found = db.session.get_one(Invite, invite_id)
        use_invite(found, db.session.get_one(Review, review_id), now=NOON)
        return "taken"

    results = in_parallel(app, lambda: take(ids[0]), lambda: take(ids[1]))
    assert sorted(map(str, results)) == ["taken", "used"]


def test_an_earlier_review_counts_with_the_invitation(app: Flask) -> None:
    (listing, _), author = offered(), make_user()
    review = make_review(listing, author, level="unverified", rating=4)
    recompute_ratings(listing.id)
    token, version = invited(listing, author.email), review.version
    assert counted_review(listing.id, author, NOON) is review
    assert raised(token, author) is review
    db.session.commit()
    assert (review.level, review.version) == ("invited", version + 1)
    assert (listing.review_count, listing.uncounted_count, listing.rating_sum) == (1, 0, 4)
    assert listing.answered_count == 1
    assert code_of(lambda: raised(token, author)) == "used"


def test_a_waiting_review_is_raised_and_the_moderator_reads_it_again(app: Flask) -> None:
    (listing, _), author = offered(), make_user()
    review = write(listing, author)
    before = review.version
    raised(invited(listing, author.email), author)
    db.session.commit()
    assert (review.level, review.status, listing.review_count) == ("invited", "pending", 0)
    with pytest.raises(Conflict):
        decide_now(
            "review", review.id, actor=make_user("moderator"), action="publish", version=before, now=NOON
        )


def test_a_higher_level_is_not_lowered(asked: Asked) -> None:
    listing, author, token = asked
    make_review(listing, author)
    token = token
    assert code_of(lambda: raised(token, author)) == "counts_already"
    assert invite_of(author.email).state == "sent"


def test_only_the_own_review_is_raised(asked: Asked) -> None:
    listing, author, token = asked
    make_review(listing, level="unverified")
    with pytest.raises(NotFound):
        raised(token, author)
    rival = make_user()
    make_review(listing, rival, level="unverified")
    db.session.add(ProviderMember(provider_id=listing.provider_id, user_id=rival.id, created_at=NOON))
    db.session.flush()
    other = invite_of(author.email)
    other.address_hash = address_hash(rival.email, secret())
    db.session.flush()
    token = link_token(other, secret=secret())
    assert code_of(lambda: raised(token, rival)) == "own_provider"


def test_opting_out_ends_the_invitations_of_every_provider_and_mails_that_wait(app: Flask) -> None:
    (listing, _), (other, _) = offered(), offered()
    token = invited(listing, "a@one.example")
    batch = ask(other, "a@one.example", "b@one.example")
    waiting = invite_of("a@one.example", batch.id)
    for key in (*mail_keys(waiting.id), *mail_keys(invite_of("b@one.example").id)):
        enqueue("mail.deliver", {}, key=key)
    opt_out(token, secret=secret(), now=NOON)
    opt_out(token, secret=secret(), now=NOON + timedelta(days=90))
    db.session.commit()
    states = db.session.execute(select(Invite.state, Invite.address).order_by(Invite.id)).all()
    assert [tuple(row) for row in states] == [
        ("opted_out", None),
        ("opted_out", None),
        ("waiting", "b@one.example"),
    ]
    left = set(db.session.scalars(select(Job.key).where(Job.task == "mail.deliver")))
    assert left == set(mail_keys(invite_of("b@one.example").id))
    assert db.session.scalar(select(func.count(InviteOptOut.address_hash))) == 1
    assert code_of(lambda: opened(token)) == "opted_out"


def test_who_opted_out_cannot_use_a_link_that_was_left(asked: Asked) -> None:
    _, author, token = asked
    opt_out(token, secret=secret(), now=NOON)
    assert code_of(lambda: mine(token, author)) == "opted_out"


def test_opting_out_leaves_a_review_as_it_is(asked: Asked) -> None:
    listing, author, token = asked
    review = write(listing, author, invite=mine(token, author))
    opt_out(token, secret=secret(), now=NOON)
    db.session.commit()
    assert (review.level, invite_of(author.email).state, listing.answered_count) == ("invited", "used", 1)


def test_nobody_opts_out_with_a_link_that_is_not_ours(app: Flask) -> None:
    with pytest.raises(NotFound):
        opt_out("nonsense", secret=secret(), now=NOON)
    assert db.session.scalar(select(func.count(InviteOptOut.address_hash))) == 0


def test_a_listing_keeps_what_its_lists_come_to(app: Flask) -> None:
    listing, _ = offered()
    ask(listing, "a@one.example", "b@one.example", "c@one.example")
    db.session.commit()
    assert (listing.invited_count, listing.answered_count, listing.invited_days) == (3, 0, 31)
    assert (listing.invited_from, listing.invited_to) == OCTOBER
    topic, provider = listing.topic.revision, listing.provider.revision
    invite = invite_of("a@one.example")
    invite.state, invite.used_at = "used", NOON
    ask(listing, "d@one.example", period=SEPTEMBER)
    db.session.commit()
    assert (listing.invited_count, listing.answered_count, listing.invited_days) == (4, 1, 61)
    assert (listing.invited_from, listing.invited_to) == (SEPTEMBER[0], OCTOBER[1])
    assert listing.topic.revision > topic
    assert listing.provider.revision > provider


def test_without_a_list_there_is_nothing_to_show(app: Flask) -> None:
    listing, _ = offered()
    recompute_invited(listing.id)
    db.session.commit()
    assert (listing.invited_count, listing.invited_from, listing.invited_to) == (0, None, None)
