"""Counters of changes, each on its own."""

from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.revisions import (
    SITE,
    Revision,
    hold_revision,
    raise_revisions,
    raise_site_revision,
    revision_of,
)


def test_revisions_count_up_each_on_its_own(app: Flask) -> None:
    before = revision_of(SITE)
    raise_revisions("other")
    assert revision_of(SITE) == before
    raise_site_revision()
    raise_site_revision()
    assert revision_of(SITE) == before + 1, "once a transaction"
    db.session.commit()
    assert (revision_of(SITE), revision_of("other")) == (before + 1, 1)
    raise_revisions("other", SITE)
    db.session.rollback()
    assert (revision_of(SITE), revision_of("other")) == (before + 1, 1)


def test_a_revision_that_is_held_is_raised_at_once(app: Flask) -> None:
    hold_revision("import")
    assert revision_of("import") == 1
    db.session.rollback()
    assert revision_of("import") == 0


def test_what_a_savepoint_leaves_is_raised_with_the_rest(app: Flask) -> None:
    with db.session.begin_nested():
        raise_revisions("other")
    assert db.session.get(Revision, "other") is None
    db.session.commit()
    assert revision_of("other") == 1


def test_a_savepoint_that_is_undone_takes_nothing_away_that_was_raised_before(app: Flask) -> None:
    raise_revisions("before")
    undone = db.session.begin_nested()
    raise_revisions("inside")
    undone.rollback()
    assert revision_of("before") == 1
    db.session.commit()
    assert revision_of("before") == 1
    raise_revisions("before")
    with db.session.begin_nested():
        db.session.rollback()
    db.session.commit()
    assert revision_of("before") == 1, "all of it was undone"
