"""Whole folders or nothing: write beside, then change places.

The new folder is made next to the old one and the two change places in one step of the operating system
(`renameat2` with RENAME_EXCHANGE on Linux, `renamex_np` with RENAME_SWAP on macOS), so that a kill at any
moment leaves the old folder or the new one. Where neither is to be had the old one steps aside first, and a
kill in the instant between leaves it beside under a name ending in ".before".
"""

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sarex.errors import InputError, OutputError

MARKER = "mission.json"
"""Every folder that Sarex wrote holds it; a folder without it is somebody else's and is left alone."""
_AT_FDCWD = -100
_EXCHANGE = 2


def check_replaceable(folder: Path) -> None:
    """Ask that a folder may be written: absent, empty, or an earlier result.

    Raises:
        InputError: it is a file, or holds things that Sarex did not write.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"--out is {folder}, which is a file; it must be a folder. Give another name.")
    if any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise InputError(
            f"--out is {folder}, which holds files that Sarex did not write; results go only into a new or "
            "empty folder or over an earlier result. Give another name."
        )


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A new folder to write into; it takes the place of `folder` when the block ends well.

    What somebody else put into the old folder is carried over. If the block fails nothing is left.

    Raises:
        InputError: the folder may not be replaced.
        OutputError: the files could not be written.
    """
    folder = folder.resolve()
    check_replaceable(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}. Give a folder that can.") from error
    try:
        yield beside
        _sync(beside)
        _carry_over(folder, beside)
        beside.chmod(0o755)
        _change_places(beside, folder)
    except OSError as error:
        raise OutputError(
            f"{folder} could not be written whole: {error.strerror}; what was there is untouched. "
            "Make room or give another folder."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _sync(folder: Path) -> None:
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _carry_over(old: Path, new: Path) -> None:
    """Keep what is not ours: everything in the old folder whose name the new one does not have.

    Earlier searched plans of ours that no longer belong are left behind.
    """
    if not old.is_dir():
        return
    for path in old.iterdir():
        ours = path.name.startswith("searched-") or path.name in _OUR_FILES
        if ours or (new / path.name).exists():
            continue
        if path.is_dir():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name)


_OUR_FILES = {
    MARKER,
    "case.json",
    "drift.nc",
    "probability.nc",
    "plan.json",
    "plan.geojson",
    "plan.kml",
    "plan.gpx",
    "report.html",
}


def _change_places(new: Path, old: Path) -> None:
    if not old.exists():
        new.rename(old)
        return
    exchange = _exchange_call()
    if exchange is not None and exchange(os.fsencode(new), os.fsencode(old)) == 0:
        return
    aside = old.with_name(old.name + ".before")
    shutil.rmtree(aside, ignore_errors=True)
    old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange_call() -> Callable[[bytes, bytes], int] | None:
    """The operating system's way to exchange two names in one step, if it has one."""
    if sys.platform not in ("linux", "darwin"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "renameat2"):
        return lambda a, b: int(library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _EXCHANGE))
    if hasattr(library, "renamex_np"):
        return lambda a, b: int(library.renamex_np(a, b, _EXCHANGE))
    return None
