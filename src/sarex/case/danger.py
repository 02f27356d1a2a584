"""One danger area or one shoal from its table."""

from sarex.case.model import DangerArea, Shoal
from sarex.case.polygons import corners_of
from sarex.case.schema_fleet import DangerAreaTable, ShoalTable
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
        polygon=corners_of(where, "polygon", table.polygon),
        active_from=table.active_from,
        active_until=table.active_until,
        floor_m=ft_to_m(table.floor_ft),
        ceiling_m=ft_to_m(table.ceiling_ft),
    )


def shoal_of(table: ShoalTable) -> Shoal:
    """The shoal.

    Raises:
        CaseError: its corners do not make an area.
    """
    where = f"shoal {shown(table.name)}"
    return Shoal(table.name, corners_of(where, "polygon", table.polygon), table.depth_m)
