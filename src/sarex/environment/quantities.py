"""What a current, a wind and a Stokes drift are called in files, and what values are possible."""

import re
from dataclasses import dataclass

from sarex.units import KNOT_MPS

_UNIT_MPS = {
    "m/s": 1.0,
    "cm/s": 0.01,
    "mm/s": 0.001,
    "km/h": 1000.0 / 3600.0,
    "knot": KNOT_MPS,
}
_SPELLINGS = (
    (r"\s+per\s+", "/"),
    (r"[·.*]", " "),
    (r"\^", ""),
    (r"⁻¹", "-1"),
    (r"\bmillimet(er|re)s?\b", "mm"),
    (r"\bcentimet(er|re)s?\b", "cm"),
    (r"\bkilomet(er|re)s?\b", "km"),
    (r"\bmet(er|re)s?\b", "m"),
    (r"\b(seconds?|secs?)(?=\b|-|$)", "s"),
    (r"\b(hours?|hrs?|hr)(?=\b|-|$)", "h"),
    (r"^((international[ _])?knots?|kts?|kn|nautical[ _]miles?/h|nmi?/h)$", "knot"),
    (r"\s+", ""),
    (r"(?<=m)([sh])-1$", r"/\1"),
    (r"^mps$", "m/s"),
    (r"^(kmh|kph)$", "km/h"),
)


def speed_unit_mps(unit: str) -> float | None:
    """How many metres per second one of a unit is, in any common spelling; None if it is no known speed."""
    text = unit.strip().lower()
    for pattern, short in _SPELLINGS:
        text = re.sub(pattern, short, text)
    return _UNIT_MPS.get(text)


@dataclass(frozen=True)
class Naming:
    """A pair of names for the two components; `grid_axes` when they lie along the grid's own axes.

    `grid_axes` is None where the name does not say: then a longitude/latitude grid means east and north,
    and on any other grid the file is refused.
    """

    first: str
    second: str
    grid_axes: bool | None


@dataclass(frozen=True)
class Quantity:
    """A velocity that Sarex reads: its names in order of trust, and the fastest one that is believed."""

    name: str
    standard_names: tuple[Naming, ...]
    variable_names: tuple[Naming, ...]
    limit_mps: float
    fallback_depth_m: float | None
    """A level deeper than this is not the surface; None for the wind."""
    foreign_words: str
    """A pattern; a variable whose own words match it is something else, whatever it is called."""
    case_key: str
    """Where a case names its sources."""


CURRENT = Quantity(
    name="current",
    standard_names=(
        Naming("eastward_sea_water_velocity", "northward_sea_water_velocity", grid_axes=False),
        Naming(
            "surface_eastward_sea_water_velocity", "surface_northward_sea_water_velocity", grid_axes=False
        ),
        Naming("x_sea_water_velocity", "y_sea_water_velocity", grid_axes=True),
        Naming("sea_water_x_velocity", "sea_water_y_velocity", grid_axes=True),
        Naming(
            "barotropic_eastward_sea_water_velocity",
            "barotropic_northward_sea_water_velocity",
            grid_axes=False,
        ),
        Naming("barotropic_sea_water_x_velocity", "barotropic_sea_water_y_velocity", grid_axes=True),
    ),
    variable_names=(
        Naming("eastward_sea_water_velocity", "northward_sea_water_velocity", grid_axes=False),
        Naming("uo", "vo", grid_axes=None),
        Naming("water_u", "water_v", grid_axes=None),
        Naming("u_eastward", "v_northward", grid_axes=False),
        Naming("u_surface", "v_surface", grid_axes=None),
        Naming("ssu", "ssv", grid_axes=None),
        Naming("ucurr", "vcurr", grid_axes=None),
        Naming("ocu", "ocv", grid_axes=None),
        Naming("uogrd", "vogrd", grid_axes=None),
        Naming("u", "v", grid_axes=None),
    ),
    # The strongest tidal stream on charts, Saltstraumen, runs at about 20 kn (10 m/s).
    limit_mps=12.0,
    fallback_depth_m=20.0,
    foreign_words=r"wind|air|\bice|stokes|wave",
    case_key="environment.current",
)
WIND = Quantity(
    name="wind",
    standard_names=(
        Naming("eastward_wind", "northward_wind", grid_axes=False),
        Naming("x_wind", "y_wind", grid_axes=True),
        Naming("grid_eastward_wind", "grid_northward_wind", grid_axes=True),
    ),
    variable_names=(
        Naming("eastward_wind", "northward_wind", grid_axes=False),
        Naming("x_wind_10m", "y_wind_10m", grid_axes=True),
        Naming("u10", "v10", grid_axes=None),
        Naming("U10", "V10", grid_axes=None),
        Naming("u10m", "v10m", grid_axes=None),
        Naming("10u", "10v", grid_axes=None),
        Naming("air_u", "air_v", grid_axes=None),
        Naming("u_wind", "v_wind", grid_axes=None),
        Naming("uwnd", "vwnd", grid_axes=None),
        Naming("ugrd10m", "vgrd10m", grid_axes=None),
        Naming("UGRD_10maboveground", "VGRD_10maboveground", grid_axes=None),
        Naming("u-component_of_wind_height_above_ground", "v-component_of_wind_height_above_ground", None),
    ),
    # The highest ten-minute mean 10 m wind on record is about 100 m/s.
    limit_mps=110.0,
    fallback_depth_m=None,
    foreign_words=r"water|\bsea|current|\bice|gust|stress",
    case_key="environment.wind",
)
STOKES = Quantity(
    name="Stokes drift",
    standard_names=(
        Naming(
            "sea_surface_wave_stokes_drift_eastward_velocity",
            "sea_surface_wave_stokes_drift_northward_velocity",
            grid_axes=False,
        ),
        Naming("eastward_surface_stokes_drift", "northward_surface_stokes_drift", grid_axes=False),
        Naming(
            "sea_surface_wave_stokes_drift_x_velocity",
            "sea_surface_wave_stokes_drift_y_velocity",
            grid_axes=True,
        ),
    ),
    variable_names=(
        Naming("VSDX", "VSDY", grid_axes=True),
        Naming("vsdx", "vsdy", grid_axes=True),
        Naming("uuss", "vuss", grid_axes=False),
        Naming("ust", "vst", grid_axes=None),
        Naming("uss", "vss", grid_axes=None),
        Naming("mssu", "mssv", grid_axes=None),
        Naming("stokes_u", "stokes_v", grid_axes=None),
        Naming("ustokes", "vstokes", grid_axes=None),
    ),
    # The surface value is 1 to 2 % of the wind (Ardhuin et al. 2009, J. Phys. Oceanogr. 39, 2820): 1 m/s in a
    # hurricane; three times that is a fault.
    limit_mps=3.0,
    fallback_depth_m=1.0,
    foreign_words=r"wind stress|friction|\bice|gust|turbulen",
    case_key="environment.stokes",
)
QUANTITIES = (CURRENT, WIND, STOKES)
