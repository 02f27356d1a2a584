"""Everything the drift of a case needs to know of its surroundings: current, wind and coast.

Sources are asked in the case's order of preference. At every node and instant the first that has data is
taken; only where none has, they are asked again with their values carried a few cells past their own
coast, in the same order. A source that is defined everywhere (a constant, the sample sea) ends the list.
Each source is interpolated once, from its native grid, onto one regular grid of the frame: bilinear in
space, linear in time between its own steps. Where nothing is known the field is NaN.
"""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, floor, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, ConstantVelocity, ForcingChoice, ForcingFile, SampleSea
from sarex.clock import from_posix_s, to_posix_s
from sarex.environment.coast import gather_coast
from sarex.environment.coverage import check_found, check_overlap, check_times
from sarex.environment.model import Box, Environment, ForcingSource, VelocityField
from sarex.environment.netcdf import ForcingDataset, open_forcing
from sarex.environment.provenance import describe_dataset, find_run_time
from sarex.environment.quantities import CURRENT, WIND, Quantity
from sarex.environment.sample_sea import DESCRIPTION
from sarex.environment.sources import ConstantSource, SampleSource, VelocitySource, load_file
from sarex.environment.target import Target, cover_box, span_box
from sarex.geo import LocalFrame

_MOST_NODES = 1_000_000
_MOST_VALUES = 30_000_000
"""Nodes times instants of one component: 120 MB in single precision."""
_FINER_NODES = 200_000
"""Up to here nodes lie half a native cell apart: interpolating twice then smooths four times less."""
_COARSEST_M = 3000.0
"""Coarser fields are still resampled this finely, so that little is lost at their edges and coasts."""
_SAMPLE_SPACING_M = 10_000.0
_SAMPLE_STEP_S = 3600.0
_CONSTANT_SPACING_M = 25_000.0
"""North turns over the plane, so even a constant needs nodes: bilinear between these, good to 2e-6."""
_PROBE_NODES = 65


@dataclass(frozen=True)
class FieldRequest:
    """What is asked of every source of one quantity."""

    quantity: Quantity
    frame: LocalFrame
    box: Box
    start: datetime
    end: datetime


def gather_environment(
    case: Case, frame: LocalFrame, box: Box, coast_box: Box, start: datetime, end: datetime
) -> Environment:
    """Read and resample current and wind over the box and the span of time, and fetch the coast.

    The coast has a box of its own because ships come from farther away than objects drift.

    Raises:
        ForcingError: a file cannot be used, or the files together do not cover the span of time, or none
            of them touches the box.
    """
    asked = FieldRequest(CURRENT, frame, box, start, end)
    current, current_sources = gather_field(asked, case.forcing.current)
    wind, wind_sources = gather_field(replace(asked, quantity=WIND), case.forcing.wind)
    coast = gather_coast(frame, coast_box)
    return Environment(frame, box, current, wind, coast, (*current_sources, *wind_sources))


def gather_field(
    request: FieldRequest, choices: tuple[ForcingChoice, ...]
) -> tuple[VelocityField, tuple[ForcingSource, ...]]:
    """One quantity on a regular grid of the frame, with where its numbers came from."""
    with ExitStack() as closing:
        opened: list[ForcingDataset | None] = []
        for choice in choices:
            forcing = open_forcing(choice.path, request.quantity) if isinstance(choice, ForcingFile) else None
            if forcing is not None:
                closing.callback(forcing.dataset.close)
            opened.append(forcing)
        everywhere = any(forcing is None for forcing in opened)
        files = [forcing for forcing in opened if forcing is not None]
        if not everywhere:
            check_times(
                request.quantity.name, [(f.label, f.times) for f in files], request.start, request.end
            )
        times_s = _choose_times(request, choices, files)
        target = _choose_target(request, choices, files, len(times_s))
        sources = [
            _prepare(request, choice, forcing, target)
            for choice, forcing in zip(choices, opened, strict=True)
        ]
        if all(source is None for source in sources):
            check_overlap(request.quantity.name, files, target)
        field, shares = _fill(sources, choices, target, times_s)
        check_found(request.quantity.name, files, field, request.start, request.end)
        told = [
            _tell(request, choice, forcing, share)
            for choice, forcing, share in zip(choices, opened, shares, strict=True)
        ]
    return field, tuple(told)


def _prepare(
    request: FieldRequest, choice: ForcingChoice, forcing: ForcingDataset | None, target: Target
) -> VelocitySource | None:
    if forcing is not None:
        return load_file(forcing, target, request.start, request.end)
    if isinstance(choice, ConstantVelocity):
        return ConstantSource(target, choice)
    return SampleSource(target, request.quantity.name)


def _choose_times(
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
    return np.unique(np.concatenate(instants))


def _choose_target(
    request: FieldRequest, choices: tuple[ForcingChoice, ...], files: list[ForcingDataset], instants: int
) -> Target:
    """Half the finest native spacing among the sources that reach the box where that is cheap."""
    probe = span_box(request.frame, request.box, _PROBE_NODES)
    spacings = [
        min(forcing.grid.spacing_m(probe), 2.0 * _COARSEST_M)
        for forcing in files
        if forcing.grid.place(probe, 1) is not None
    ]
    if any(isinstance(choice, SampleSea) for choice in choices):
        spacings.append(_SAMPLE_SPACING_M)
    if not spacings:
        return cover_box(request.frame, request.box, _CONSTANT_SPACING_M)
    width = request.box.x_max_m - request.box.x_min_m
    height = request.box.y_max_m - request.box.y_min_m
    most = min(_MOST_NODES, _MOST_VALUES // instants)
    spacing_m = _choose_spacing(min(spacings), 1.04 * width * height, most)
    return cover_box(request.frame, request.box, spacing_m)


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


def _fill(
    sources: list[VelocitySource | None],
    choices: tuple[ForcingChoice, ...],
    target: Target,
    times_s: NDArray[np.float64],
) -> tuple[VelocityField, list[float]]:
    """Ask the sources in order, instant by instant; the share of each is among the values that were found."""
    order = _asking_order(sources, choices)
    shape = (len(times_s), target.rows, target.columns)
    x, y = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    served = np.zeros(len(sources))
    for step, time_s in enumerate(times_s):
        missing = np.ones(shape[1:], dtype=bool)
        for index, extended in order:
            source = sources[index]
            if source is None or not missing.any():
                continue
            x_new, y_new = source.at(float(time_s), extended=extended)
            found = missing & np.isfinite(x_new)
            x[step][found], y[step][found] = x_new[found], y_new[found]
            served[index] += np.count_nonzero(found)
            missing &= ~found
    shares = served / max(served.sum(), 1.0)
    known = np.asarray(np.isfinite(x).any(axis=(1, 2)))
    # Steps before or after the span that only a file elsewhere has are of no use.
    keep = (
        slice(int(np.argmax(known)), len(known) - int(np.argmax(known[::-1]))) if known.any() else slice(None)
    )
    field = VelocityField(target.x0_m, target.y0_m, target.spacing_m, times_s[keep], x[keep], y[keep])
    return field, [float(share) for share in shares]


def _asking_order(
    sources: list[VelocitySource | None], choices: tuple[ForcingChoice, ...]
) -> list[tuple[int, bool]]:
    """Files as they are, then the same files past their own coast, then what is defined everywhere."""
    everywhere = next((i for i, c in enumerate(choices) if not isinstance(c, ForcingFile)), len(sources))
    before = range(everywhere)
    rest = [(everywhere, False)] if everywhere < len(sources) else []
    return [(i, False) for i in before] + [(i, True) for i in before] + rest


def _tell(
    request: FieldRequest, choice: ForcingChoice, forcing: ForcingDataset | None, share: float
) -> ForcingSource:
    name = request.quantity.name
    if forcing is not None:
        return ForcingSource(
            quantity=name,
            label=forcing.label,
            description=describe_dataset(forcing.dataset),
            valid_from=from_posix_s(float(forcing.times.times_s[0])),
            valid_until=from_posix_s(float(forcing.times.times_s[-1])),
            produced_at=find_run_time(forcing.dataset, forcing.label, request.end),
            synthetic=False,
            share=share,
        )
    if isinstance(choice, ConstantVelocity):
        label = f"constant {name}"
        description = (
            f"given in the case: {choice.eastward_mps:.2f} m/s toward east, "
            f"{choice.northward_mps:.2f} m/s toward north, everywhere and always"
        )
    else:
        label, description = "sample sea", DESCRIPTION
    return ForcingSource(
        quantity=name,
        label=label,
        description=description,
        valid_from=request.start,
        valid_until=request.end,
        produced_at=None,
        synthetic=isinstance(choice, SampleSea),
        share=share,
        constant=isinstance(choice, ConstantVelocity),
    )
