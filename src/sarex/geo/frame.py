"""The local plane in which a case is computed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from sarex.kernels import laea
from sarex.workers import cores

WGS84 = Geod(ellps="WGS84")

Floats = NDArray[np.float64]
E7_PER_DEG = 10_000_000
"""Units of 1e-7 degree, 11 mm of latitude, in a degree; 180 degrees of them fit into 32 bits."""
_PIECE = 1 << 17
"""Points that a thread takes at a time: some milliseconds of work."""


@dataclass(frozen=True)
class LocalFrame:
    """A Lambert azimuthal equal-area plane around a point, on WGS 84 (`kernels.laea`).

    Equal area makes every map cell weigh the same; positions are plain metres, so the dateline, the
    poles and 0..360 longitudes exist only in this file. Directions and lengths are off by at most
    (d / R)^2 / 8 at distance d from the origin (6e-4 at 450 km); velocities are carried into the plane by
    the exact local derivative (`velocity_to_plane`), so that drift is right to the geodesic metre.
    """

    origin_lon_deg: float
    origin_lat_deg: float

    @cached_property
    def _origin(self) -> tuple[float, ...]:
        return laea.origin_numbers(float(self.origin_lon_deg), float(self.origin_lat_deg))

    def to_xy_m(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Plane coordinates of positions; any shape."""
        lon, lat, shape = _flat(lon_deg, lat_deg)
        x_m, y_m = np.empty(lon.size), np.empty(lon.size)
        _side_by_side(
            lambda piece: laea.forward(lon[piece], lat[piece], self._origin, x_m[piece], y_m[piece]), lon.size
        )
        return x_m.reshape(shape), y_m.reshape(shape)

    def to_lonlat_deg(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """Positions (longitude in -180..180) of plane coordinates; any shape. NaN where the plane ends."""
        x, y, shape = _flat(x_m, y_m)
        lon_deg, lat_deg = np.empty(x.size), np.empty(x.size)
        _side_by_side(
            lambda piece: laea.inverse(x[piece], y[piece], self._origin, lon_deg[piece], lat_deg[piece]),
            x.size,
        )
        return lon_deg.reshape(shape), lat_deg.reshape(shape)

    def to_lonlat_e7(
        self, x_m: NDArray[np.float32], y_m: NDArray[np.float32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Positions of plane coordinates, rounded to whole 1e-7 degrees; any shape, all finite."""
        x, y = _line(x_m), _line(y_m)
        lon_e7, lat_e7 = np.empty(x.size, np.int32), np.empty(x.size, np.int32)
        _side_by_side(
            lambda piece: laea.inverse_e7(x[piece], y[piece], self._origin, lon_e7[piece], lat_e7[piece]),
            x.size,
        )
        return lon_e7.reshape(x_m.shape), lat_e7.reshape(x_m.shape)

    def velocity_to_plane(
        self, lon_deg: ArrayLike, lat_deg: ArrayLike
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Derivative of the plane at each position: (dx/de, dx/dn, dy/de, dy/dn), all near 1, 0, 0, 1.

        A velocity moves the plane coordinates by x = dx/de * eastward + dx/dn * northward, and y alike.
        """
        lon, lat, shape = _flat(lon_deg, lat_deg)
        parts = np.empty((4, lon.size))
        _side_by_side(
            lambda piece: laea.derivatives(lon[piece], lat[piece], self._origin, parts[:, piece]), lon.size
        )
        dx_de, dx_dn, dy_de, dy_dn = (part.reshape(shape) for part in parts)
        return dx_de, dx_dn, dy_de, dy_dn


def _flat(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Two arrays brought to one shape, each as a contiguous line, and that shape."""
    one, two = np.broadcast_arrays(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    return _line(one), _line(two), one.shape


def _line(values: NDArray[Any]) -> NDArray[Any]:
    """Contiguous and writable, for which the kernels are compiled; anything else would be compiled anew."""
    return np.require(values, requirements=["C", "W"]).ravel()


def _side_by_side(work: Callable[[slice], Any], count: int) -> None:
    """Pieces of points on every core; each point's answer is its own."""
    pieces = [slice(start, min(start + _PIECE, count)) for start in range(0, count, _PIECE)]
    if len(pieces) < 2 or cores() == 1:
        for piece in pieces:
            work(piece)
        return
    with ThreadPoolExecutor(max_workers=cores()) as executor:
        list(executor.map(work, pieces))
