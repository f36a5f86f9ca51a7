"""The tests mirror the package: what `marketplace/reviews/votes/` holds is tested in `tests/reviews/votes/`."""

from __future__ import annotations

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PACKAGE = CHECKOUT / "marketplace"
TESTS = CHECKOUT / "tests"
# Data, not behaviour.
APART = frozenset({"samples"})
# A class and its columns are tested by what uses them; what a feature registers, by its pages and the list of routes.
UNTESTED = frozenset({"__init__", "models", "setup"})


def rooms() -> list[str]:
    """Every folder with modules, at any depth."""
    found = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")} - {Path()}
    return sorted(room.as_posix() for room in found if room.parts[0] not in APART)


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_its_tests(room: str) -> None:
    behaving = {path.stem for path in (PACKAGE / room).glob("*.py")} - UNTESTED
    assert not behaving or list((TESTS / room).glob("test_*.py"))


def test_a_file_of_tests_stands_where_its_room_does() -> None:
    """A test that spans modules of a feature is named for what it shows, in the feature's folder."""
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    known = {Path(), Path("house"), Path("e2e"), Path("stripe_standin")}
    assert {folder for folder in folders - known if not (PACKAGE / folder).is_dir()} == set()


@pytest.mark.parametrize("room", rooms())
def test_every_room_says_what_it_is_for(room: str) -> None:
    assert (PACKAGE / room / "__init__.py").read_text().startswith('"""')
