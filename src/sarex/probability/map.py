"""A view of the belief at one instant: cells, contours and named bins.

The cells lie on the equal-area local frame, so that each weighs the same. A contour of level p is the
smallest area (by density) that holds p of the probability afloat: a highest-density region (Hyndman 1996).
The density is the histogram smoothed by a normal kernel whose width follows from the spread of the cloud
and the number of particles (Scott 1992, n^(-1/6), on half the spread because clouds are seldom normal), each
part of the cloud that lies apart from the others having a width of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.polygon import orient

from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.geo import LocalFrame
from sarex.probability.lobes import lobes_of

LEVELS = (0.5, 0.75, 0.9, 0.95)
MOST_CELLS = 240
"""Cells along the longer side of the map."""
MOST_CELLS_OF_PARTS = 960
"""The same for a cloud of several parts, whose cells must resolve the narrowest of them."""
_CELLS_A_SPREAD = 4.0
"""Cells in a standard deviation of the narrowest part."""
_MARGIN_FRAC = 0.08

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ProbabilityMap:
    """Where the object is likely at one instant. The bins sum to one."""

    valid_at: datetime
    computed_at: datetime
    frame: LocalFrame
    x0_m: float
    """Left edge of the first column."""
    y0_m: float
    """Lower edge of the first row."""
    spacing_m: float
    poc: Floats
    """Probability of containment of each cell, (y, x); its sum is the bin "afloat"."""
    bins: Mapping[str, float]
    """"afloat", "ashore", "outside_forcing", "not_yet_released" and "found"."""


@dataclass(frozen=True)
class Contour:
    """A highest-density region of the probability afloat."""

    level_frac: float
    area_m2: float
    polygons_lonlat: MultiPolygon


def bins_at(ensemble: DriftEnsemble, index: int, found: float) -> dict[str, float]:
    """Probability by what has become of the object, at one time of the ensemble."""
    names = {
        "afloat": Status.ACTIVE,
        "ashore": Status.STRANDED,
        "outside_forcing": Status.OUTSIDE_FORCING,
        "not_yet_released": Status.NOT_YET_RELEASED,
    }
    status = ensemble.status[:, index]
    bins = {name: float(ensemble.weight[status == code].sum()) for name, code in names.items()}
    return {**bins, "found": found}


def map_probability(ensemble: DriftEnsemble, at: datetime, computed_at: datetime) -> ProbabilityMap:
    """The probability map at the ensemble's time nearest to an instant."""
    index = int(np.argmin(np.abs(ensemble.times_s - to_posix_s(at))))
    afloat = ensemble.status[:, index] == Status.ACTIVE
    x_m = ensemble.x_m[afloat, index].astype(float)
    y_m = ensemble.y_m[afloat, index].astype(float)
    weight = ensemble.weight[afloat]
    x0_m, y0_m, spacing_m, poc = smoothed_cells(x_m, y_m, weight)
    return ProbabilityMap(
        valid_at=at,
        computed_at=computed_at,
        frame=ensemble.frame,
        x0_m=x0_m,
        y0_m=y0_m,
        spacing_m=spacing_m,
        poc=poc,
        bins=bins_at(ensemble, index, found=max(0.0, 1.0 - ensemble.undetected)),
    )


def smoothed_cells(
    x_m: Floats, y_m: Floats, weight: Floats, independent: float = np.inf
) -> tuple[float, float, float, Floats]:
    """Weighted points as smoothed cells: left, lower, spacing, probability of each cell (y, x).

    Args:
        independent: how many of the points are draws of their own, where many lie on one trajectory.
    """
    lobe = lobes_of(x_m, y_m, weight) if x_m.size and weight.sum() > 0 else np.zeros(x_m.size, np.intp)
    x0_m, y0_m, spacing_m, rows, columns = _cells_over(x_m, y_m, lobe)
    area = (y0_m, y0_m + rows * spacing_m), (x0_m, x0_m + columns * spacing_m)
    total = np.zeros((rows, columns))
    for part in range(int(lobe.max(initial=0)) + 1):
        own = lobe == part
        x, y, w = (x_m, y_m, weight) if own.all() else (x_m[own], y_m[own], weight[own])
        poc, _, _ = np.histogram2d(y, x, bins=(rows, columns), range=area, weights=w)
        if x.size >= 2 and w.sum() > 0:
            effective = min(float(w.sum() ** 2 / np.square(w).sum()), independent)
            poc = _smoothed(poc, x, y, w, spacing_m, effective)
        total += poc
    return x0_m, y0_m, spacing_m, total


def contours(probability: ProbabilityMap, levels: Sequence[float] = LEVELS) -> tuple[Contour, ...]:
    """Highest-density regions of the probability afloat; none if nothing is afloat."""
    density = probability.poc
    total = density.sum()
    if total <= 0:
        return ()
    ranked = np.sort(density, axis=None)[::-1]
    held = np.cumsum(ranked) / total
    result = []
    for level in levels:
        last = int(np.searchsorted(held, level))
        threshold = float(ranked[min(last, ranked.size - 1)])
        area_m2 = float((density >= threshold).sum()) * probability.spacing_m**2
        result.append(Contour(level, area_m2, _polygons(probability, threshold)))
    return tuple(result)


def _cells_over(x_m: Floats, y_m: Floats, lobe: NDArray[np.intp]) -> tuple[float, float, float, int, int]:
    """A grid over the cloud with a margin: left, lower, spacing, rows, columns."""
    if x_m.size == 0:
        return 0.0, 0.0, 1000.0, 1, 1
    width_m, height_m = max(float(np.ptp(x_m)), 500.0), max(float(np.ptp(y_m)), 500.0)
    margin_m = _MARGIN_FRAC * max(width_m, height_m)
    width_m, height_m = width_m + 2 * margin_m, height_m + 2 * margin_m
    spacing_m = max(width_m, height_m) / MOST_CELLS
    if lobe.max() > 0:
        narrowest_m = min(
            float(np.std(values[lobe == part])) for part in range(lobe.max() + 1) for values in (x_m, y_m)
        )
        finest_m = max(width_m, height_m) / MOST_CELLS_OF_PARTS
        spacing_m = max(finest_m, min(spacing_m, narrowest_m / _CELLS_A_SPREAD))
    rows, columns = int(np.ceil(height_m / spacing_m)), int(np.ceil(width_m / spacing_m))
    return float(x_m.min()) - margin_m, float(y_m.min()) - margin_m, spacing_m, rows, columns


def _smoothed(
    poc: Floats, x_m: Floats, y_m: Floats, weight: Floats, spacing_m: float, effective: float
) -> Floats:
    """The cells convolved with a normal kernel; what would leave the grid is kept at its edge."""
    smoothed = poc
    for axis, values in ((1, x_m), (0, y_m)):
        mean = np.average(values, weights=weight)
        spread_m = float(np.sqrt(np.average((values - mean) ** 2, weights=weight)))
        width_cells = max(0.5 * spread_m * effective ** (-1.0 / 6.0) / spacing_m, 0.5)
        smoothed = _convolved(smoothed, width_cells, axis)
    return np.asarray(smoothed * (poc.sum() / smoothed.sum()), dtype=np.float64)


def _convolved(cells: Floats, width_cells: float, axis: int) -> Floats:
    reach = min(int(np.ceil(3 * width_cells)), cells.shape[axis])
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width_cells) ** 2)
    kernel /= kernel.sum()
    padding = [(0, 0), (0, 0)]
    padding[axis] = (reach, reach)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(cells, padding), 2 * reach + 1, axis=axis)
    return np.asarray(np.einsum("ijk,k->ij", windows, kernel), dtype=np.float64)


def _polygons(probability: ProbabilityMap, threshold: float) -> MultiPolygon:
    rows, columns = probability.poc.shape
    x_m = probability.x0_m + (np.arange(-1, columns + 1) + 0.5) * probability.spacing_m
    y_m = probability.y0_m + (np.arange(-1, rows + 1) + 0.5) * probability.spacing_m
    generator = contourpy.contour_generator(
        x_m, y_m, np.pad(probability.poc, 1), fill_type=contourpy.FillType.OuterOffset
    )
    polygons = []
    filled: Any = generator.filled(threshold, np.inf)
    for corners, starts in zip(filled[0], filled[1], strict=True):
        lonlat = _unbroken(probability.frame, corners)
        rings = [lonlat[a:b] for a, b in pairwise(starts)]
        # a ring may touch itself where cells meet at a corner
        whole = shapely.make_valid(Polygon(rings[0], rings[1:]))
        polygons += [orient(part) for part in shapely.get_parts(whole) if isinstance(part, Polygon)]
    return MultiPolygon(polygons)


def _unbroken(frame: LocalFrame, corners: Floats) -> Floats:
    """Positions with longitudes within 180 degrees of the frame's origin: no ring jumps at the dateline."""
    lon_deg, lat_deg = frame.to_lonlat_deg(corners[:, 0], corners[:, 1])
    origin_deg = frame.origin_lon_deg
    lon_deg = origin_deg + (lon_deg - origin_deg + 180.0) % 360.0 - 180.0
    return np.column_stack([lon_deg, lat_deg])
