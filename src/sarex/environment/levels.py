"""Dimensions besides time and the two horizontal ones: the surface of the sea, ten metres above it."""

import re

import numpy as np

from sarex.environment.labelled import LabelledArray, LabelledDataset
from sarex.environment.quantities import Quantity
from sarex.errors import ForcingError

_WIND_HEIGHT_M = 10.0
_REALIZATION = r"(realization|realisation|ensemble|ens|member|number)"
_METRES = ("m", "meter", "meters", "metre", "metres")


def pick_levels(
    label: str,
    dataset: LabelledDataset,
    variable: LabelledArray,
    dims: list[str],
    quantity: Quantity,
    realization: int | None = None,
) -> dict[str, int]:
    """The index to take on each of the remaining dimensions.

    Current: the shallowest level, which must not be deeper than the quantity's limit. Wind: ten metres.
    Ensemble members: `realization`, counted from 0. A dimension of one is taken as it is; any other
    (frequencies, classes) is refused.
    """
    for name in str(variable.attrs.get("coordinates", "")).split():
        if name in dataset.variables and dataset[name].size == 1:
            _pick(label, dataset[name], quantity)
    return {dim: _index(label, dataset, dim, quantity, realization) for dim in dims}


def count_realizations(dataset: LabelledDataset, dims: list[str]) -> int:
    """How many ensemble members there are along these dimensions; 1 where none of them counts members."""
    counts = [dataset.sizes[dim] for dim in dims if counts_members(dataset, dim)]
    return max(counts, default=1)


def level_of(label: str, dataset: LabelledDataset, dims: list[str], quantity: Quantity) -> str:
    """The level that is used, in words, with how many there are; empty for a field without levels."""
    for dim in dims:
        if _known(dataset, dim) and _vertical(dataset[dim]):
            level = dataset[dim]
            value = abs(float(np.atleast_1d(level.values)[_pick(label, level, quantity)]))
            return f"{value:g} {level.attrs.get('units', 'm')}" + (
                f" of {level.size}" if level.size > 1 else ""
            )
    return ""


def _index(
    label: str, dataset: LabelledDataset, dim: str, quantity: Quantity, realization: int | None
) -> int:
    if _known(dataset, dim) and _vertical(dataset[dim]):
        return _pick(label, dataset[dim], quantity)
    count = dataset.sizes[dim]
    if counts_members(dataset, dim):
        return _member(label, dim, count, quantity, realization)
    if count == 1:
        return 0
    raise ForcingError(
        f"{label}: the {quantity.name} has {count} values along '{dim}', and nothing says which "
        f"one to take; give a file with one of them."
    )


def _member(label: str, dim: str, count: int, quantity: Quantity, realization: int | None) -> int:
    if realization is None and count > 1:
        raise ForcingError(
            f"{label}: the {quantity.name} has {count} ensemble members along '{dim}'; say which one with "
            f"realization = 0 to {count - 1}, or give the case one [[environment.member]] for each."
        )
    if realization is not None and not 0 <= realization < count:
        raise ForcingError(
            f"{label}: realization = {realization} is not in this file; its {count} ensemble members along "
            f"'{dim}' count from 0 to {count - 1}."
        )
    return realization or 0


def counts_members(dataset: LabelledDataset, dim: str) -> bool:
    """Whether a dimension is that of the members of an ensemble."""
    if re.fullmatch(_REALIZATION + r"s?(_?(member|number|id|index))?s?", dim.lower()):
        return True
    return _known(dataset, dim) and dataset[dim].attrs.get("standard_name") == "realization"


def _known(dataset: LabelledDataset, dim: str) -> bool:
    return dim in dataset.variables and dataset[dim].ndim == 1


def _vertical(level: LabelledArray) -> bool:
    name = str(level.attrs.get("standard_name", level.name)).lower()
    if level.attrs.get("axis") == "Z" or "positive" in level.attrs:
        return True
    return (
        re.match(
            r"(depth|height|lev|level|z|pressure|isobaric|ocean_s|ocean_sigma|s_rho|sigma|air_pres)", name
        )
        is not None
    )


def _pick(label: str, level: LabelledArray, quantity: Quantity) -> int:
    """Index of the level to use; 0 for a scalar coordinate that is no level at all."""
    if not _vertical(level):
        return 0
    heights = np.atleast_1d(np.asarray(level.values, dtype=float))
    if not np.all(np.isfinite(heights)):
        raise ForcingError(f"{label}: some levels of '{level.name}' are missing; fetch the file again.")
    index = int(np.argmin(np.abs(heights - (0.0 if quantity.fallback_depth_m else _WIND_HEIGHT_M))))
    value = float(heights[index])
    units = str(level.attrs.get("units", "m"))
    in_metres = units.lower() in _METRES
    if quantity.fallback_depth_m is not None:
        if in_metres and abs(value) > quantity.fallback_depth_m:
            raise ForcingError(
                f"{label}: the shallowest level of the {quantity.name} is at {abs(value):g} m; drift needs "
                "the "
                f"surface (at most {quantity.fallback_depth_m:g} m). Give a file that has it."
            )
        return index
    if not in_metres or abs(value - _WIND_HEIGHT_M) > 0.5:
        raise ForcingError(
            f"{label}: the wind is given at {value:g} {units}; leeway is defined for the wind at 10 m. "
            f"Give a file with the 10 m wind."
        )
    return index
