"""Steps of a forcing file in batches, so that a month of a large model never lies in memory at once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarex.environment.dataset import ForcingDataset
from sarex.environment.labelled import LabelledArray
from sarex.environment.pairs import Component
from sarex.environment.placement import Indices, Placement
from sarex.environment.staggered import Stagger
from sarex.environment.trouble import file_trouble
from sarex.errors import ForcingError
from sarex.kernels.regrid import centre_of_faces, clean_speeds

Singles = NDArray[np.float32]

_BATCH_STEPS = 24
_BATCH_VALUES = 8_000_000
"""Values of one component in a batch: 32 MB, so that both and what is being decoded stay near 100 MB."""

_FILL_LIKE = 999.0
"""Fill values that a file does not declare: -9999, 999, 1e20, ... no speed in any usual unit is as large."""


_NOTHING = np.empty(0, np.float32), np.empty(0, np.float32)


@dataclass
class StepReader:
    """Both components of a file on the piece that a placement needs, step by step.

    Steps are asked for in increasing order; a batch is read when its first step is asked for, and the last
    step of the batch before is kept, because an instant between two steps needs both.
    """

    forcing: ForcingDataset
    placement: Placement
    first_step: int
    last_step: int
    _batch_first: int = 0
    _batch: tuple[Singles, Singles] = _NOTHING
    _kept: dict[int, tuple[Singles, Singles]] = field(default_factory=dict)

    def step(self, index: int) -> tuple[Singles, Singles]:
        """Components in m/s at a step, counted as `TimeAxis.times_s` is; NaN where the file has nothing."""
        if index in self._kept:
            return self._kept[index]
        if not 0 <= index - self._batch_first < len(self._batch[0]):
            self._read_from(index)
        first, second = self._batch
        return first[index - self._batch_first], second[index - self._batch_first]

    def _read_from(self, index: int) -> None:
        first, second = self._batch
        if len(first):
            # Copies, because a view would keep the whole batch in memory.
            self._kept = {self._batch_first + len(first) - 1: (first[-1].copy(), second[-1].copy())}
        last_step = min(index + self._batch_steps() - 1, self.last_step)
        self._batch_first, self._batch = index, _NOTHING
        with file_trouble(self.forcing.label):
            self._batch = read_steps(self.forcing, self.placement, slice(index, last_step + 1))

    def _batch_steps(self) -> int:
        """A day of hourly steps, or whole chunks of the file, as far as memory allows."""
        variable = self.forcing.dataset[self.forcing.components[0].variable]
        chunks = variable.encoding.get("chunksizes") or ()
        by_dim = dict(zip(variable.dims, chunks, strict=False)) if len(chunks) == variable.ndim else {}
        wanted = max(_BATCH_STEPS, int(by_dim.get(self.forcing.times.dim, 1)))
        return max(1, min(wanted, _BATCH_VALUES // max(1, _piece_size(self.placement))))


def _piece_size(placement: Placement) -> int:
    """Values of one component and step that are read."""
    if len(placement.native) == 1:
        return int(np.ptp(placement.native[0])) + 1
    return int(np.prod([order.size for order in placement.native]))


def read_steps(forcing: ForcingDataset, placement: Placement, steps: slice) -> tuple[Singles, Singles]:
    """Both components in m/s, each (time, native row, native column), or (time, element) on a mesh.

    Raises:
        ForcingError: a speed is not believed.
    """
    first, second = forcing.components
    if forcing.stagger is not None:
        return _read_staggered(forcing, forcing.stagger, placement, steps)
    picks = dict(zip((forcing.row_dim, forcing.column_dim), placement.native, strict=False))
    return _read(forcing, first, steps, picks), _read(forcing, second, steps, picks)


def _read_staggered(
    forcing: ForcingDataset, stagger: Stagger, placement: Placement, steps: slice
) -> tuple[Singles, Singles]:
    """The faces around the centres that are needed, brought to the centres."""
    rows, columns = placement.native
    low_row, low_column = int(rows.min()), int(columns.min())
    face_rows, face_columns = np.arange(low_row, rows.max() + 2), np.arange(low_column, columns.max() + 2)
    first_picks = {forcing.row_dim: face_rows, forcing.column_dim: face_columns}
    second_picks = {stagger.second_row_dim: face_rows, stagger.second_column_dim: face_columns}
    first = _read(forcing, forcing.components[0], steps, first_picks)
    second = _read(forcing, forcing.components[1], steps, second_picks)
    water = np.ascontiguousarray(stagger.water[np.ix_(rows, columns)])
    shape = (len(first), rows.size, columns.size)
    centred = np.empty(shape, np.float32), np.empty(shape, np.float32)
    centre_of_faces(first, second, rows - low_row, columns - low_column, water, *centred)
    return centred


def _read(forcing: ForcingDataset, component: Component, steps: slice, picks: dict[str, Indices]) -> Singles:
    """One component in m/s, (time, *picks); NaN for missing."""
    times = forcing.times
    if times.descending:
        count = len(times.times_s)
        steps = slice(count - steps.stop, count - steps.start)
    values = forcing.dataset[component.variable].isel({**forcing.fixed, times.dim: steps})
    values = values.transpose(times.dim, *picks)
    read = _read_runs(values, picks)
    read = np.ascontiguousarray(read[::-1] if times.descending else read)
    if read.dtype not in (np.float32, np.float64):
        read = read.astype(np.float64)
    speeds = np.empty(read.shape, np.float32)
    fastest = clean_speeds(read.reshape(-1), component.mps_per_unit, _FILL_LIKE, speeds.reshape(-1))
    _check_speed(forcing, fastest)
    return speeds


def _read_runs(values: LabelledArray, picks: dict[str, Indices]) -> NDArray[Any]:
    """Values on the picked indices, read in as few rectangles as their orders allow."""
    if len(picks) == 1:
        ((dim, elements),) = picks.items()
        low = int(elements.min())
        read = np.asarray(values.isel({dim: slice(low, int(elements.max()) + 1)}).values)
        return read[:, elements - low]
    (row_dim, rows), (column_dim, columns) = picks.items()
    blocks = [
        [_read_run(values, {row_dim: row_run, column_dim: column_run}) for column_run in _runs(columns)]
        for row_run in _runs(rows)
    ]
    return blocks[0][0] if len(blocks) == len(blocks[0]) == 1 else np.block(blocks)


def _read_run(values: LabelledArray, picks: dict[str, Indices]) -> NDArray[Any]:
    """One rectangle of the file, read as a plain slice and turned round where its order is descending."""
    slices, flips = {}, []
    for dim in values.dims:
        pick = picks.get(str(dim))
        if pick is None:
            flips.append(slice(None))
            continue
        step = int(abs(pick[1] - pick[0])) if len(pick) > 1 else 1
        slices[dim] = slice(int(pick.min()), int(pick.max()) + 1, step)
        flips.append(slice(None, None, -1 if len(pick) > 1 and pick[1] < pick[0] else 1))
    return np.asarray(values.isel(slices).values)[tuple(flips)]


def _runs(order: Indices) -> list[Indices]:
    """Stretches of an order that are evenly stepped, so that each is one slice of the file."""
    steps = np.diff(order)
    if steps.size == 0:
        return [order]
    step = np.median(steps)
    return np.split(order, np.flatnonzero(steps != step) + 1)


def _check_speed(forcing: ForcingDataset, fastest_mps: float) -> None:
    quantity = forcing.quantity
    if fastest_mps > quantity.limit_mps:
        units = forcing.dataset[forcing.components[0].variable].attrs.get("units")
        raise ForcingError(
            f"{forcing.label}: a {quantity.name} of {fastest_mps:.0f} m/s is not believed (limit "
            f"{quantity.limit_mps:g}); the units '{units}' or the fill values are probably wrong."
        )
