"""The tests mirror the package: `marketplace/providers/claims.py` is tested in `tests/providers/test_claims.py`.

Models are apart: a class and its columns are tested by what uses them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PACKAGE = CHECKOUT / "marketplace"
# Data, not behaviour.
APART = frozenset({"samples"})


def features() -> list[str]:
    """The folders with modules."""
    return sorted({path.parent.name for path in PACKAGE.glob("*/*.py")} - APART)


@pytest.mark.parametrize("feature", features())
def test_every_module_of_a_feature_has_its_tests(feature: str) -> None:
    modules = [path.stem for path in sorted((PACKAGE / feature).glob("*.py")) if path.stem != "__init__"]
    behaving = [name for name in modules if not name.endswith("models")]
    assert not [name for name in behaving if not (CHECKOUT / "tests" / feature / f"test_{name}.py").is_file()]


def test_a_file_of_tests_stands_where_its_module_does() -> None:
    """A test that spans modules of a feature is named for what it shows, in the feature's folder."""
    folders = {
        path.parent.relative_to(CHECKOUT / "tests") for path in (CHECKOUT / "tests").rglob("test_*.py")
    }
    known = {Path(), Path("house"), Path("e2e"), Path("cluster")}
    assert {folder for folder in folders - known if not (PACKAGE / folder).is_dir()} == set()


def test_every_folder_says_what_it_is_for() -> None:
    purposes = {feature: (PACKAGE / feature / "__init__.py").read_text() for feature in features()}
    assert not [feature for feature, text in purposes.items() if not text.startswith('"""')]
