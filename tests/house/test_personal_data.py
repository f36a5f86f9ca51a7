"""Which columns hold a member's id or an address follows from the models; each says what becomes of it.

A new column fails here until the copy of a member's data and the erasure know it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Column

from marketplace.accounts.privacy.services import ABOUT_ACCOUNT, as_file, data_of, erase_account
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, enqueue
from tests.factories import NOON, make_user

# How columns are called that hold an address, something made of one, a network, or a member without a foreign key.
NAMES = (
    "email",
    "address",
    "address_hash",
    "network",
    "user_id",
    "actor_id",
    "seen_by",
    "stripe_customer_id",
)


@dataclass(frozen=True)
class Handling:
    """Where a copy shows it (a section's code, or why not), and what an erasure does with it."""

    copy: str
    erasure: str


ROW_GOES, UNNAMED, KEPT = "the row goes", "the id is emptied", "kept"
HANDLING = {
    "user.email": Handling("account", ROW_GOES),
    "provider_member.user_id": Handling("providers", ROW_GOES),
    "provider_claim.user_id": Handling("claims", ROW_GOES),
    "review.user_id": Handling("reviews", UNNAMED),
    "review_draft.user_id": Handling("review_drafts", ROW_GOES),
    "review.network": Handling("reviews", "emptied"),
    "network_sighting.user_id": Handling("networks", ROW_GOES),
    "network_sighting.network": Handling("networks", "goes with the row"),
    "review_vote.user_id": Handling("votes", ROW_GOES),
    "reply.user_id": Handling("replies", UNNAMED),
    "receipt.user_id": Handling("receipts", ROW_GOES),
    "proof.seen_by": Handling("not: a moderator's act, in the log of actions", UNNAMED),
    "invite_batch.user_id": Handling("client_lists", UNNAMED),
    "invite.address": Handling("invitations", "emptied where the address is confirmed"),
    "invite.address_hash": Handling("invitations", f"{KEPT}: so that no list invites the address again"),
    "invite_opt_out.address_hash": Handling(
        "not: a keyed hash that says no more", f"{KEPT}: so that the wish not to be invited lasts"
    ),
    "provider.address": Handling(
        "providers", f"{KEPT} while somebody else manages it, else six months more, told to nobody"
    ),
    "provider_edit.address": Handling(
        "not: it is copied once it is accepted", f"{KEPT} while somebody else manages it, else the row goes"
    ),
    "decision.actor_id": Handling("decisions", UNNAMED),
    "action_log.actor_id": Handling("action_log", f"{KEPT}: a log that can be changed proves nothing"),
    "flag.user_id": Handling("reports", UNNAMED),
    "flag.email": Handling("reports", "emptied where the address is confirmed"),
    "appeal.user_id": Handling("appeals", UNNAMED),
    "billing_customer.stripe_customer_id": Handling("stripe_customers", f"{KEPT}: the provider's"),
}


def personal_columns() -> dict[str, Column[object]]:
    """The columns that hold a member's id or an address, by table and name."""
    found = {}
    for table in db.metadatas[None].sorted_tables:
        for column in table.columns:
            targets = {key.target_fullname for key in column.foreign_keys}
            if "user.id" in targets or (column.name in NAMES and not targets):
                found[f"{table.name}.{column.name}"] = column
    return found


def test_every_column_with_a_member_or_an_address_says_what_becomes_of_it(app: Flask) -> None:
    assert set(personal_columns()) == set(HANDLING)


def test_the_copy_has_the_sections_that_the_columns_name(app: Flask) -> None:
    sections = as_file(data_of(make_user("moderator")))
    named = {handling.copy for handling in HANDLING.values() if not handling.copy.startswith("not:")}
    assert named <= set(sections)


@pytest.mark.parametrize("name", sorted(HANDLING))
def test_the_database_forgets_a_member_as_the_erasure_says(app: Flask, name: str) -> None:
    rules = {key.ondelete for key in personal_columns()[name].foreign_keys}
    expected = {ROW_GOES: {"CASCADE"}, UNNAMED: {"SET NULL"}}.get(HANDLING[name].erasure, set())
    assert rules == expected or name == "user.email"


def test_jobs_that_hold_an_address_are_forgotten_with_the_account(app: Flask) -> None:
    user = make_user()
    for task, field in ABOUT_ACCOUNT.items():
        enqueue(task, {field: user.email.upper()})
    address = user.email
    erase_account(user, take_down=False, now=NOON)
    left = [job.task for job in db.session.scalars(db.select(Job)) if address in str(job.payload).lower()]
    assert left == ["mail.deliver"], "the last mail, which says that it is done"
