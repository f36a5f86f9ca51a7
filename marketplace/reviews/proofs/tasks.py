"""What the worker does for proofs: it deletes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marketplace.core.extensions import current_settings, now
from marketplace.core.jobs.queue import task
from marketplace.reviews.proofs import services as proofs
from marketplace.reviews.proofs.store import ProofStore


def _store() -> ProofStore:
    return ProofStore(current_settings().instance_path)


@task("reviews.remove_proof_files")
def remove_files(payload: dict[str, Any]) -> None:
    """Remove the files of proofs that were deleted."""
    for name in payload["names"]:
        _store().remove(name)


@task("reviews.end_proofs")
def end(payload: dict[str, Any]) -> None:
    """A week after a rejection."""
    proofs.end_proofs(payload["review"], now=now())


@task("reviews.delete_proofs", every=timedelta(days=1))
def delete(payload: dict[str, Any]) -> None:
    """What is too old, and what was left behind."""
    proofs.sweep(_store(), now=now())
    proofs.delete_overdue(now=now())
