"""Counters of changes, each on its own."""

from __future__ import annotations

from flask import Flask

from marketplace.core.revisions import raise_revision, raise_site_revision, site_revision


def test_revisions_count_up_each_on_its_own(app: Flask) -> None:
    before = site_revision()
    raise_revision("other")
    assert site_revision() == before
    raise_site_revision()
    raise_site_revision()
    assert site_revision() == before + 2
