"""Imports point the way that the architecture says. The layers are contracts in `pyproject.toml`; what goes by the
names of modules is here."""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import grimp
import pytest

CHECKOUT = Path(__file__).parent.parent.parent
# From the top down: a module may import its own step's or a lower one's in its feature.
STEPS = {"views": 4, "forms": 3, "services": 3, "queries": 2, "gateway": 2, "models": 1}
WEB_FREE = frozenset({"models", "queries", "services"})
WEB_FREE_MODULES = ("ranking", "hugo")
WEB = frozenset({"flask", "flask_login", "wtforms", "flask_wtf"})


@lru_cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("marketplace", include_external_packages=True, cache_dir=None)


def own_modules() -> list[str]:
    return sorted(name for name in graph().modules if name.startswith("marketplace."))


def step(module: str) -> str | None:
    """`views`, `services`, … for `listings.views_provider` and `listings.provider_models`; None for pure rules."""
    words = module.rpartition(".")[2].split("_")
    return next((word for word in (words[0], words[-1]) if word in STEPS), None)


def imports_of(module: str) -> set[str]:
    return graph().find_modules_directly_imported_by(module)


def test_the_contracts_of_the_layers_hold() -> None:
    call = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    done = subprocess.run(call, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", own_modules())
def test_a_module_imports_only_lower_steps_of_its_feature(module: str) -> None:
    feature = module.rpartition(".")[0]
    if feature == "marketplace":
        return
    neighbours = [other for other in imports_of(module) if other.rpartition(".")[0] == feature]
    mine = STEPS.get(step(module) or "", 1)
    wrong = [other for other in neighbours if STEPS.get(step(other) or "", 0) > mine]
    assert not wrong


@pytest.mark.parametrize("module", own_modules())
def test_rules_and_data_do_not_know_the_web(module: str) -> None:
    last = module.rpartition(".")[2]
    if step(module) in WEB_FREE or last.startswith(WEB_FREE_MODULES):
        assert not imports_of(module) & WEB


def test_nothing_imports_views() -> None:
    """`create_app` names them and imports them last."""
    wrong = {
        f"{importer} imports {module}"
        for module in own_modules()
        if step(module) == "views"
        for importer in graph().find_modules_that_directly_import(module)
    }
    assert not wrong


def test_samples_and_stand_ins_are_no_part_of_the_program() -> None:
    """Only commands that show or seed them reach for them."""
    apart = ("marketplace.samples", "marketplace.stripe_standin")
    wrong = {
        f"{importer} imports {module}"
        for module in own_modules()
        if module.startswith(apart)
        for importer in graph().find_modules_that_directly_import(module)
        if not importer.startswith((*apart, "marketplace.commands"))
    }
    assert not wrong
