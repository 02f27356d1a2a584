"""What a location offers for a drift, and what is missing or wrong, without a case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sarex.clock import from_posix_s
from sarex.environment.dataset import ForcingDataset, describe
from sarex.environment.grids import CurvilinearGrid, StraightGrid
from sarex.environment.levels import count_realizations, level_of
from sarex.environment.model import Box
from sarex.environment.observations import StationGrid, is_table, open_table
from sarex.environment.pairs import nothing_found, stated_units
from sarex.environment.placement import NativeGrid
from sarex.environment.provenance import UNDESCRIBED, describe_dataset, find_run_time
from sarex.environment.quantities import CURRENT, QUANTITIES, WIND, Quantity
from sarex.environment.stores import Store, opened
from sarex.environment.target import span_box
from sarex.environment.trouble import file_trouble
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

_SAMPLED_STEPS = 5
_SAMPLED_ALONG = 400
"""At most this many values along each dimension of a sampled step."""
_FILL_LIKE = 999.0
_FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
_HOLE_STEPS = 1.5
_AROUND_M = 60_000.0


@dataclass(frozen=True)
class Offer:
    """One quantity that a location has."""

    quantity: str
    variables: tuple[str, str]
    units: str
    grid: str
    spacing_m: float
    spacing_deg: float | None
    """Of a grid in longitude and latitude, along the parallel."""
    box_deg: tuple[float, float, float, float]
    """West, south, east, north."""
    first: datetime
    last: datetime
    instants: int
    step_s: float
    """The usual step; 0 for a single time."""
    level: str
    realizations: int
    missing_frac: float
    """Of a sample of up to five instants; land counts as missing."""
    fastest_mps: float | None
    """In the sample."""


@dataclass(frozen=True)
class Inventory:
    """What a location offers, with what is wrong or missing in sentences."""

    location: str
    label: str
    kind: str
    description: str
    computed_at: datetime | None
    offers: tuple[Offer, ...]
    remarks: tuple[str, ...]


def take_inventory(location: str) -> Inventory:
    """Look into a location.

    Raises:
        ForcingError: it cannot be opened at all.
    """
    if is_table(location):
        return _table_inventory(Path(location))
    with opened(location) as store, file_trouble(store.label, store.kind):
        offers: list[Offer] = []
        remarks: list[str] = []
        known: set[Quantity] = set()
        for quantity in QUANTITIES:
            try:
                forcing = _find(store, quantity)
                if forcing is not None:
                    known.add(quantity)
                    offers.append(_offer(forcing))
                    remarks += _remarks(forcing, offers[-1])
            except ForcingError as trouble:
                known.add(quantity)
                remarks.append(str(trouble).removeprefix(f"{store.label}: "))
        return Inventory(
            location,
            store.label,
            store.kind,
            describe_dataset(store.datasets[0]) if store.datasets else UNDESCRIBED,
            _run(store),
            tuple(offers),
            (*_absences(store, known), *dict.fromkeys(remarks)),
        )


def _table_inventory(path: Path) -> Inventory:
    """What a table of observations has, in sentences.

    Raises:
        ForcingError: it has neither current nor wind, or none that can be read.
    """
    told: list[str] = []
    troubles: list[ForcingError] = []
    for quantity in (CURRENT, WIND):
        try:
            told.append(_table_words(open_table(path, quantity)))
        except ForcingError as trouble:
            troubles.append(trouble)
    if not told:
        raise troubles[0]
    told += [str(trouble).removeprefix(f"{path.name}: ") for trouble in troubles]
    use = f'observations; a case names them as {{ table = "{path.name}" }}'
    return Inventory(str(path), path.name, "table", use, None, (), tuple(told))


def _table_words(forcing: ForcingDataset) -> str:
    """Stations, times and places of one quantity of a table."""
    times_s = forcing.times.times_s
    first, last = (f"{from_posix_s(float(time_s)):%Y-%m-%d %H:%MZ}" for time_s in times_s[[0, -1]])
    grid = forcing.grid
    where = "everywhere (no positions given)"
    if isinstance(grid, StationGrid) and not np.isnan(grid.lon_deg).all():
        west, south, east, north = grid.corners_deg()
        stations = "1 station" if len(grid.lon_deg) == 1 else f"{len(grid.lon_deg)} stations"
        where = (
            f"at {stations}, longitude {west:.2f} to {east:.2f}, latitude {south:.2f} to {north:.2f}, "
            f"used up to {grid.reach_m / 1000.0:g} km around"
        )
    times = (
        f"at {len(times_s)} times, {first} to {last}" if len(times_s) > 1 else f"at a single time, {first}"
    )
    return f"{forcing.quantity.name} {where}; {times}."


def _find(store: Store, quantity: Quantity) -> ForcingDataset | None:
    """The quantity, whichever member it is of; None where nothing of it is there."""
    try:
        return describe(store, quantity, 0)
    except ForcingError as trouble:
        absent = nothing_found(store.label, store.datasets, store.held, quantity)
        if str(trouble) == absent and "only one component" not in absent:
            return None
        raise


def _run(store: Store) -> datetime | None:
    runs = (find_run_time(dataset, store.label, _FAR_FUTURE) for dataset in store.datasets)
    return max((run for run in runs if run is not None), default=None)


def _absences(store: Store, known: set[Quantity]) -> Iterator[str]:
    if not known:
        held = ", ".join(store.held[:8]) or "no variables at all"
        yield f"no current, wind or Stokes drift in this file; it holds {held}."
        return
    for quantity in (CURRENT, WIND):
        if quantity not in known:
            yield f"no {quantity.name} in this file; a drift needs one from another."


def _offer(forcing: ForcingDataset) -> Offer:
    dataset, name = forcing.dataset, forcing.components[0].variable
    times_s = forcing.times.times_s
    taken = {forcing.times.dim, forcing.row_dim, forcing.column_dim}
    others = [str(dim) for dim in dataset[name].dims if dim not in taken]
    spacing_m, spacing_deg = _spacing(forcing.grid)
    missing_frac, fastest_mps = _sample(forcing)
    return Offer(
        quantity=forcing.quantity.name,
        variables=(name, forcing.components[1].variable),
        units=stated_units(dataset[name]),
        grid=_grid_words(forcing),
        spacing_m=spacing_m,
        spacing_deg=spacing_deg,
        box_deg=forcing.grid.corners_deg(),
        first=from_posix_s(float(times_s[0])),
        last=from_posix_s(float(times_s[-1])),
        instants=len(times_s),
        step_s=float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0,
        level=level_of(forcing.label, dataset, others, forcing.quantity),
        realizations=count_realizations(dataset, others),
        missing_frac=missing_frac,
        fastest_mps=fastest_mps,
    )


def _grid_words(forcing: ForcingDataset) -> str:
    grid = forcing.grid
    if forcing.stagger is not None:
        return "C grid (staggered)"
    if isinstance(grid, StraightGrid):
        if grid.crs is None:
            return "longitude/latitude"
        return "rotated pole" if grid.crs.is_geographic else f"projected ({_projection(grid)})"
    return "curvilinear" if isinstance(grid, CurvilinearGrid) else "triangles"


def _projection(grid: StraightGrid) -> str:
    operation = grid.crs.coordinate_operation if grid.crs is not None else None
    return operation.method_name.split(" (")[0] if operation is not None else "unknown"


def _spacing(grid: NativeGrid) -> tuple[float, float | None]:
    """Distance of neighbouring nodes around the middle, in metres, and in degrees along the parallel."""
    west, south, east, north = grid.corners_deg()
    middle_deg = (0.5 * (west + east) + 180.0) % 360.0 - 180.0
    frame = LocalFrame(middle_deg, float(np.clip(0.5 * (south + north), -85.0, 85.0)))
    around = Box(-_AROUND_M, -_AROUND_M, _AROUND_M, _AROUND_M)
    spacing_m = grid.spacing_m(span_box(frame, around, 9))
    if isinstance(grid, StraightGrid) and grid.crs is None:
        return spacing_m, float(np.median(np.abs(np.diff(grid.column_axis))))
    return spacing_m, None


def _sample(forcing: ForcingDataset) -> tuple[float, float | None]:
    """Share of missing values and the highest speed in m/s, in up to five instants."""
    count = len(forcing.times.times_s)
    instants = np.unique(np.linspace(0, count - 1, min(count, _SAMPLED_STEPS)).astype(int))
    lost = values = 0
    fastest: float | None = None
    for instant in instants:
        parts = [_slab(forcing, k, int(instant)) for k in (0, 1)]
        lost += sum(int(np.count_nonzero(np.isnan(part))) for part in parts)
        values += sum(part.size for part in parts)
        squares = parts[0] ** 2 + parts[1] ** 2 if parts[0].shape == parts[1].shape else parts[0] ** 2
        if np.isfinite(squares).any():
            fastest = max(fastest or 0.0, float(np.sqrt(np.nanmax(squares))))
    return lost / max(values, 1), fastest


def _slab(forcing: ForcingDataset, which: int, instant: int) -> NDArray[np.float64]:
    component = forcing.components[which]
    variable = forcing.dataset[component.variable]
    variable = variable.isel({dim: index for dim, index in forcing.fixed.items() if dim in variable.dims})
    if forcing.times.dim in variable.dims:
        variable = variable.isel({forcing.times.dim: instant})
    thinned = {dim: slice(None, None, ceil(size / _SAMPLED_ALONG)) for dim, size in variable.sizes.items()}
    values = np.asarray(variable.isel(thinned).values, dtype=float)
    return np.where(np.abs(values) >= _FILL_LIKE, np.nan, values) * component.mps_per_unit


def _remarks(forcing: ForcingDataset, offer: Offer) -> Iterator[str]:
    name = offer.quantity
    if offer.missing_frac >= 1.0:
        yield f"every sampled value of the {name} is missing."
    elif offer.fastest_mps is not None and offer.fastest_mps > forcing.quantity.limit_mps:
        yield (
            f"a {name} of {offer.fastest_mps:.0f} m/s is not believed (limit "
            f"{forcing.quantity.limit_mps:g}); the units "
            f"or the fill values are probably wrong."
        )
    if offer.realizations > 1:
        yield (
            f"the {name} has {offer.realizations} ensemble members; a case names one with realization, or "
            "all of them as "
            f"members."
        )
    if offer.instants == 1:
        yield f"the {name} has a single time: it is valid at that instant only."
        return
    steps_s = np.diff(forcing.times.times_s)
    hole = int(np.argmax(steps_s))
    if steps_s[hole] > _HOLE_STEPS * offer.step_s:
        after = from_posix_s(float(forcing.times.times_s[hole]))
        yield (
            f"the times of the {name} have a hole of {steps_s[hole] / 3600.0:.3g} h after "
            f"{after:%Y-%m-%dT%H:%MZ}, "
            f"bridged by straight lines."
        )
