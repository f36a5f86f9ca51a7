from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marketplace.reviews.proofs.store import ProofStore


def test_a_file_lies_in_a_closed_folder_under_a_name_of_ours(tmp_path: Path) -> None:
    store = ProofStore(tmp_path)
    with store.writing() as written:
        name = store.write(b"seen", written)
    assert store.read(name) == b"seen"
    assert (tmp_path / "proofs").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "proofs" / name).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "proofs").iterdir()] == [name]


def test_what_fails_leaves_no_file(tmp_path: Path) -> None:
    store = ProofStore(tmp_path)

    def fail() -> None:
        with store.writing() as written:
            store.write(b"seen", written)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not list((tmp_path / "proofs").iterdir())


def test_a_file_that_is_gone_is_no_failure(tmp_path: Path) -> None:
    store = ProofStore(tmp_path)
    assert store.read("0" * 32) is None
    store.remove("0" * 32)
    assert store.written_before(datetime.now(UTC)) == set()


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "", "0" * 31, "0" * 32 + "/.."])
def test_no_other_name_leads_anywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        ProofStore(tmp_path).read(name)


def test_old_files_are_named_half_written_ones_too(tmp_path: Path) -> None:
    store = ProofStore(tmp_path)
    with store.writing() as written:
        name = store.write(b"seen", written)
    (tmp_path / "proofs" / ("1" * 32 + ".partial")).write_bytes(b"half")
    assert store.written_before(datetime.now(UTC) + timedelta(days=1)) == {name, "1" * 32}
    assert store.written_before(datetime.now(UTC) - timedelta(days=1)) == set()
