"""The local plane in which a case is computed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod, Proj

WGS84 = Geod(ellps="WGS84")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LocalFrame:
    """A Lambert azimuthal equal-area plane around a point, on WGS 84.

    Equal area makes every map cell weigh the same; positions are plain metres, so the dateline, the
    poles and 0..360 longitudes exist only in this file. Directions and lengths are off by at most
    (d / R)^2 / 8 at distance d from the origin (6e-4 at 450 km); velocities are carried into the plane by
    the exact local derivative (`velocity_to_plane`), so that drift is right to the geodesic metre.
    """

    origin_lon_deg: float
    origin_lat_deg: float

    @cached_property
    def _projection(self) -> Proj:
        return Proj(
            proj="laea", lat_0=self.origin_lat_deg, lon_0=self.origin_lon_deg, ellps="WGS84", units="m"
        )

    def to_xy_m(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Plane coordinates of positions; any shape."""
        lon, lat = np.broadcast_arrays(np.asarray(lon_deg, dtype=float), np.asarray(lat_deg, dtype=float))
        x_m, y_m = self._projection(lon, lat)
        return np.asarray(x_m), np.asarray(y_m)

    def to_lonlat_deg(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """Positions (longitude in -180..180) of plane coordinates; any shape."""
        x, y = np.broadcast_arrays(np.asarray(x_m, dtype=float), np.asarray(y_m, dtype=float))
        lon_deg, lat_deg = self._projection(x, y, inverse=True)
        return np.asarray(lon_deg), np.asarray(lat_deg)

    def velocity_to_plane(
        self, lon_deg: ArrayLike, lat_deg: ArrayLike
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Derivative of the plane at each position: (dx/de, dx/dn, dy/de, dy/dn), all near 1, 0, 0, 1.

        A velocity moves the plane coordinates by x = dx/de * eastward + dx/dn * northward, and y alike.
        """
        lon = np.asarray(lon_deg, dtype=float)
        lat = np.asarray(lat_deg, dtype=float)
        step_m = 50.0
        columns = []
        for azimuth_deg in (90.0, 0.0):
            ahead = WGS84.fwd(lon, lat, np.full_like(lon, azimuth_deg), np.full_like(lon, step_m))
            behind = WGS84.fwd(lon, lat, np.full_like(lon, azimuth_deg + 180.0), np.full_like(lon, step_m))
            x1, y1 = self.to_xy_m(ahead[0], ahead[1])
            x0, y0 = self.to_xy_m(behind[0], behind[1])
            columns.append(((x1 - x0) / (2 * step_m), (y1 - y0) / (2 * step_m)))
        (dx_de, dy_de), (dx_dn, dy_dn) = columns
        return dx_de, dx_dn, dy_de, dy_dn
