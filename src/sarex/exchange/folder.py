"""Whole folders or nothing: write beside, then change places.

The new folder is made next to the old one and the two change places in one step of the operating system
(`renameat2` with RENAME_EXCHANGE on Linux, `renamex_np` with RENAME_SWAP on macOS), so that a kill at any
moment leaves the old folder or the new one. Where neither is to be had the old one steps aside first, and a
kill in the instant between leaves it beside under a name with ".before-".

What a killed run leaves beside is cleared away by the next run into the same folder. A run holds a lock on
the folder that it is writing, which the operating system drops when the process ends however it ends, so
that two runs at one time leave each other alone.
"""

import ctypes
import fcntl
import glob
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sarex.errors import InputError, OutputError

MARKER = "mission.json"
"""Every folder with a plan or a drift holds it."""
VALIDATION_MARKER = "validation.json"
"""Every folder with a validation holds it."""
DEBRIEF_MARKER = "debrief.json"
"""Every folder with a debrief holds it."""
_MARKERS = (MARKER, VALIDATION_MARKER, DEBRIEF_MARKER)
"""A folder with none of them is somebody else's and is left alone."""
_OUR_FILES = {
    MARKER,
    VALIDATION_MARKER,
    DEBRIEF_MARKER,
    "debrief.html",
    "debrief.pdf",
    "validation.html",
    "reliability.svg",
    "summary.csv",
    "reliability.csv",
    "scores.csv",
    "drift.nc",
    "probability.nc",
    "origin.nc",
    "origin.geojson",
    "forward.toml",
    "plan.json",
    "plan.geojson",
    "plan.kml",
    "plan.gpx",
    "report.html",
}
_AT_FDCWD = -100
_EXCHANGE = 2
_PROCESS_BEGAN_S = time.time()


def check_replaceable(folder: Path) -> None:
    """Ask that a folder may be written: absent, empty, or an earlier result, where folders can be made.

    Raises:
        InputError: it is a file, holds things that Sarex did not write, or cannot be made or read.
    """
    try:
        if not folder.exists():
            _check_place(folder)
            return
        if not folder.is_dir():
            raise InputError(f"--out is {folder}, which is a file; it must be a folder. Give another name.")
        ours = any((folder / marker).is_file() for marker in _MARKERS)
        foreign = any(folder.iterdir()) and not ours
    except OSError as error:
        raise InputError(
            f"--out is {folder}, which cannot be used ({error.strerror}). Give another name."
        ) from error
    if foreign:
        raise InputError(
            f"--out is {folder}, which holds files that Sarex did not write; results go only into a new or "
            "empty folder or over an earlier result. Give another name."
        )
    _check_place(folder)


def _check_place(folder: Path) -> None:
    """The new folder is made beside the old one, so the place that holds it must be writable."""
    place = next(parent for parent in folder.absolute().parents if parent.exists())
    if not place.is_dir():
        raise InputError(f"--out is {folder}, but {place} is a file; it must be a folder. Give another name.")
    if not os.access(place, os.W_OK | os.X_OK):
        raise InputError(
            f"--out is {folder}, but nothing may be written into {place}. Give a place that may be written."
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
        _clear_leftovers(folder)
        beside = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
        lock = os.open(beside, os.O_RDONLY)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror or error}. Give a folder that can."
        ) from error
    try:
        _try_lock(lock)
        yield beside
        _sync(*beside.iterdir(), beside)
        _carry_over(folder, beside)
        beside.chmod(0o755)
        _change_places(beside, folder)
        _sync(folder.parent)
    except OSError as error:
        raise OutputError(
            f"{folder} could not be written whole: {error.strerror or error}; what was there is untouched. "
            "Make room or give another folder."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        os.close(lock)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.sarex-"


def _clear_leftovers(folder: Path) -> None:
    """Remove what killed runs left beside: older than this process, and nobody holds its lock.

    The age spares a run that has made its folder and is about to lock it.
    """
    for path in folder.parent.glob(f"{glob.escape(_prefix(folder))}*"):
        with suppress(OSError):
            if path.is_symlink() or path.stat().st_mtime > _PROCESS_BEGAN_S:
                continue
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                if _try_lock(handle):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody has it, or the file system knows no locks
        return False
    return True


def _sync(*paths: Path) -> None:
    for path in paths:
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
        ours = re.fullmatch(r"searched-\d+\.json", path.name) is not None or path.name in _OUR_FILES
        if ours or (new / path.name).exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name, follow_symlinks=False)


def _change_places(new: Path, old: Path) -> None:
    if not old.exists():
        try:
            new.rename(old)
        except OSError:
            if not old.exists():
                raise
        else:
            return
    exchange = _exchange_call()
    if exchange is not None and exchange(os.fsencode(new), os.fsencode(old)) == 0:
        return
    aside = Path(tempfile.mkdtemp(prefix=f"{old.name}.before-", dir=old.parent))
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
