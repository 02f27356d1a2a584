"""One danger area from its table; its corners may lie on both sides of the dateline."""

from collections.abc import Sequence

from shapely import Polygon
from shapely.validation import explain_validity

from sarex.case.model import DangerArea, Position
from sarex.case.schema import DangerAreaTable
from sarex.case.wording import shown
from sarex.errors import CaseError
from sarex.units import ft_to_m


def danger_area_of(table: DangerAreaTable) -> DangerArea:
    """The danger area.

    Raises:
        CaseError: its times, heights or corners do not make a volume.
    """
    where = f"danger_area {shown(table.name)}"
    if table.active_until <= table.active_from:
        raise CaseError(
            f"{where}: until is {shown(table.active_until)}, not after from ({shown(table.active_from)}). "
            "Swap or correct them."
        )
    if table.ceiling_ft <= table.floor_ft:
        raise CaseError(
            f"{where}: ceiling_ft is {table.ceiling_ft:g}, not above floor_ft ({table.floor_ft:g}). "
            "Swap or correct them."
        )
    return DangerArea(
        name=table.name,
        polygon=_corners(where, table.polygon),
        active_from=table.active_from,
        active_until=table.active_until,
        floor_m=ft_to_m(table.floor_ft),
        ceiling_m=ft_to_m(table.ceiling_ft),
    )


def _corners(where: str, given: Sequence[Position]) -> tuple[Position, ...]:
    corners = tuple(given[:-1]) if len(given) > 1 and given[0] == given[-1] else tuple(given)
    if len(corners) < 3:
        raise CaseError(
            f"{where}: polygon has fewer than three corners; at least three make an area. Add some."
        )
    _check_simple(where, corners)
    return corners


def _check_simple(where: str, corners: Sequence[Position]) -> None:
    lon_deg = _unwrapped([corner.lon_deg for corner in corners])
    shape = Polygon(list(zip(lon_deg, (corner.lat_deg for corner in corners), strict=True)))
    if not shape.is_valid or shape.area == 0.0:
        raise CaseError(
            f"{where}: polygon crosses or touches itself ({explain_validity(shape)}, in lon and lat). "
            "List the corners in order around the area."
        )
    if max(lon_deg) - min(lon_deg) >= 180.0:
        raise CaseError(
            f"{where}: polygon reaches over {max(lon_deg) - min(lon_deg):g} degrees of longitude; "
            "less than 180 is expected. Correct its corners."
        )


def _unwrapped(lon_deg: Sequence[float]) -> list[float]:
    """Each longitude within 180 degrees of the one before it, so that the dateline is no edge."""
    unwrapped = [lon_deg[0]]
    for lon in lon_deg[1:]:
        unwrapped.append(unwrapped[-1] + (lon - unwrapped[-1] + 180.0) % 360.0 - 180.0)
    return unwrapped
