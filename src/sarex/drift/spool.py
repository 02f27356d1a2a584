"""A job on disk, its large arrays as plain files that every process maps instead of holding a copy."""

import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sarex.drift.engine import Job

_LARGE_BYTES = 1_000_000
_INDEX = "job.pickle"


def spool(job: Job, folder: Path) -> Path:
    """Write a job into an empty folder."""
    with (folder / _INDEX).open("wb") as file:
        _Spooler(file, folder).dump(job)
    return folder


@lru_cache(maxsize=1)
def load_spooled(folder: Path) -> Job:
    """The job in a folder, its large arrays mapped; kept for the next piece."""
    with (folder / _INDEX).open("rb") as file:
        job = _Loader(file, folder).load()
    if not isinstance(job, Job):
        raise TypeError(f"{folder} holds a {type(job).__name__}, not the job of a drift")
    return job


class _Spooler(pickle.Pickler):
    def __init__(self, file: Any, folder: Path) -> None:
        super().__init__(file, protocol=5)
        self._folder, self._count = folder, 0

    def persistent_id(self, thing: object) -> str | None:
        """A file name for a large array; everything else is pickled in place."""
        if not isinstance(thing, np.ndarray) or thing.nbytes < _LARGE_BYTES:
            return None
        name = f"{self._count}.npy"
        self._count += 1
        np.save(self._folder / name, thing)
        return name


class _Loader(pickle.Unpickler):
    def __init__(self, file: Any, folder: Path) -> None:
        super().__init__(file)
        self._folder = folder

    def persistent_load(self, name: object) -> np.ndarray[Any, Any]:
        """The array in a file, mapped."""
        # copy on write, because compiled code is made anew for arrays that must not be written
        return np.asarray(np.load(self._folder / str(name), mmap_mode="c"))
