"""The tests mirror the package: `marketplace/listings/claims.py` is tested in `tests/listings/test_claims.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PACKAGE = CHECKOUT / "marketplace"
# Modules without behaviour of their own: a class and its columns are tested by what uses them.
WITHOUT_BEHAVIOUR = frozenset({"models.py", "models", "extensions.py", "samples"})


def feature_modules() -> list[str]:
    found = (path.relative_to(PACKAGE) for path in PACKAGE.glob("*/*.py"))
    return sorted(
        str(path) for path in found if path.name != "__init__.py" and path.parts[0] not in WITHOUT_BEHAVIOUR
    )


@pytest.mark.parametrize("module", feature_modules())
def test_a_module_of_a_feature_has_its_tests(module: str) -> None:
    folder, _, name = module.rpartition("/")
    if name.removesuffix(".py").endswith("models"):
        return
    assert (CHECKOUT / "tests" / folder / f"test_{name}").is_file()


def test_a_file_of_tests_stands_where_its_module_does() -> None:
    """A test that spans modules of a feature is named for what it shows, in the feature's folder."""
    folders = {
        path.parent.relative_to(CHECKOUT / "tests") for path in (CHECKOUT / "tests").rglob("test_*.py")
    }
    apart = {Path(), Path("house"), Path("e2e"), Path("cluster")}
    assert {folder for folder in folders - apart if not (PACKAGE / folder).is_dir()} == set()


def test_every_folder_says_what_it_is_for() -> None:
    features = [path for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))]
    wrong = [path.name for path in features if not (path / "__init__.py").read_text().startswith('"""')]
    assert not wrong
