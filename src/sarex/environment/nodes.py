"""On which nodes and instants a field is gathered from its sources."""

from math import ceil, floor, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import ForcingChoice, SampleSea
from sarex.clock import to_posix_s
from sarex.environment.dataset import ForcingDataset
from sarex.environment.model import Box
from sarex.environment.request import FieldRequest
from sarex.environment.target import Target, cover_box, span_box

_MOST_NODES = 1_000_000
_MOST_VALUES = 400_000_000
"""Nodes times instants of one component: 1.6 GB in single precision, on disk."""
_FINER_NODES = 200_000
"""Up to here nodes lie half a native cell apart: interpolating twice then smooths four times less."""
_COARSEST_M = 3000.0
"""Coarser fields are still resampled this finely, so that little is lost at their edges and coasts."""
_SAMPLE_SPACING_M = 10_000.0
_SAMPLE_STEP_S = 3600.0
_CONSTANT_SPACING_M = 5_000.0
"""North turns over the plane, so even a constant needs nodes: bilinear between these, good to 2e-6."""
PROBE_NODES = 65
SEAM_S = 1.0
"""One source takes over from another within a second."""


def choose_times(
    request: FieldRequest, choices: tuple[ForcingChoice, ...], files: list[ForcingDataset]
) -> NDArray[np.float64]:
    """Instants of the field: every step of every file from just before the span to just after it."""
    start_s, end_s = to_posix_s(request.start), to_posix_s(request.end)
    instants: list[NDArray[np.float64]] = []
    for forcing in files:
        times_s = forcing.times.times_s
        if end_s < times_s[0] or start_s > times_s[-1]:
            continue
        first = max(int(np.searchsorted(times_s, start_s, side="right")) - 1, 0)
        last = min(int(np.searchsorted(times_s, end_s, side="left")), len(times_s) - 1)
        instants.append(times_s[first : last + 1])
    if any(isinstance(choice, SampleSea) for choice in choices):
        count = max(2, ceil((end_s - start_s) / _SAMPLE_STEP_S) + 1)
        instants.append(start_s + _SAMPLE_STEP_S * np.arange(count, dtype=np.float64))
    if len(files) < len(choices):
        instants.append(np.array([start_s, max(end_s, start_s + 1.0)]))
    instants.append(_seams_s(files, start_s, end_s, everywhere=len(files) < len(choices)))
    return np.unique(np.concatenate(instants))


def _seams_s(
    files: list[ForcingDataset], start_s: float, end_s: float, *, everywhere: bool
) -> NDArray[np.float64]:
    """Instants just outside a file's times at which another source takes over from it.

    Without them the field would glide from one source to the other over the next step, which may be days.
    """
    seams_s = []
    for forcing in files:
        times_s = forcing.times.times_s
        for beside_s in (float(times_s[0]) - SEAM_S, float(times_s[-1]) + SEAM_S):
            others = (other.times.times_s for other in files if other is not forcing)
            served = everywhere or any(other[0] <= beside_s <= other[-1] for other in others)
            if start_s < beside_s < end_s and served:
                seams_s.append(beside_s)
    return np.array(seams_s, np.float64)


def choose_target(
    request: FieldRequest, choices: tuple[ForcingChoice, ...], files: list[ForcingDataset], instants: int
) -> Target:
    """Half the finest native spacing among the sources that reach the box where that is cheap."""
    probe = span_box(request.frame, request.box, PROBE_NODES)
    reached = [(forcing, _reached(forcing, probe)) for forcing in files]
    touching = [forcing for forcing, nodes in reached if nodes.any()]
    spacings = [min(forcing.grid.spacing_m(probe), 2.0 * _COARSEST_M) for forcing in touching]
    if any(isinstance(choice, SampleSea) for choice in choices):
        spacings.append(_SAMPLE_SPACING_M)
    if not spacings:
        return cover_box(request.frame, request.box, _CONSTANT_SPACING_M)
    box = request.box
    if len(files) == len(choices):
        box = _part_of(box, probe, np.any([nodes for _, nodes in reached], axis=0))
    area_m2 = (box.x_max_m - box.x_min_m) * (box.y_max_m - box.y_min_m)
    most = min(_MOST_NODES, _MOST_VALUES // instants)
    spacing_m = _choose_spacing(min(spacings), 1.04 * area_m2, most)
    return cover_box(request.frame, box, spacing_m)


def _reached(forcing: ForcingDataset, probe: Target) -> NDArray[np.bool_]:
    """At which nodes of the probe a source may have values, its reach past its own coast included."""
    velocity = np.full((probe.rows, probe.columns, 2), np.nan, np.float32)
    placement = forcing.grid.place(probe, 1)
    if placement is not None:
        anything = np.zeros([len(points) for points in placement.native], np.float32)
        for extended in (False, True):
            placement.fill(anything, anything, velocity, extended=extended)
    return np.isfinite(velocity[..., 0])


def _part_of(box: Box, probe: Target, nodes: NDArray[np.bool_]) -> Box:
    """The part of the box in which some node of the probe is true, with one step of the probe to spare.

    Elsewhere nothing is known, and what drifts there has left the forcing with or without nodes.
    """
    rows, columns = np.flatnonzero(nodes.any(axis=1)), np.flatnonzero(nodes.any(axis=0))
    return Box(
        max(box.x_min_m, probe.x0_m + (float(columns[0]) - 1.0) * probe.spacing_m),
        max(box.y_min_m, probe.y0_m + (float(rows[0]) - 1.0) * probe.spacing_m),
        min(box.x_max_m, probe.x0_m + (float(columns[-1]) + 1.0) * probe.spacing_m),
        min(box.y_max_m, probe.y0_m + (float(rows[-1]) + 1.0) * probe.spacing_m),
    )


def _choose_spacing(native_m: float, area_m2: float, most: int) -> float:
    """Half the native spacing, else the native one, else what `most` nodes allow.

    In round numbers and few steps, so that a case with a later window almost always keeps its nodes.
    """
    round_m = float(f"{native_m:.2g}")
    if area_m2 <= min(_FINER_NODES, most) * (round_m / 2.0) ** 2:
        return round_m / 2.0
    if area_m2 <= most * round_m**2:
        return round_m
    coarse_m = sqrt(area_m2 / most)
    step_m = 10.0 ** (floor(log10(coarse_m)) - 1)
    return ceil(coarse_m / step_m) * step_m
