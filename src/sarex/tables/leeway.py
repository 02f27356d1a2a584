"""How search objects drift under the wind: the published leeway classes.

Sources: `SOURCES.md`. Units are the published ones; `sarex.drift` turns them into metres per second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sarex.tables._rows import rows_of


@dataclass(frozen=True)
class LeewayClass:
    """Nine coefficients of one search object.

    With W the wind at 10 m in m/s and eps ~ N(0, std), each component of the leeway in cm/s is
    (slope + eps / 20) W + offset + eps / 2, slope in percent (cm/s per m/s). Positive crosswind is to the
    right of downwind. The spread equals `std` at W = 10 m/s. Source: Allen (2005), CG-D-05-05; Breivik and
    Allen (2008), doi:10.1016/j.jmarsys.2007.02.010.
    """

    key: str
    description: str
    """As published; each leading > marks a subdivision of the class above it."""
    downwind_slope_percent: float
    downwind_offset_cm_s: float
    downwind_std_cm_s: float
    crosswind_right_slope_percent: float
    crosswind_right_offset_cm_s: float
    crosswind_right_std_cm_s: float
    crosswind_left_slope_percent: float
    crosswind_left_offset_cm_s: float
    crosswind_left_std_cm_s: float


@cache
def leeway_classes() -> Mapping[str, LeewayClass]:
    """All 85 leeway classes by key, in the published order."""
    return MappingProxyType({row["key"]: _leeway_class(row) for row in rows_of("leeway_objects")})


def _leeway_class(row: dict[str, str]) -> LeewayClass:
    return LeewayClass(
        key=row["key"],
        description=row["description"],
        downwind_slope_percent=float(row["dwl_slope_pct"]),
        downwind_offset_cm_s=float(row["dwl_offset_cms"]),
        downwind_std_cm_s=float(row["dwl_std_cms"]),
        crosswind_right_slope_percent=float(row["cwl_right_slope"]),
        crosswind_right_offset_cm_s=float(row["cwl_right_offset"]),
        crosswind_right_std_cm_s=float(row["cwl_right_std"]),
        crosswind_left_slope_percent=float(row["cwl_left_slope"]),
        crosswind_left_offset_cm_s=float(row["cwl_left_offset"]),
        crosswind_left_std_cm_s=float(row["cwl_left_std"]),
    )
