"""Uncorrected visual sweep widths, read and interpolated from the published grids.

Between nodes the width is linear in visibility and in height. Outside them:

- visibility above the table's end: the end's width, with a remark (it hardly grows there);
- visibility below 1 nm: proportional to the visibility, zero at zero, with a remark (ours: the tables are
  silent, and a width cannot stay while the visibility vanishes);
- height outside the table: the nearest height's width, with a remark. For vessels the last height of eye,
  14 ft, stands for all larger craft by the tables' own footnote.

Source: COMDTINST M16130.2F, Tables H-10 to H-19 (`sarex.tables`, SOURCES.md). Daylight, over water.
"""

from bisect import bisect_right
from dataclasses import dataclass

from sarex.tables import Platform, SweepWidthGrid, visual_sweep_widths

SUSPECT_CELLS: frozenset[tuple[Platform, str, float, float]] = frozenset(
    {
        ("fixed_wing", "Sail Boat 40ft", 1000.0, 15.0),
        ("fixed_wing", "Power Boat 53ft", 2500.0, 15.0),
        ("helicopter", "Sail Boat 40ft", 500.0, 10.0),
    }
)
"""Platform, table object, ft, nm: values out of line with their neighbours in the source itself."""

_ROUND_TRIP = 1e-6
"""Nodes are whole numbers; what feet to metres and back adds is far less."""


@dataclass(frozen=True)
class TableReading:
    """A width read from the tables, in the tables' own unit, with what was odd about it."""

    width_nm: float
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Bracket:
    """Two neighbouring nodes and how far between them, 0 to 1."""

    low: int
    high: int
    fraction: float

    @property
    def weighted_nodes(self) -> tuple[tuple[int, float], ...]:
        """Nodes that count, with their weights."""
        both = ((self.low, 1.0 - self.fraction), (self.high, self.fraction))
        return tuple((node, weight) for node, weight in both if weight > 0.0)


def read_visual_table(
    platform: Platform, table_object: str, height_ft: float, visibility_nm: float
) -> TableReading:
    """Uncorrected sweep width for a table object at a height and a visibility (finite, >= 0)."""
    grid = visual_sweep_widths()[platform, table_object]
    height = _bracket(grid.heights_ft, height_ft)
    visibility = _bracket(grid.visibilities_nm, visibility_nm)
    width_nm = sum(
        grid.widths_nm[row][column] * row_weight * column_weight
        for row, row_weight in height.weighted_nodes
        for column, column_weight in visibility.weighted_nodes
    )
    remarks = (
        *_height_remarks(platform, grid, height_ft),
        *_visibility_remarks(grid, visibility_nm),
        *_suspect_remarks(platform, table_object, grid, height, visibility),
    )
    return TableReading(width_nm * min(1.0, visibility_nm / grid.visibilities_nm[0]), remarks)


def _bracket(nodes: tuple[float, ...], value: float) -> _Bracket:
    """The nodes around a value; outside them, and on a node, a single node."""
    for index, node in enumerate(nodes):
        if abs(node - value) <= _ROUND_TRIP:
            return _Bracket(index, index, 0.0)
    high = bisect_right(nodes, value)
    if high == 0:
        return _Bracket(0, 0, 0.0)
    if high == len(nodes):
        return _Bracket(high - 1, high - 1, 0.0)
    low = high - 1
    return _Bracket(low, high, (value - nodes[low]) / (nodes[high] - nodes[low]))


def _height_remarks(platform: Platform, grid: SweepWidthGrid, height_ft: float) -> tuple[str, ...]:
    lowest, highest = grid.heights_ft[0], grid.heights_ft[-1]
    word = "height of eye" if platform == "vessel" else "altitude"
    if height_ft < lowest - _ROUND_TRIP:
        return (f"{word} {height_ft:.0f} ft is below the table; its lowest, {lowest:.0f} ft, is used",)
    if height_ft > highest + _ROUND_TRIP:
        larger = ", for all larger vessels" if platform == "vessel" else ""
        held = f"its highest, {highest:.0f} ft, is used{larger}"
        return (f"{word} {height_ft:.0f} ft is above the table; {held}",)
    return ()


def _visibility_remarks(grid: SweepWidthGrid, visibility_nm: float) -> tuple[str, ...]:
    lowest, highest = grid.visibilities_nm[0], grid.visibilities_nm[-1]
    if visibility_nm < lowest - _ROUND_TRIP:
        reduced = f"the width at {lowest:.0f} nm is reduced in proportion"
        return (f"visibility {visibility_nm:.2g} nm is below the table; {reduced}",)
    if visibility_nm > highest + _ROUND_TRIP:
        held = f"its end, {highest:.0f} nm, is used"
        return (f"visibility {visibility_nm:.0f} nm is above the table; {held}",)
    return ()


def _suspect_remarks(
    platform: Platform, table_object: str, grid: SweepWidthGrid, height: _Bracket, visibility: _Bracket
) -> tuple[str, ...]:
    corners = (
        (grid.heights_ft[row], grid.visibilities_nm[column])
        for row, _ in height.weighted_nodes
        for column, _ in visibility.weighted_nodes
    )
    return tuple(
        f"uses a table value that is out of line with its neighbours in the source "
        f"({height_ft:.0f} ft, {visibility_nm:.0f} nm)"
        for height_ft, visibility_nm in corners
        if (platform, table_object, height_ft, visibility_nm) in SUSPECT_CELLS
    )
