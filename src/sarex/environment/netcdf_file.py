"""A NetCDF file as labelled arrays, with the few words of xarray that this room uses.

xarray reads the same files, but importing it (with pandas, and Dask where that is installed) takes longer
than drifting ten thousand particles. Zarr and GRIB still come through it; `labelled` says what both kinds
of dataset have in common. Values are decoded as xarray does: fill values become NaN, packed numbers are
unpacked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

_CODING = ("_FillValue", "missing_value", "scale_factor", "add_offset", "_Unsigned")


@dataclass(frozen=True)
class NetcdfVariable:
    """A variable, or a part of one, whose values are read when they are asked for."""

    name: str
    dims: tuple[str, ...]
    attrs: Mapping[str, Any]
    encoding: Mapping[str, Any]
    _stored: Any
    _picked: tuple[int | slice, ...]
    """On every dimension of the stored variable."""
    _order: tuple[int, ...] = field(default=())
    """Of the remaining dimensions; as stored if empty."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each of `dims`."""
        lengths = [
            len(range(*pick.indices(length)))
            for pick, length in zip(self._picked, self._stored.shape, strict=True)
            if isinstance(pick, slice)
        ]
        return tuple(lengths[k] for k in self._order) if self._order else tuple(lengths)

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.dims)

    @property
    def size(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape))

    @property
    def sizes(self) -> dict[str, int]:
        """Length of each dimension by name."""
        return dict(zip(self.dims, self.shape, strict=True))

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the values as stored."""
        kind: np.dtype[Any] = np.dtype(self._stored.dtype)
        return kind

    @property
    def values(self) -> NDArray[Any]:
        """The values, read now and decoded."""
        raw = np.asarray(self._stored[self._picked if self._picked else ...])
        decoded = _decoded(raw, self.encoding)
        return np.transpose(decoded, self._order) if self._order else decoded

    def isel(self, indexers: Mapping[str, int | slice]) -> "NetcdfVariable":
        """A part: an index drops its dimension, a slice keeps it."""
        stored_dims = [str(dim) for dim in self._stored.dimensions]
        picked = tuple(
            _within(pick, indexers[dim], length) if dim in indexers and isinstance(pick, slice) else pick
            for dim, pick, length in zip(stored_dims, self._picked, self._stored.shape, strict=True)
        )
        kept = [dim for dim, pick in zip(stored_dims, picked, strict=True) if isinstance(pick, slice)]
        dims = tuple(dim for dim in self.dims if dim in kept)
        return replace(self, dims=dims, _picked=picked, _order=_order(dims, kept))

    def transpose(self, *dims: str) -> "NetcdfVariable":
        """The same with its dimensions in another order."""
        stored_dims = [str(dim) for dim in self._stored.dimensions]
        kept = [dim for dim, pick in zip(stored_dims, self._picked, strict=True) if isinstance(pick, slice)]
        if sorted(dims) != sorted(kept):
            raise ValueError(f"{self.name} has the dimensions {tuple(kept)}, not {dims}")
        return replace(self, dims=dims, _order=_order(dims, kept))


class NetcdfFile:
    """An open NetCDF file."""

    def __init__(self, place: Path | str) -> None:
        self._file = netCDF4.Dataset(str(place))
        self._file.set_auto_maskandscale(False)
        self._file.set_auto_chartostring(False)
        self.variables = {name: _variable(name, stored) for name, stored in self._file.variables.items()}
        self.sizes = {name: len(dim) for name, dim in self._file.dimensions.items()}
        self.attrs = {name: self._file.getncattr(name) for name in self._file.ncattrs()}

    def __getitem__(self, name: str) -> NetcdfVariable:
        return self.variables[name]

    def __setitem__(self, name: str, variable: NetcdfVariable) -> None:
        """Another name for a variable or a part of one; the file is not touched."""
        self.variables[name] = replace(variable, name=name)

    def __contains__(self, name: object) -> bool:
        return name in self.variables

    def __iter__(self) -> Iterator[str]:
        return iter(self.data_vars)

    @property
    def data_vars(self) -> dict[str, NetcdfVariable]:
        """The variables that are no coordinate of a dimension of their own name."""
        return {name: found for name, found in self.variables.items() if found.dims != (name,)}

    def close(self) -> None:
        """Close the file."""
        if self._file.isopen():
            self._file.close()


def _variable(name: str, stored: Any) -> NetcdfVariable:
    said = {key: stored.getncattr(key) for key in stored.ncattrs()}
    chunks = stored.chunking()
    encoding = {key: said.pop(key) for key in _CODING if key in said}
    encoding |= {"dtype": stored.dtype, "chunksizes": chunks if isinstance(chunks, list) else None}
    dims = tuple(str(dim) for dim in stored.dimensions)
    return NetcdfVariable(name, dims, said, encoding, stored, (slice(None),) * len(dims))


def _within(outer: slice, inner: int | slice, length: int) -> int | slice:
    """An index or slice of what a slice has already picked."""
    picked = range(*outer.indices(length))[inner]
    if isinstance(picked, int):
        return picked
    stop = picked.stop if picked.stop >= 0 else None
    return slice(picked.start, stop, picked.step)


def _order(dims: tuple[str, ...], kept: list[str]) -> tuple[int, ...]:
    order = tuple(kept.index(dim) for dim in dims)
    return () if order == tuple(range(len(order))) else order


def _decoded(raw: NDArray[Any], encoding: Mapping[str, Any]) -> NDArray[Any]:
    """Fill values to NaN, packed numbers unpacked; text and plain numbers as they are."""
    if raw.dtype.kind not in "iuf":
        return raw
    if str(encoding.get("_Unsigned", "")).lower() == "true" and raw.dtype.kind == "i":
        raw = raw.view(f"u{raw.dtype.itemsize}")
    fills = [np.ravel(encoding[key]) for key in ("_FillValue", "missing_value") if key in encoding]
    scale, offset = encoding.get("scale_factor"), encoding.get("add_offset")
    if not fills and scale is None and offset is None:
        return raw
    values = raw if raw.dtype.kind == "f" else raw.astype(_float_for(raw.dtype, offset))
    values = np.array(values, dtype=values.dtype.newbyteorder("="))
    for fill in np.concatenate(fills) if fills else ():
        number = _number(fill)
        if number is not None:
            values[raw == np.asarray(number).astype(raw.dtype)] = np.nan
    if scale is not None:
        values *= np.ravel(scale)[0]
    if offset is not None:
        values += np.ravel(offset)[0]
    return values


def _float_for(kind: np.dtype[Any], offset: object) -> type[np.floating[Any]]:
    """Single precision holds a packed number of 16 bits, unless an offset takes its digits."""
    return np.float32 if kind.itemsize <= 2 and offset is None else np.float64


def _number(fill: object) -> float | int | None:
    """A fill value that is a number; some files write text."""
    try:
        return fill.item() if isinstance(fill, np.number) else float(str(fill))
    except ValueError:
        return None
