"""GRIB 1 and 2 through cfgrib: the messages with a current, a wind or a Stokes drift as CF datasets.

One GRIB file may hold hundreds of fields on levels that do not fit into one dataset. The headers are scanned
once with eccodes; only the velocity messages are then opened, each pair as a dataset of its own with one time
axis (the time at which a field is valid), whatever mixture of run times and steps the messages have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sarex.environment.labelled import LabelledDataset
from sarex.environment.quantities import CURRENT, STOKES, WIND, Naming, Quantity
from sarex.environment.trouble import file_trouble, need
from sarex.errors import ForcingError

if TYPE_CHECKING:
    import xarray as xr

_SHORT_NAMES: tuple[tuple[Quantity, str, str], ...] = (
    (CURRENT, "ocu", "ocv"),
    (CURRENT, "ucurr", "vcurr"),
    (CURRENT, "uogrd", "vogrd"),
    (WIND, "10u", "10v"),
    (WIND, "u", "v"),
    (STOKES, "ust", "vst"),
    (STOKES, "ussd", "vssd"),
)
"""ecCodes' short names of the components, in order of trust (ecCodes parameter database)."""
_OCEAN: dict[tuple[int, ...], str] = {
    (10, 1, 2): "ucurr",
    (10, 1, 3): "vcurr",
    (10, 0, 21): "ust",
    (10, 0, 22): "vst",
}
"""Discipline, category and number in GRIB 2 (WMO code table 4.2), in m/s: ecCodes has no name for them on
many kinds of level."""
_OCEAN_KEYS = {name: numbers for numbers, name in _OCEAN.items()}
_SURFACE = ("surface", "oceanSurface", "meanSea")
_NUMBER_KEYS = ("discipline", "parameterCategory", "parameterNumber")
_MAPS = ("polar_stereographic", "lambert", "mercator")
"""ecCodes 2.50 gives such grids the same positions whichever way the flags say that they were written."""
_ALONG_GRID = 8
"""Bit 5 of the resolution and component flags (WMO GRIB 2 flag table 3.3, GRIB 1 table 7)."""


@dataclass(frozen=True)
class _Message:
    short_name: str
    level_type: str
    level: int
    edition: int
    run: str
    """Date and time of the model run, ISO."""
    grid_type: str
    spread: tuple[int, ...]
    """Whether vectors lie along the grid, and the two scanning flags."""


def open_grib(label: str, path: Path) -> tuple[tuple[LabelledDataset, ...], tuple[str, ...]]:
    """A dataset for every velocity in a GRIB file, and the short names of everything in it.

    Raises:
        ForcingError: the file is damaged, or cfgrib is not installed.
    """
    need(label, "GRIB", "cfgrib", "grib")
    with file_trouble(label, "GRIB"):
        messages = list(_scan(path))
        if not messages:
            raise ForcingError(f"{label}: there is no GRIB message in this file; fetch it again.")
        found = [
            _open_pair(label, path, quantity, names, group)
            for quantity, *names in _SHORT_NAMES
            for group in _groups(messages, quantity, names)
        ]
    held = tuple(dict.fromkeys(message.short_name for message in messages))
    return tuple(found), held


def _scan(path: Path) -> Iterator[_Message]:
    import eccodes  # noqa: PLC0415 -- optional

    with path.open("rb") as file:
        while (handle := eccodes.codes_grib_new_from_file(file, headers_only=True)) is not None:
            try:
                edition = int(eccodes.codes_get(handle, "edition"))
                numbers = (
                    tuple(int(eccodes.codes_get(handle, key)) for key in _NUMBER_KEYS) if edition == 2 else ()
                )
                yield _Message(
                    short_name=_OCEAN.get(numbers) or str(eccodes.codes_get(handle, "shortName")),
                    level_type=str(eccodes.codes_get(handle, "typeOfLevel")),
                    level=int(eccodes.codes_get_double(handle, "level")),
                    edition=edition,
                    run=_run(
                        int(eccodes.codes_get(handle, "dataDate")), int(eccodes.codes_get(handle, "dataTime"))
                    ),
                    grid_type=str(eccodes.codes_get(handle, "gridType")),
                    spread=(
                        _flag(handle, "resolutionAndComponentFlags") & _ALONG_GRID,
                        _flag(handle, "iScansNegatively"),
                        _flag(handle, "jScansPositively"),
                    ),
                )
            finally:
                eccodes.codes_release(handle)


def _flag(handle: int, key: str) -> int:
    """0 where the kind of grid has no such flag."""
    import eccodes  # noqa: PLC0415 -- optional

    return int(eccodes.codes_get_long(handle, key)) if eccodes.codes_is_defined(handle, key) else 0


def _run(date: int, time: int) -> str:
    day = f"{date // 10000:04d}-{date // 100 % 100:02d}-{date % 100:02d}"
    return f"{day}T{time // 100:02d}:{time % 100:02d}+00:00"


def _groups(messages: list[_Message], quantity: Quantity, names: list[str]) -> Iterator[list[_Message]]:
    """Messages of both components, by edition and kind of level, where both are there."""
    fitting = [message for message in messages if message.short_name in names and _fits(message, quantity)]
    for edition, level_type in dict.fromkeys((m.edition, m.level_type) for m in fitting):
        group = [m for m in fitting if (m.edition, m.level_type) == (edition, level_type)]
        if {message.short_name for message in group} == set(names):
            yield group


def _fits(message: _Message, quantity: Quantity) -> bool:
    """A wind is taken at 10 m. Wave models give the wind that drives them, the one at 10 m, as "surface"."""
    if quantity is not WIND or message.short_name not in {"u", "v"}:
        return True
    return message.level_type == "surface" or (
        message.level_type == "heightAboveGround" and message.level == 10
    )


def _open_pair(
    label: str, path: Path, quantity: Quantity, names: list[str], group: list[_Message]
) -> "xr.Dataset":
    first = group[0]
    along_grid, i_negative, j_positive = first.spread
    if len({message.spread for message in group}) > 1:
        raise ForcingError(
            f"{label}: messages of the {quantity.name} lie on grids that run in different directions; split "
            "the "
            f"file by grid, for instance with grib_copy."
        )
    if (i_negative or not j_positive) and first.grid_type in _MAPS:
        raise ForcingError(
            f"{label}: the rows of this {first.grid_type} grid are not written from south to north and west "
            "to "
            f"east, and ecCodes would place them wrongly; write them so first."
        )
    level = 10 if first.short_name in ("u", "v") and first.level_type == "heightAboveGround" else None
    fields = [_open_component(path, name, first, level) for name in names]
    if any(not fields[0][dim].equals(fields[1][dim]) for dim in fields[0].dims):
        raise ForcingError(
            f"{label}: the messages of {names[0]} and {names[1]} are for different times, levels or members; "
            f"fetch the file again."
        )
    import xarray as xr  # noqa: PLC0415 -- heavy, and other files do without

    pair = xr.merge([field.to_dataset() for field in fields], join="exact", compat="override")
    naming = _naming(quantity, along_grid=bool(along_grid))
    for name, standard_name in zip(names, (naming.first, naming.second), strict=True):
        pair[name].attrs["standard_name"] = standard_name
    # Vectors along the grid point toward growing x and y, whichever way the rows were written.
    turned = {
        "x": slice(None, None, -1 if i_negative else 1),
        "y": slice(None, None, 1 if j_positive else -1),
    }
    pair = pair.isel({dim: turn for dim, turn in turned.items() if dim in pair.dims})
    pair.attrs["forecast_reference_time"] = max(message.run for message in group)
    return pair


def _open_component(path: Path, name: str, first: _Message, level: int | None) -> "xr.DataArray":
    chosen: dict[str, Any] = {"typeOfLevel": first.level_type, "edition": first.edition}
    by_numbers = first.edition == 2 and name in _OCEAN_KEYS
    chosen |= dict(zip(_NUMBER_KEYS, _OCEAN_KEYS[name], strict=True)) if by_numbers else {"shortName": name}
    if level is not None:
        chosen["level"] = level
    import xarray as xr  # noqa: PLC0415

    dataset = xr.open_dataset(
        path,
        engine="cfgrib",
        decode_times=False,
        cache=False,
        backend_kwargs={
            "indexpath": "",  # no index file beside the user's data
            "filter_by_keys": chosen,
            "time_dims": ("valid_time",),
            "squeeze": False,
            "errors": "raise",
        },
    )
    field = next(iter(dataset.data_vars.values())).rename(name)
    field.attrs.pop("coordinates", None)
    if by_numbers:
        field.attrs["units"] = "m s-1"
    if first.level_type in _SURFACE:
        field = field.isel({first.level_type: 0}, drop=True)
    return field


def _naming(quantity: Quantity, *, along_grid: bool) -> Naming:
    return next(naming for naming in quantity.standard_names if naming.grid_axes is along_grid)
