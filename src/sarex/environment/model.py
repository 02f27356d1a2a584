"""The sea and the air of a case, ready for the kernels: regular grids in the local frame."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon

from sarex.geo import LocalFrame

WATER, SHORE, LAND = 0, 1, 2
"""Cells of the land raster: all water; water at the centre but touched by land; land at the centre."""


@dataclass(frozen=True)
class Box:
    """A rectangle of the local frame."""

    x_min_m: float
    y_min_m: float
    x_max_m: float
    y_max_m: float


@dataclass(frozen=True)
class VelocityField:
    """A velocity on a regular grid of the frame, along the frame's axes (not east and north).

    Components are rates of change of the plane coordinates, so a kernel adds them without further
    geometry. A NaN says that no source had data there and then.
    """

    x0_m: float
    """x of the first column's nodes."""
    y0_m: float
    spacing_m: float
    times_s: NDArray[np.float64]
    """POSIX seconds, increasing, shape (time,)."""
    velocity_mps: NDArray[np.float32]
    """(time, y, x, component): both components side by side, as a kernel fetches them; may be mapped."""

    @property
    def x_mps(self) -> NDArray[np.float32]:
        """(time, y, x), a view."""
        return self.velocity_mps[..., 0]

    @property
    def y_mps(self) -> NDArray[np.float32]:
        """(time, y, x), a view."""
        return self.velocity_mps[..., 1]


@dataclass(frozen=True)
class LandRaster:
    """Land on a regular grid of the frame; cell (row, column) covers one spacing from its lower left."""

    x0_m: float
    """Left edge of the first column."""
    y0_m: float
    """Lower edge of the first row."""
    spacing_m: float
    cells: NDArray[np.uint8]
    """WATER, SHORE or LAND, shape (y, x)."""


@dataclass(frozen=True)
class Coast:
    """The coastline of the case's box: the same for the land test, the stranding and the map."""

    polygons: MultiPolygon
    """Land, in longitude and latitude, clipped to the box."""
    raster: LandRaster
    source: str


@dataclass(frozen=True)
class ForcingSource:
    """Where the numbers of a field came from, for the report and for `drift.nc`."""

    quantity: str
    """"current" or "wind"."""
    label: str
    """File name, or what was given."""
    description: str
    """The file's own title and institution, or how it was computed."""
    valid_from: datetime
    valid_until: datetime
    produced_at: datetime | None
    """When the model run was made, if the file says so."""
    synthetic: bool
    share: float
    """Fraction of the case's grid and time that this source served."""
    constant: bool = False
    """Given in the case as one value everywhere and always."""
    member: str = ""
    """The forcing member that it serves; empty where there is only one."""


@dataclass(frozen=True)
class ForcingMember:
    """One account of current and wind: a model, or one member of a forecast ensemble.

    Every particle is tied to one member for its whole life.
    """

    name: str
    weight: float
    """Weights of all members sum to one."""
    current: VelocityField
    """Motion of the water: the current, and Stokes drift where the case asks for it."""
    wind: VelocityField


@dataclass(frozen=True)
class Environment:
    """Wind, current and coast of a case in its local frame."""

    frame: LocalFrame
    box: Box
    members: tuple[ForcingMember, ...]
    """At least one."""
    coast: Coast
    sources: tuple[ForcingSource, ...]

    @property
    def current(self) -> VelocityField:
        """That of the first member."""
        return self.members[0].current

    @property
    def wind(self) -> VelocityField:
        """That of the first member."""
        return self.members[0].wind

    @property
    def synthetic(self) -> bool:
        """Whether any of the forcing is computed, not observed or forecast."""
        return any(source.synthetic for source in self.sources)
