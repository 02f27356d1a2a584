"""Writing a series back: whole or not at all, and never over somebody else's words."""

import os
import stat
import threading

import pytest

from made_series import SERIES
from sarex.errors import InputError, SeriesError
from sarex.programme.door import open_series
from sarex.programme.keep import create_series, save_series
from sarex.programme.record import close_action


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "series.toml"
    path.write_text("# ours\n# and theirs\n" + SERIES, encoding="utf-8")
    return path


def closed(opened):
    return close_action(opened.series, "CA-1", "SAREX-2027")


def test_it_is_written_and_nothing_else_is_left(file) -> None:
    opened = open_series(file)
    save_series(opened, closed(opened))
    assert open_series(file).series == closed(opened)
    assert [path.name for path in file.parent.iterdir()] == ["series.toml"]


def test_the_comment_at_the_top_is_kept_and_others_are_counted(file) -> None:
    file.write_text(file.read_text() + "# below\n")
    opened = open_series(file)
    save_series(opened, closed(opened))
    assert file.read_text().startswith('# ours\n# and theirs\nformat = "sarex-series/1"\n')
    assert opened.comments_below == 1
    assert "# below" not in file.read_text()


def test_what_another_has_written_meanwhile_is_left_alone(file) -> None:
    opened = open_series(file)
    theirs = file.read_text().replace("A series", "Their series")
    file.write_text(theirs)
    with pytest.raises(SeriesError, match="changed by somebody else"):
        save_series(opened, closed(opened))
    assert file.read_text() == theirs


def test_of_many_who_write_at_once_one_wins_and_the_others_are_told(file) -> None:
    opened = [open_series(file) for _ in range(8)]
    together, outcomes = threading.Barrier(8), []

    def write(each) -> None:
        together.wait()
        try:
            save_series(each, closed(each))
            outcomes.append("written")
        except SeriesError:
            outcomes.append("refused")

    threads = [threading.Thread(target=write, args=(each,)) for each in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["written"]
    assert open_series(file).series == closed(opened[0])


def test_mode_and_link_are_kept(file, tmp_path) -> None:
    file.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    opened = open_series(link)
    save_series(opened, closed(opened))
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert open_series(file).series == closed(opened)


def test_a_new_file_replaces_none(file, tmp_path) -> None:
    series = open_series(file).series
    with pytest.raises(SeriesError, match="exists already"):
        create_series(file, series)
    create_series(tmp_path / "new.toml", series)
    assert open_series(tmp_path / "new.toml").series == series


def test_a_full_disk_leaves_what_was_there(file, monkeypatch) -> None:
    opened, before = open_series(file), file.read_text()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        save_series(opened, closed(opened))
    assert file.read_text() == before
    assert [path.name for path in file.parent.iterdir()] == ["series.toml"]
