"""Room that units leave each other and danger areas: kept by the planner, held to by the checker.

Where no public document gives a number it is Sarex's own and says so; a coordinator may ask for more.
"""

from sarex.case.model import DangerArea

DANGER_PADDING_S = 300.0
"""Danger areas count as active this much earlier and later: clocks, and firing that runs over (assumed)."""
DANGER_PADDING_M = 152.4
"""Danger areas reach so much higher and lower than they say, 500 ft: heights are kept to some hundred feet,
and what is fired does not end at a ceiling (assumed; the separation between adjacent aircraft)."""
TOLD_TO_S = 1.0
"""Times are told to the second: the planner keeps so much more than the checker asks for."""
SHOAL_MARGIN_M = 100.0
"""Ships keep so far from the edge of a shoal that they may touch: charts and positions (assumed)."""
AREA_PADDING_S = 600.0
"""Areas at one height may follow each other no sooner than this: a late unit is still there (assumed)."""
LEAST_APART_M = 463.0
"""A quarter of a nautical mile between two aircraft, or two craft, on scene at one height (assumed: IAMSAR
gives one track spacing, which a narrow sweep makes smaller than is safe)."""


def is_near_in_height(area: DangerArea, altitude_m: float) -> bool:
    """Whether a danger area reaches, with its padding, to a height."""
    return area.floor_m - DANGER_PADDING_M < altitude_m < area.ceiling_m + DANGER_PADDING_M


def least_apart_m(first_spacing_m: float, second_spacing_m: float, *, alike: bool) -> float:
    """How near two units that search at one height may come to each other.

    The smaller of their track spacings (no unit nearer than one spacing to another's), and where both fly or
    both float (`alike`) at least a quarter of a mile.
    """
    spacing_m = min(first_spacing_m, second_spacing_m)
    return max(spacing_m, LEAST_APART_M) if alike else spacing_m
