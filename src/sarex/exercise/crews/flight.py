"""What a crew does with an order: a whole sortie, drawn once and for all from the seed and the order's id.

First the sortie as the crew means it; then what comes between, in order of time: it sees the object, the
weather or the fuel turns it back, it breaks down, it is called off. Each of these ends what went before and
gives the rest of the way.
"""

from collections.abc import Sequence

from sarex.exercise.crews.crew import (
    USUAL,
    CrewLaw,
    Happening,
    Order,
    Script,
    Weather,
)
from sarex.exercise.crews.draws import Draws
from sarex.exercise.crews.flight_duties import intent_of, scene_of
from sarex.exercise.crews.flight_sortie import POINT_S, Flight
from sarex.exercise.crews.flight_ways import Around
from sarex.exercise.crews.reports import told
from sarex.exercise.crews.weather import weather_of
from sarex.exercise.model import Force
from sarex.exercise.path import TruePath

__all__ = ["POINT_S", "sortie_script", "weather_of"]


def sortie_script(
    order: Order,
    force: Force,
    path: TruePath | None,
    weather: Weather,
    seed: int,
    happenings: Sequence[Happening] = (),
    law: CrewLaw = USUAL,
    *,
    around: Around | None = None,
) -> Script:
    """Everything that will happen on a sortie if nothing else changes.

    Deterministic in (seed, order.id); happenings at T never change what the script says of the time before T.

    Args:
        path: the object's real path; None: there is nothing to be seen.
        around: what units go round on transits that no plan lays down (to a recovery, home before time);
            None: they go straight.

    Raises:
        PlanError: a search without a task, a recovery without a position or by a unit that cannot lift.
    """
    draws = Draws(seed, order.id, law)
    scene = scene_of(order, force, path, weather, draws, around)
    sortie = Flight(scene, intent_of(scene), tuple(sorted(happenings, key=lambda happening: happening.at)))
    sortie.fly()
    flown = sortie.track()
    moments = tuple(sorted(sortie.moments, key=lambda moment: moment.at))
    events, recorded = told(scene, moments, flown, sortie.silences)
    return Script(
        order_id=order.id,
        unit_name=order.unit.name,
        events=events,
        flown=flown,
        recorded=recorded,
        fuel_until_s=sortie.fuel_until_s,
        was_under_way=order.under_way,
    )
