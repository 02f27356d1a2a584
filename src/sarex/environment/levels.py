"""Dimensions besides time and the two horizontal ones: the surface of the sea, ten metres above it."""

import re

import numpy as np
import xarray as xr

from sarex.environment.quantities import Quantity
from sarex.errors import ForcingError

_WIND_HEIGHT_M = 10.0


def pick_levels(
    label: str, dataset: xr.Dataset, variable: xr.DataArray, dims: list[str], quantity: Quantity
) -> dict[str, int]:
    """The index to take on each of the remaining dimensions.

    Current: the shallowest level, which must not be deeper than the quantity's limit. Wind: ten metres.
    A dimension of one is taken as it is; any other (ensemble members, frequencies) is refused.
    """
    for name in str(variable.attrs.get("coordinates", "")).split():
        if name in dataset.variables and dataset[name].size == 1:
            _pick(label, dataset[name], quantity)
    return {dim: _index(label, dataset, dim, quantity) for dim in dims}


def _index(label: str, dataset: xr.Dataset, dim: str, quantity: Quantity) -> int:
    known = dim in dataset.variables and dataset[dim].ndim == 1
    if known and _vertical(dataset[dim]):
        return _pick(label, dataset[dim], quantity)
    if dataset.sizes[dim] == 1:
        return 0
    raise ForcingError(
        f"{label}: the {quantity.name} has {dataset.sizes[dim]} values along '{dim}', and nothing says which "
        f"one to take; give a file with one of them."
    )


def _vertical(level: xr.DataArray) -> bool:
    name = str(level.attrs.get("standard_name", level.name)).lower()
    if level.attrs.get("axis") == "Z" or "positive" in level.attrs:
        return True
    return (
        re.match(
            r"(depth|height|lev|level|z|pressure|isobaric|ocean_s|ocean_sigma|s_rho|sigma|air_pres)", name
        )
        is not None
    )


def _pick(label: str, level: xr.DataArray, quantity: Quantity) -> int:
    """Index of the level to use; 0 for a scalar coordinate that is no level at all."""
    if not _vertical(level):
        return 0
    heights = np.atleast_1d(np.asarray(level.values, dtype=float))
    index = int(np.argmin(np.abs(heights - (0.0 if quantity.fallback_depth_m else _WIND_HEIGHT_M))))
    value = float(heights[index])
    units = str(level.attrs.get("units", "m"))
    in_metres = units.lower() in ("m", "meter", "meters", "metre", "metres")
    if quantity.fallback_depth_m is not None:
        if in_metres and abs(value) > quantity.fallback_depth_m:
            raise ForcingError(
                f"{label}: the shallowest level of the current is at {abs(value):g} m; drift needs the "
                f"surface (at most {quantity.fallback_depth_m:g} m). Give a file that has it."
            )
        return index
    if not in_metres or abs(value - _WIND_HEIGHT_M) > 0.5:
        raise ForcingError(
            f"{label}: the wind is given at {value:g} {units}; leeway is defined for the wind at 10 m. "
            f"Give a file with the 10 m wind."
        )
    return index
