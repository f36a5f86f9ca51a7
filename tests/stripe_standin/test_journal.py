from __future__ import annotations

from pathlib import Path

import pytest

from stripe_standin.journal import FolderInUse, Journal


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new" / "folder")
    journal.append({"a": "ñ"})
    journal.append([1, None])
    journal.close()
    again = Journal(tmp_path / "new" / "folder")
    assert list(again.replay()) == [{"a": "ñ"}, [1, None]]
    again.close()


def test_a_line_that_was_cut_off_is_taken_off(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    first.append(1)
    first.close()
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(b'{"half": ')
    second = Journal(tmp_path)
    assert list(second.replay()) == [1]
    second.append(2)
    second.close()
    third = Journal(tmp_path)
    assert list(third.replay()) == [1, 2]
    third.close()


def test_a_folder_has_one_writer(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    with pytest.raises(FolderInUse):
        Journal(tmp_path)
    first.close()
    Journal(tmp_path).close()
