"""One look of a satellite from its table."""

from sarex.case.model import SatelliteLook, SearchWindow
from sarex.case.polygons import corners_of
from sarex.case.schema_fleet import LookTable
from sarex.case.wording import shown
from sarex.errors import CaseError


def look_of(table: LookTable, window: SearchWindow) -> SatelliteLook:
    """The look.

    Raises:
        CaseError: it falls outside the search window, sees nothing, or its corners do not make an area.
    """
    where = f"satellite_look {shown(table.name)}"
    if not window.start <= table.at <= window.end:
        raise CaseError(
            f"{where}: at is {shown(table.at)}, outside the search window ({shown(window.start)} to "
            f"{shown(window.end)}). Correct it or the window; a look that is past belongs to an update."
        )
    if not table.detection:
        raise CaseError(
            f"{where}: detection names no leeway class, so that the look can find nothing. "
            'Write for example detection = { "LIFE-RAFT-DB-10" = 0.6 }.'
        )
    return SatelliteLook(
        name=table.name,
        nation=table.nation,
        at=table.at,
        footprint=corners_of(where, "footprint", table.footprint),
        detection_frac=dict(table.detection),
    )
