"""A named file is written whole or stays what it was."""

import os
import stat
from pathlib import Path

import pytest

from sarex.errors import InputError
from sarex.exchange.text_file import write_text


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path) -> None:
    file = tmp_path / "a.json"
    file.write_text("before")
    file.chmod(0o640)
    write_text(file, "after: 捜索")
    assert file.read_text(encoding="utf-8") == "after: 捜索"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch) -> None:
    file = tmp_path / "a.json"
    file.write_text("before")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_text(file, "after")
    assert file.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_link_leads_to_the_file_that_is_written(tmp_path) -> None:
    (tmp_path / "real.json").write_text("before")
    (tmp_path / "link.json").symlink_to("real.json")
    write_text(tmp_path / "link.json", "after")
    assert (tmp_path / "real.json").read_text() == "after"
    assert (tmp_path / "link.json").is_symlink()


def test_a_folder_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "none" / "a.json", "x")


def test_what_is_no_plain_file_is_written_as_it_is() -> None:
    write_text(Path(os.devnull), "x")
