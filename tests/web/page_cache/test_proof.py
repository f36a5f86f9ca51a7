"""The proof that a kept page is current: what others commit moves it at once; a lost connection never passes for calm."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text, update

from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, raise_offers_revision, raise_revisions, raise_site_revision
from marketplace.guides.models import Topic
from marketplace.guides.services import raise_topic_revisions
from marketplace.providers.models import Provider
from marketplace.web.page_cache.proof import PostgresProof, Proof, proof_for
from tests.factories import make_provider, make_topic

COMMITS = 200


@pytest.fixture
def proof(app: Flask) -> Iterator[Proof]:
    """A proof on the test's database."""
    found = proof_for(db.engine)
    yield found
    found.close()


def test_nothing_moves_while_nobody_commits(proof: Proof) -> None:
    first = proof.generation()
    assert first is not None
    raise_site_revision()
    db.session.flush()
    assert proof.generation() == first
    db.session.rollback()
    assert proof.generation() == first


def test_each_commit_is_known_to_the_very_next_question(proof: Proof) -> None:
    seen = {proof.generation()}
    for number in range(1, COMMITS + 1):
        raise_site_revision()
        db.session.commit()
        seen.add(proof.generation())
        assert proof.values([SITE]) == (number,)
    assert len(seen) == COMMITS + 1


def test_all_kinds_of_revisions_move_it(proof: Proof) -> None:
    topic, provider = make_topic("peru"), make_provider()
    db.session.commit()
    names = [f"topic:{topic.id}", f"provider:{provider.id}", "country:peru", "offers", "site"]
    before, seen = proof.values(names), proof.generation()
    assert before is not None
    changes = [
        lambda: raise_topic_revisions([topic.id]),
        lambda: db.session.execute(update(Provider).values(revision=Provider.revision + 1)),
        lambda: db.session.execute(update(Topic).values(revision=Topic.revision + 1)),
        lambda: raise_offers_revision(["peru"]),
        lambda: raise_revisions("country:a-country-with-a-name-of-more-than-forty-letters"),
    ]
    for change in changes:
        change()
        db.session.commit()
        moved = proof.generation()
        assert moved != seen
        seen = moved
    after = proof.values(names)
    assert after is not None
    assert all(new > old for new, old in zip(after[:4], before[:4], strict=True))


def test_a_row_that_is_gone_is_no_revision(proof: Proof) -> None:
    assert proof.values(["topic:999", "site"]) == (None, 0)


def test_a_lost_connection_counts_as_a_change(proof: Proof) -> None:
    first = proof.generation()
    proof.close()
    again = proof.generation()
    assert again is not None
    assert again != first


def test_a_connection_that_broke_proves_nothing(proof: Proof) -> None:
    first = proof.generation()
    if isinstance(proof, PostgresProof):
        listeners = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :listener"
        db.session.execute(text(listeners), {"listener": proof._connection.info.backend_pid})
        db.session.commit()
    else:
        proof._connection.close()
        assert proof.values([SITE]) is None
    assert proof.generation() is None
    assert proof.generation() is None, "it is not tried again for a moment"
    proof._retry_at = 0.0
    assert proof.generation() not in (None, first)


def test_where_shared_memory_cannot_be_reached_commits_are_counted(tmp_path: Path) -> None:
    """A database that is not in WAL mode."""
    path = tmp_path / "old.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE word (text)")
    proof = proof_for(create_engine(f"sqlite:///{path}"))
    seen = proof.generation()
    assert (seen, proof._index) == (1, None)
    assert proof.generation() == seen
    writer.execute("INSERT INTO word VALUES ('one')")
    assert proof.generation() == 2
    proof.close()


def test_a_database_that_is_not_there_proves_nothing() -> None:
    proof = proof_for(create_engine("sqlite:////nowhere/at/all.sqlite3"))
    assert proof.generation() is None
    assert proof.values([SITE]) is None
