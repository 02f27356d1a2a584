"""How good a plan is: its own POS, the best possible, and the manual's, all on the reported draw."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.environment.model import Environment
from sarex.planning.crews import Crew
from sarex.planning.doctrine import doctrine_plan
from sarex.planning.model import PlanQuality
from sarex.planning.relaxation import ClosedWater, EffortUnit, ParticleTracks, optimum_bracket, upper_bound
from sarex.planning.waters import Waters, success
from sarex.workers import cores

SWEEP_WIDTH_UNCERTAINTY = 0.30
"""Field sweep widths are uncertain by tens of per cent; the POS band carries this much to both sides."""

MOST_CERTIFIED = 60_000
"""Particles on which bound, bracket and the manual's plan are reckoned: of more, some stand for all, and the
bound's margin for sampling noise grows with that."""


def certified(
    case: Case,
    environment: Environment,
    crews: tuple[Crew, ...],
    exposures: Sequence[NDArray[np.float32]],
    reported: Waters,
    rehearsal: Waters,
) -> PlanQuality:
    """The quality of a plan whose units expose the reported particles so, each (particle,)."""
    total = np.zeros(reported.weight.size)
    for exposure in exposures:
        total += exposure

    def pos_with_widths(factor: float) -> float:
        # exposure goes with the square of the sweep width
        return success(reported.weight, factor**2 * total)

    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    units = [_effort_unit(crew) for crew in crews]
    own, held_out = (_tracks(_at_most(waters)) for waters in (reported, rehearsal))
    with ThreadPoolExecutor(cores()) as executor:
        bracket = executor.submit(optimum_bracket, units, held_out, own, *window_s)
        of_the_manual = executor.submit(doctrine_plan, case, environment.frame, crews, _at_most(reported))
        bound = executor.submit(upper_bound, units, own, *window_s).result()
        low, high = bracket.result()
        doctrine = of_the_manual.result().pos
    return PlanQuality(
        pos=pos_with_widths(1.0),
        pos_low=pos_with_widths(1.0 - SWEEP_WIDTH_UNCERTAINTY),
        pos_high=pos_with_widths(1.0 + SWEEP_WIDTH_UNCERTAINTY),
        pos_upper_bound=bound,
        # clipped: the bracket comes from the other draw and could lie above this draw's bound
        pos_optimum_low=min(low, bound),
        pos_optimum_high=min(high, bound),
        pos_doctrine=doctrine,
    )


def _effort_unit(crew: Crew) -> EffortUnit:
    return EffortUnit(
        name=crew.unit.name,
        start_x_m=crew.start[0],
        start_y_m=crew.start[1],
        home_x_m=crew.home[0],
        home_y_m=crew.home[1],
        departs_s=crew.departs_s,
        endurance_until_s=crew.endurance_until_s,
        search_from_s=crew.search_from_s,
        leave_by_s=crew.leave_by_s,
        transit_speed_mps=crew.unit.transit_speed_mps,
        search_speed_mps=crew.unit.search_speed_mps,
        shortest_leg_m=crew.widest_m,
        sweep_width_m=crew.width_m,
        closed=tuple(ClosedWater(p.region, p.since_s, p.until_s) for p in crew.room.perils),
    )


def _at_most(waters: Waters) -> Waters:
    every = -(-waters.weight.size // MOST_CERTIFIED)
    return waters if every <= 1 else waters.thinned(every, 0)


def _tracks(waters: Waters) -> ParticleTracks:
    return ParticleTracks(
        times_s=waters.times_s,
        x_m=waters.x_m.T,
        y_m=waters.y_m.T,
        afloat=waters.afloat.T,
        weight=waters.weight,
        object_type=waters.object_type,
    )
