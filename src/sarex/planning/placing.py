"""Where one unit does most for a search that the others have already made: shapes drawn, then moved.

The question is asked of one unit at a time with everything else held fixed, so a plain search does: shapes of
plausible size around particles that are likely still missed, and the best of them moved, turned and stretched
with ever smaller steps. `fleet_search` asks it of all units at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import pi

import numpy as np
from numpy.typing import NDArray

from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.model import Pattern
from sarex.planning.passage import Point
from sarex.planning.sortie import Shape, Track, fly
from sarex.planning.waters import Waters

DRAWN, MOVED = 60, 30
COVERAGES = (0.35, 0.5, 0.7, 1.0, 1.4)
LARGEST_STEP, SMALLEST_STEP = 0.5, 0.05
"""Of a shape's own size, from the first move to the last."""


@dataclass(frozen=True)
class Placed:
    """A track and what it adds."""

    gain: float
    track: Track | None


def best_place(
    crew: Crew,
    waters: Waters,
    drift: DatumDrift,
    missed: NDArray[np.float64],
    random: np.random.Generator,
    *,
    allowed: Callable[[Track], bool] = lambda _: True,
    opening: Shape | None = None,
    drawn: int = DRAWN,
    moved: int = MOVED,
) -> Placed:
    """The best of some shapes for one crew.

    Args:
        missed: weight of each particle times its chance of being missed by all else, (particle,).
        allowed: whether a track may be flown beside the other units'.
        opening: a shape to try first.
    """
    widths = waters.widths(crew.width_m)

    def tried(shape: Shape) -> Placed:
        track = fly(crew, shape, drift.at(shape.x_m, shape.y_m))
        if track is None or not allowed(track):
            return Placed(0.0, None)
        return Placed(waters.gain(track.searching, widths, missed), track)

    best = Placed(0.0, None) if opening is None else tried(opening)
    for _ in range(drawn):
        best = max(best, tried(drawn_shape(crew, waters, drift, missed, random)), key=lambda it: it.gain)
    if best.track is None:
        return best
    for scale in np.geomspace(LARGEST_STEP, SMALLEST_STEP, moved):
        best = max(best, tried(_neighbour(best.track, float(scale), random)), key=lambda it: it.gain)
    return best


def drawn_shape(
    crew: Crew, waters: Waters, drift: DatumDrift, missed: NDArray[np.float64], random: np.random.Generator
) -> Shape:
    """A ladder of plausible size around a particle that is likely still missed."""
    x_m, y_m = somewhere(waters, missed, waters.x_m.shape[0] // 2, random)
    spacing_m = crew.widest_m / float(random.choice(COVERAGES))
    time_s = 0.7 * (min(crew.leave_by_s, crew.endurance_until_s) - crew.departs_s)
    track_m = crew.unit.search_speed_mps * max(time_s, 600.0)
    side_m = max((track_m * spacing_m) ** 0.5, 2.0 * spacing_m)
    return Shape(
        Pattern.PARALLEL_SWEEP,
        x_m,
        y_m,
        heading_rad=drift.axis_rad + float(random.choice((0.0, 0.25, 0.5, 0.75))) * pi,
        length_m=max(side_m * float(np.exp(random.normal(0.3, 0.5))), crew.widest_m),
        spacing_m=spacing_m,
        creep=int(random.choice((-1, 1))),
        start_end=int(random.choice((-1, 1))),
    )


def somewhere(waters: Waters, missed: NDArray[np.float64], column: int, random: np.random.Generator) -> Point:
    """Where a particle that is likely still missed is at an instant of the window."""
    total = np.cumsum(missed)
    chosen = min(int(np.searchsorted(total, random.random() * total[-1])), missed.size - 1)
    return float(waters.x_m[column, chosen]), float(waters.y_m[column, chosen])


def _neighbour(track: Track, scale: float, random: np.random.Generator) -> Shape:
    """A shape moved, and turned, stretched or respaced."""
    shape = track.shape
    reach_m = 0.5 * scale * float(np.ptp(track.box, axis=0).max())
    shift_m = random.normal(0.0, reach_m, 2)
    moved = replace(shape, x_m=shape.x_m + float(shift_m[0]), y_m=shape.y_m + float(shift_m[1]))
    match int(random.integers(4)):
        case 0:
            return moved
        case 1:
            return replace(moved, heading_rad=shape.heading_rad + float(random.normal(0.0, scale)))
        case 2:
            return replace(moved, length_m=shape.length_m * float(np.exp(random.normal(0.0, scale))))
        case _:
            return replace(moved, spacing_m=shape.spacing_m * float(np.exp(random.normal(0.0, scale))))
