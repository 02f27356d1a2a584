"""The corners of a polygon; they may lie on both sides of the dateline."""

from collections.abc import Sequence

from shapely import Polygon
from shapely.validation import explain_validity

from sarex.case.model import Position
from sarex.errors import CaseError


def corners_of(where: str, key: str, given: Sequence[Position]) -> tuple[Position, ...]:
    """The corners, not closed, of a polygon with an area that does not cross itself.

    Raises:
        CaseError: they are none of such.
    """
    corners = tuple(given[:-1]) if len(given) > 1 and given[0] == given[-1] else tuple(given)
    if len(corners) < 3:
        raise CaseError(
            f"{where}: {key} has fewer than three corners; at least three make an area. Add some."
        )
    _check_simple(where, key, corners)
    return corners


def _check_simple(where: str, key: str, corners: Sequence[Position]) -> None:
    lon_deg = _unwrapped([corner.lon_deg for corner in corners])
    shape = Polygon(list(zip(lon_deg, (corner.lat_deg for corner in corners), strict=True)))
    if not shape.is_valid or shape.area == 0.0:
        raise CaseError(
            f"{where}: {key} crosses or touches itself ({explain_validity(shape)}, in lon and lat). "
            "List the corners in order around it."
        )
    if max(lon_deg) - min(lon_deg) >= 180.0:
        raise CaseError(
            f"{where}: {key} reaches over {max(lon_deg) - min(lon_deg):g} degrees of longitude; "
            "less than 180 is expected. Correct its corners."
        )


def _unwrapped(lon_deg: Sequence[float]) -> list[float]:
    """Each longitude within 180 degrees of the one before it, so that the dateline is no edge."""
    unwrapped = [lon_deg[0]]
    for lon in lon_deg[1:]:
        unwrapped.append(unwrapped[-1] + (lon - unwrapped[-1] + 180.0) % 360.0 - 180.0)
    return unwrapped
