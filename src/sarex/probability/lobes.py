"""The separate parts of a cloud: a beacon's image, a second scenario, what went into another fjord.

One kernel width for parts that lie far apart would smear each of them over the distance between them.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_COARSE = 24
"""Coarse cells along the longer side; parts are apart where a coarse cell between them is empty."""
_LEAST_SHARE = 0.005
_LEAST_POINTS = 30
"""A part is one if it holds so much and so many; less are strays, which go with the nearest part."""


def lobes_of(x_m: Floats, y_m: Floats, weight: Floats) -> NDArray[np.intp]:
    """The number of the part that each point belongs to, from 0; all 0 where the cloud is of one part."""
    size_m = max(float(np.ptp(x_m)), float(np.ptp(y_m)), 1.0) / (_COARSE - 1)
    column = ((x_m - x_m.min()) / size_m).astype(np.intp)
    row = ((y_m - y_m.min()) / size_m).astype(np.intp)
    cell = row * _COARSE + column
    label_of_cell = _connected(np.bincount(cell, minlength=_COARSE**2).reshape(_COARSE, _COARSE) > 0)
    label = label_of_cell.ravel()[cell]
    count, share = np.bincount(label), np.bincount(label, weight) / weight.sum()
    parts = np.flatnonzero((count >= _LEAST_POINTS) & (share >= _LEAST_SHARE))
    if parts.size < 2:
        return np.zeros(x_m.size, np.intp)
    middles = np.array([(row[label == part].mean(), column[label == part].mean()) for part in parts])
    lobe = np.full(label_of_cell.max() + 1, -1, np.intp)
    lobe[parts] = np.arange(parts.size)
    found: NDArray[np.intp] = lobe[label]
    stray = np.flatnonzero(found < 0)
    apart = np.hypot(row[stray, None] - middles[:, 0], column[stray, None] - middles[:, 1])
    found[stray] = np.argmin(apart, axis=1)
    return found


def _connected(occupied: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Numbers of the connected parts of a small grid, neighbours by side or corner; 0 also where empty."""
    label = np.full(occupied.shape, -1, np.intp)
    number = 0
    for start in zip(*np.nonzero(occupied), strict=True):
        if label[start] >= 0:
            continue
        waiting = [start]
        label[start] = number
        while waiting:
            row, column = waiting.pop()
            for near in np.ndindex(3, 3):
                at = row + near[0] - 1, column + near[1] - 1
                inside = 0 <= at[0] < occupied.shape[0] and 0 <= at[1] < occupied.shape[1]
                if inside and occupied[at] and label[at] < 0:
                    label[at] = number
                    waiting.append(at)
        number += 1
    return np.asarray(np.maximum(label, 0), np.intp)
