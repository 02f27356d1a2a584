"""A folder of results changes in one step; what killed runs leave is cleared away, and nothing else is."""

import fcntl
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from sarex.errors import InputError, OutputError
from sarex.exchange import folder as whole
from sarex.exchange.folder import MARKER, check_replaceable, whole_folder

LONG_AGO = 1_000_000_000


def write_result(folder: Path, text: str) -> None:
    with whole_folder(folder) as beside:
        (beside / MARKER).write_text(text, encoding="utf-8")
        (beside / "plan.json").write_text(text, encoding="utf-8")


def leftover(folder: Path, suffix: str = "abc") -> Path:
    """What a run that was killed long ago left beside."""
    path = folder.parent / f".{folder.name}.sarex-{suffix}"
    path.mkdir()
    (path / "drift.nc").write_bytes(b"half")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_new_folder_appears_whole_with_its_parents(tmp_path) -> None:
    folder = tmp_path / "deep" / "first"
    with whole_folder(folder) as beside:
        (beside / MARKER).write_text("1", encoding="utf-8")
        assert not folder.exists()
        assert beside.parent == folder.parent
    assert [path.name for path in folder.iterdir()] == [MARKER]
    assert list(folder.parent.iterdir()) == [folder]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_old_folder_is_there_until_the_new_one_is(tmp_path) -> None:
    folder = tmp_path / "first"
    write_result(folder, "old")
    with whole_folder(folder) as beside:
        (beside / MARKER).write_text("new", encoding="utf-8")
        assert (folder / MARKER).read_text(encoding="utf-8") == "old"
    assert (folder / MARKER).read_text(encoding="utf-8") == "new"
    assert not (folder / "plan.json").exists(), "a file of ours that the new result does not have goes"
    assert list(tmp_path.iterdir()) == [folder]


def test_at_no_instant_is_the_folder_missing(tmp_path) -> None:
    folder = tmp_path / "first"
    write_result(folder, "old")
    missed, stop = [], threading.Event()

    def watch() -> None:
        while not stop.is_set():
            if not (folder / MARKER).is_file():
                missed.append(time.time())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for turn in range(20):
        write_result(folder, str(turn))
    stop.set()
    watcher.join()
    # Between looking up the folder and the file in it the folder may have changed; it is never gone.
    assert len(missed) <= 1


@pytest.mark.parametrize(
    "exchange", [None, lambda _new, _old: -1], ids=["none", "refused by the file system"]
)
def test_where_two_names_cannot_be_exchanged_the_old_one_steps_aside(exchange, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(whole, "_exchange_call", lambda: exchange)
    folder = tmp_path / "first"
    mine = tmp_path / "first.before"
    mine.mkdir()
    write_result(folder, "old")
    write_result(folder, "new")
    assert (folder / MARKER).read_text(encoding="utf-8") == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "first.before"]


def test_failure_leaves_everything_as_it_was(tmp_path) -> None:
    folder = tmp_path / "first"
    write_result(folder, "old")
    with pytest.raises(ZeroDivisionError), whole_folder(folder):
        raise ZeroDivisionError
    with pytest.raises(OutputError, match="could not be written whole: No room"), whole_folder(folder):
        raise OSError(28, "No room")
    with pytest.raises(OutputError, match="it broke"), whole_folder(folder):
        raise OSError("it broke")
    assert (folder / MARKER).read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [folder]


def test_leftovers_of_killed_runs_are_cleared_away(tmp_path) -> None:
    folder = tmp_path / "first"
    left = [leftover(folder, "abc"), leftover(folder, "def")]
    write_result(folder, "new")
    assert not any(path.exists() for path in left)


def test_nothing_else_is_cleared_away(tmp_path) -> None:
    folder = tmp_path / "first[1]"
    others = [
        leftover(tmp_path / "second"),
        leftover(tmp_path / "first1"),
        tmp_path / ".first[1].notes",
        tmp_path / "first[1].before",
    ]
    for path in others[2:]:
        path.mkdir()
        os.utime(path, (LONG_AGO, LONG_AGO))
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / ".first[1].sarex-link").symlink_to(real, target_is_directory=True)
    young = tmp_path / ".first[1].sarex-young"
    young.mkdir()
    os.utime(young, (time.time() + 60, time.time() + 60))
    mine = leftover(folder)
    write_result(folder, "new")
    assert all(path.exists() for path in [*others, real, young])
    assert not mine.exists()


def test_a_run_at_the_same_time_is_left_alone(tmp_path) -> None:
    """Its folder may be old, but it holds the lock."""
    folder = tmp_path / "first"
    other = leftover(folder)
    handle = os.open(other, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    write_result(folder, "new")
    assert other.exists()
    os.close(handle)
    write_result(folder, "newer")
    assert not other.exists()


def test_two_runs_into_one_new_folder(tmp_path) -> None:
    folder = tmp_path / "first"
    with whole_folder(folder) as one, whole_folder(folder) as two:
        assert one != two
        (one / MARKER).write_text("one", encoding="utf-8")
        (two / MARKER).write_text("two", encoding="utf-8")
        os.utime(one, (LONG_AGO, LONG_AGO))
        write_result(folder, "three")
        assert one.exists()
        assert two.exists()
    assert (folder / MARKER).read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [folder]


def test_link_to_a_folder_stays_a_link(tmp_path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real, target_is_directory=True)
    write_result(link, "new")
    assert link.is_symlink()
    assert (real / MARKER).read_text(encoding="utf-8") == "new"


def test_what_is_replaceable(tmp_path) -> None:
    check_replaceable(tmp_path / "new" / "deep")
    check_replaceable(tmp_path)
    (tmp_path / MARKER).write_text("{}", encoding="utf-8")
    check_replaceable(tmp_path)
    with pytest.raises(InputError, match="which is a file"):
        check_replaceable(tmp_path / MARKER)
    with pytest.raises(InputError, match="is a file"):
        check_replaceable(tmp_path / MARKER / "below")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "x").touch()
    with pytest.raises(InputError, match="did not write"):
        check_replaceable(tmp_path / "foreign")


def test_what_the_user_calls_searched_is_kept(tmp_path) -> None:
    folder = tmp_path / "first"
    write_result(folder, "1")
    (folder / "searched-as-flown.json").write_text("mine", encoding="utf-8")
    (folder / "searched-1.json").write_text("ours", encoding="utf-8")
    write_result(folder, "2")
    assert (folder / "searched-as-flown.json").read_text(encoding="utf-8") == "mine"
    assert not (folder / "searched-1.json").exists()
