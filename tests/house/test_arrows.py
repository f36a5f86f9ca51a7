"""Imports point the way that the architecture says. The layers are contracts in `pyproject.toml`; what goes by the
names of modules is here."""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import grimp

CHECKOUT = Path(__file__).parent.parent.parent
# From the top down. A module with another name (`providers/claims.py`) stands as high as the highest it needs; if it knows
# the web, beside the forms.
STEPS = {"views": 4, "forms": 3, "fields": 3, "services": 2, "queries": 1, "gateway": 1, "models": 0}
WEB_FREE = frozenset({"models", "queries", "gateway", "services"})
# Flask-Security asks us for its mails in the middle of a service's work.
BINDINGS = frozenset({"marketplace.accounts.mails"})
WEB = frozenset({"flask", "flask_login", "flask_wtf", "wtforms"})
# Features that are pages and commands through and through.
FRONTS = frozenset({"marketplace.commands"})


@lru_cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "marketplace", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


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


def feature_of(module: str) -> str | None:
    feature = module.rpartition(".")[0]
    return None if feature == "marketplace" or feature in FRONTS else feature


def neighbours(module: str) -> set[str]:
    feature = feature_of(module)
    return {other for other in imports_of(module) if feature and other.rpartition(".")[0] == feature}


@lru_cache
def height(module: str) -> int:
    named = step(module)
    if named is not None:
        return STEPS[named]
    if imports_of(module) & WEB and module not in BINDINGS:
        return STEPS["forms"]
    return max((height(other) for other in neighbours(module)), default=0)


def test_a_module_imports_only_lower_steps_of_its_feature() -> None:
    wrong = {
        module: {other for other in neighbours(module) if height(other) > height(module)}
        for module in own_modules()
    }
    assert not {module: others for module, others in wrong.items() if others}


def test_data_and_rules_do_not_know_the_web() -> None:
    wrong = {module: imports_of(module) & WEB for module in own_modules() if _is_web_free(module)}
    assert not {module: others for module, others in wrong.items() if others}


def _is_web_free(module: str) -> bool:
    pure = module.rpartition(".")[2].startswith(("hugo", "ranking"))
    return pure or bool(feature_of(module) and step(module) in WEB_FREE)


def test_no_two_modules_of_a_feature_need_each_other() -> None:
    whole = grimp.build_graph("marketplace", exclude_type_checking_imports=True, cache_dir=None)
    # The factory reaches everything.
    for module in ("marketplace", "marketplace.app", "marketplace.cli"):
        whole.remove_module(module)
    circles = [
        (module, other)
        for module in sorted(whole.modules)
        for other in whole.find_modules_directly_imported_by(module)
        if whole.chain_exists(importer=other, imported=module)
    ]
    assert not circles


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
