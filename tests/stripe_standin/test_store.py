"""Objects outlive a restart: the journal and the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_standin.store import FolderInUse, Journal, Store


def test_changes_are_kept_in_the_order_of_making(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("thing", {"id": "a", "n": 1})
    store.put("thing", {"id": "b", "n": 1})
    store.put("_note", {"id": "c"})
    assert store.commit()
    store.put("thing", {"id": "a", "n": 2})
    assert store.commit()
    assert not store.commit()
    store.close()
    again = Store(tmp_path)
    assert list(again.each("thing")) == [{"id": "a", "n": 2}, {"id": "b", "n": 1}]
    assert again.kinds() == ["thing"]
    again.close()


def test_what_is_rolled_back_was_never_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("thing", {"id": "a", "n": 1})
    store.commit()
    store.put("thing", {"id": "a", "n": 2})
    store.put("thing", {"id": "b", "n": 2})
    assert [thing["n"] for thing in store.each("thing")] == [2, 2]
    store.rollback()
    assert list(store.each("thing")) == [{"id": "a", "n": 1}]
    assert store.get("thing", "b") is None
    store.close()


def test_a_copy_may_be_changed_without_effect(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("thing", {"id": "a", "inner": {"n": 1}})
    store.commit()
    found = store.get("thing", "a")
    assert found is not None
    found["inner"]["n"] = 2
    assert store.get("thing", "a") == {"id": "a", "inner": {"n": 1}}
    store.close()


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
