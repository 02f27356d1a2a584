"""Where along a track forecasts are made."""

from collections.abc import Sequence

import numpy as np

from sarex.validation.model import Launch, Track


def choose_launches(tracks: Sequence[Track], spacing_h: int, horizons_h: Sequence[int]) -> tuple[Launch, ...]:
    """A launch every so many hours along each track, where the shortest horizon at least can be scored.

    The first is one hour after the track's beginning, so that every launch has a last known velocity. Nothing
    is chosen by what happens afterwards except that track and forcing go on.
    """
    launches = []
    for track in tracks:
        complete = _complete(track)
        for start in range(1, complete.size, spacing_h):
            if not complete[start - 1]:
                continue
            hours = _unbroken(complete[start : start + max(horizons_h) + 1]) - 1
            if hours >= min(horizons_h):
                launches.append(Launch(track, start, hours))
    return tuple(launches)


def _complete(track: Track) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Hours at which position, current and wind are all known, (time,)."""
    columns = (
        track.lon_deg,
        track.lat_deg,
        track.current_eastward_mps,
        track.current_northward_mps,
        track.wind_eastward_mps,
        track.wind_northward_mps,
    )
    return np.asarray(np.isfinite(np.stack(columns)).all(axis=0))


def _unbroken(complete: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """How many hours from the first on are complete."""
    gaps = np.flatnonzero(~complete)
    return int(gaps[0]) if gaps.size else int(complete.size)
