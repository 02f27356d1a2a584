"""Who can search: every sortie of every unit made ready for the planner, or why a unit stays at home.

Sortie k of a unit leaves at its time of availability + k (endurance + turnaround): the hours that it can
count on whatever the sorties before do. A unit whose sensors see otherwise by night than by day works in one
light on each sortie, the one in which it sweeps most, so that a task has one sweep width for each class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, Light, Position, SearchUnit
from sarex.clock import from_posix_s, to_posix_s
from sarex.detection import (
    SweepWidth,
    sweep_width,
    sweep_widths_in_light,
    unusable_reason,
    weather_reason,
)
from sarex.drift.reach import UNIT_REACH_M
from sarex.environment.field import sample_velocity
from sarex.environment.light import spans_of_light
from sarex.environment.model import Environment
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.model import UnusedUnit
from sarex.planning.passage import Closed, Passage, Point
from sarex.planning.sea_room import Charts, Sea, SeaRoom, Way
from sarex.planning.waters import Waters
from sarex.units import HOUR_S

OUTLOOK_S = 48 * 3600.0
"""So far ahead it is said when the light comes that a unit's sensors need."""
LIKELY_SHARE = 0.01
"""Light is asked for from the edges of the cloud without so much on either side of each axis."""


@dataclass(frozen=True)
class Crew:
    """A unit on one of its sorties with everything the planner needs to know of it, in the plane."""

    unit: SearchUnit
    sortie: int
    """1 for the first."""
    departs_s: float
    search_from_s: float
    """Searching begins here at the earliest: the start of the window, or of the light it works in."""
    leave_by_s: float
    """Searching ends here at the latest: the end of the window, or of the light."""
    endurance_until_s: float
    start: Point
    """Where it leaves from: its position, for a further sortie its home."""
    home: Point
    room: SeaRoom
    sweep_widths: Mapping[str, SweepWidth]
    width_m: NDArray[np.float64]
    """By object type."""
    reference_s: float
    """Middle of the window: when the shapes' centres are where they say."""

    @property
    def widest_m(self) -> float:
        return float(self.width_m.max())

    @property
    def closed_to_search(self) -> Closed:
        """What it may never search: land, shoals, and danger areas active all the time of its sortie."""
        return self.room.closed_under(self.room.lasting)

    @property
    def sea(self) -> Sea | None:
        """What its ladders may be clipped to; None where all is open."""
        return self.room.sea(self.search_from_s, self.leave_by_s)

    @property
    def outward(self) -> Passage:
        """Ways out under what is closed all the time of its sortie."""
        return self.room.passage(self.start, self.room.lasting)

    @property
    def homeward(self) -> Passage:
        """Ways home under what is closed all the time of its sortie."""
        return self.room.passage(self.home, self.room.lasting)

    def earliest_s(self, point: Point) -> float | None:
        """When it can be at a point at the earliest; None if never."""
        return self.room.earliest_s(point, self.departs_s, self.unit.transit_speed_mps)

    def way_out(self, point: Point, at_s: float) -> Way | None:
        """Its way to a point where it arrives at a given time; None if it cannot."""
        return self.room.way_out(point, self.departs_s, at_s, self.unit.transit_speed_mps)

    def way_home(self, point: Point, leaves_s: float) -> Way | None:
        """Its way home from a point that it leaves at a given time; None if there is none."""
        return self.room.way_home(point, leaves_s, self.unit.transit_speed_mps)


@dataclass(frozen=True)
class Scene:
    """Where and in what weather the search is: what light and sweep widths depend on."""

    datum: Point
    places: tuple[Position, ...]
    """The datum and the corners of where the object likely is."""
    wind_mps: float


def scene_of(case: Case, environment: Environment, waters: Waters, drift: DatumDrift) -> Scene:
    """The scene in the middle of the window."""
    middle = waters.x_m.shape[0] // 2
    edges = [
        np.quantile(values[middle], (LIKELY_SHARE, 1.0 - LIKELY_SHARE)) for values in (waters.x_m, waters.y_m)
    ]
    corners = [drift.datum, *((float(x), float(y)) for x in edges[0] for y in edges[1])]
    lonlat = (environment.frame.to_lonlat_deg(x_m, y_m) for x_m, y_m in corners)
    places = tuple(Position(float(lon_deg), float(lat_deg)) for lon_deg, lat_deg in lonlat)
    return Scene(drift.datum, places, on_scene_wind_mps(case, environment, drift))


def on_scene_wind_mps(case: Case, environment: Environment, drift: DatumDrift) -> float:
    """Wind speed at the datum in the middle of the window, unless the case gives one."""
    if case.conditions.wind_mps is not None:
        return case.conditions.wind_mps
    middle_s = (to_posix_s(case.window.start) + to_posix_s(case.window.end)) / 2
    x_mps, y_mps = sample_velocity(environment.wind, *drift.datum, middle_s)
    speed_mps = float(np.hypot(x_mps, y_mps))
    if np.isfinite(speed_mps):
        return speed_mps
    # the datum of a divided cloud may lie outside the forcing: the mean of the whole field stands in
    return float(np.nanmean(np.hypot(environment.wind.x_mps, environment.wind.y_mps)))


def muster(case: Case, environment: Environment, scene: Scene) -> tuple[tuple[Crew, ...], list[UnusedUnit]]:
    """A crew for each sortie that can search, and the units that cannot, with the reason."""
    charts = Charts(environment, case.danger_areas, case.shoals)
    window_end_s = to_posix_s(case.window.end)
    crews: list[Crew] = []
    unused: list[UnusedUnit] = []
    for unit in case.units:
        widths = _widths_at_best(unit, case, scene.wind_mps)
        why = (
            weather_reason(unit, case.conditions, scene.wind_mps)
            or unusable_reason(unit, widths)
            or _too_late(unit, window_end_s)
            or _off_the_map(unit, environment)
        )
        if why is None:
            sorties = _sorties(unit, case, environment, charts, widths)
            fitting = [in_best_light(crew, case, scene) for crew in sorties]
            seeing = [crew for crew in fitting if crew is not None]
            crews += seeing
            why = None if seeing else _why_no_light(sorties, case, scene)
        if why is not None:
            unused.append(UnusedUnit(unit, why))
    return tuple(crews), unused


def crew_of(
    unit: SearchUnit,
    environment: Environment,
    charts: Charts,
    window_s: tuple[float, float],
    sweep_widths: Mapping[str, SweepWidth],
    object_types: Sequence[str],
    sortie: int = 1,
) -> Crew:
    """Prepare one sortie of a unit for planning; it may search all of the window."""
    ready_s = max(window_s[0], to_posix_s(unit.available_from))
    departs_s = ready_s + (sortie - 1) * (unit.endurance_s + unit.turnaround_s)
    endurance_until_s = departs_s + unit.endurance_s
    start, home = (
        _in_plane(place, environment) for place in (unit.position if sortie == 1 else unit.home, unit.home)
    )
    return Crew(
        unit=unit,
        sortie=sortie,
        departs_s=departs_s,
        search_from_s=window_s[0],
        leave_by_s=window_s[1],
        endurance_until_s=endurance_until_s,
        start=start,
        home=home,
        room=charts.room_for(unit, start, home, (departs_s, endurance_until_s)),
        sweep_widths=sweep_widths,
        width_m=np.array([sweep_widths[key].width_m for key in object_types]),
        reference_s=(window_s[0] + window_s[1]) / 2,
    )


def in_best_light(crew: Crew, case: Case, scene: Scene) -> Crew | None:
    """The crew in the one light in which it can sweep most; None if its sensors work in no light it meets."""
    unit = crew.unit
    if _sees_alike(unit):
        return crew
    by_light = _widths_by_light(unit, case, scene.wind_mps)
    day, night = by_light[Light.DAY], by_light[Light.NIGHT]
    if all(day[key].width_m == night[key].width_m for key in case.object_types):
        return _with_widths(crew, case, day)
    mean_m = {light: _mean_width_m(case, widths) for light, widths in by_light.items()}
    ends_s = min(crew.leave_by_s, crew.endurance_until_s)
    spans = [span for span in light_throughout(crew.departs_s, ends_s, scene.places) if mean_m[span[2]] > 0.0]
    if not spans:
        return None

    def swept(span: tuple[float, float, Light]) -> tuple[float, float]:
        since_s, until_s, light = span
        return _on_scene_s(crew, scene, since_s, until_s) * mean_m[light], (until_s - since_s) * mean_m[light]

    since_s, until_s, light = max(spans, key=swept)
    return replace(
        _with_widths(crew, case, by_light[light]),
        search_from_s=max(crew.search_from_s, since_s),
        leave_by_s=min(crew.leave_by_s, until_s),
    )


def light_throughout(
    start_s: float, end_s: float, places: Sequence[Position]
) -> tuple[tuple[float, float, Light], ...]:
    """Spans between two instants in which it is day, or night, at all of several places."""
    everywhere = [spans_of_light(start_s, end_s, place) for place in places]
    edges = sorted({edge for spans in everywhere for span in spans for edge in span[:2]})
    found: list[tuple[float, float, Light]] = []
    for since_s, until_s in pairwise(edges):
        lights = {light for spans in everywhere for a, b, light in spans if a < until_s and b > since_s}
        if len(lights) > 1:
            continue
        (light,) = lights
        if found and found[-1][1] == since_s and found[-1][2] is light:
            found[-1] = found[-1][0], until_s, light
        else:
            found.append((since_s, until_s, light))
    return tuple(found)


def _sorties(
    unit: SearchUnit,
    case: Case,
    environment: Environment,
    charts: Charts,
    widths: Mapping[str, SweepWidth],
) -> list[Crew]:
    """Its sorties that leave before the window ends."""
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    crews = []
    for sortie in range(1, unit.sorties + 1):
        crew = crew_of(unit, environment, charts, window_s, widths, case.object_types, sortie)
        if crew.departs_s >= window_s[1]:
            break
        crews.append(crew)
    return crews


def _sees_alike(unit: SearchUnit) -> bool:
    """Whether its sensors work by day and by night alike."""
    return unit.light is Light.ANY and not unit.other_sensors


def _widths_at_best(unit: SearchUnit, case: Case, wind_mps: float) -> dict[str, SweepWidth]:
    """Its sweep widths, in the light that suits it better."""
    if _sees_alike(unit):
        return {key: sweep_width(unit, key, case.conditions, wind_mps) for key in case.object_types}
    by_light = _widths_by_light(unit, case, wind_mps)
    return max(by_light.values(), key=lambda widths: _mean_width_m(case, widths))


def _widths_by_light(unit: SearchUnit, case: Case, wind_mps: float) -> dict[Light, dict[str, SweepWidth]]:
    return {
        light: sweep_widths_in_light(unit, case.object_types, case.conditions, wind_mps, light)
        for light in (Light.DAY, Light.NIGHT)
    }


def _mean_width_m(case: Case, widths: Mapping[str, SweepWidth]) -> float:
    """Weighted as the case says what the object may be."""
    return sum(
        scenario.weight * share.weight * widths[share.type_key].width_m
        for scenario in case.scenarios
        for share in scenario.objects
    )


def _with_widths(crew: Crew, case: Case, widths: Mapping[str, SweepWidth]) -> Crew:
    width_m = np.array([widths[key].width_m for key in case.object_types])
    return replace(crew, sweep_widths=widths, width_m=width_m)


def _on_scene_s(crew: Crew, scene: Scene, since_s: float, until_s: float) -> float:
    """Time at the datum within a span, going there and home straight."""
    out_s, home_s = (
        hypot(scene.datum[0] - x_m, scene.datum[1] - y_m) / crew.unit.transit_speed_mps
        for x_m, y_m in (crew.start, crew.home)
    )
    begin_s, end_s = max(since_s, crew.departs_s + out_s), min(until_s, crew.endurance_until_s - home_s)
    return max(0.0, end_s - begin_s)


def _in_plane(place: Position, environment: Environment) -> Point:
    x_m, y_m = environment.frame.to_xy_m(place.lon_deg, place.lat_deg)
    return float(x_m), float(y_m)


def _too_late(unit: SearchUnit, window_end_s: float) -> str | None:
    if to_posix_s(unit.available_from) < window_end_s:
        return None
    return f"available from {unit.available_from:%d %b %H:%M} UTC, after the search window ends"


def _why_no_light(sorties: Sequence[Crew], case: Case, scene: Scene) -> str:
    """That its sensors work in another light than it meets, and when that comes."""
    first, last = sorties[0], sorties[-1]
    by_light = _widths_by_light(first.unit, case, scene.wind_mps)
    needed = Light.NIGHT if _mean_width_m(case, by_light[Light.NIGHT]) > 0.0 else Light.DAY
    other = Light.DAY if needed is Light.NIGHT else Light.NIGHT
    falls = "night falls" if needed is Light.NIGHT else "the sun rises"
    over = f"{from_posix_s(min(last.leave_by_s, last.endurance_until_s)):%d %b %H:%M} UTC"
    spans = spans_of_light(first.departs_s, first.departs_s + OUTLOOK_S, scene.places[0])
    comes_s = next((since_s for since_s, _, light in spans if light is needed), None)
    when = (
        f"not within {OUTLOOK_S / HOUR_S:.0f} hours"
        if comes_s is None
        else f"at {from_posix_s(comes_s):%d %b %H:%M} UTC"
    )
    return f"none of its sensors works by {other.value}: {falls} {when}, and its hours end at {over}"


def _off_the_map(unit: SearchUnit, environment: Environment) -> str | None:
    """A ship whose way is not on the map of the coast would be sent over land."""
    raster = environment.coast.raster
    rows, columns = raster.cells.shape
    x_m, y_m = environment.frame.to_xy_m(
        [unit.position.lon_deg, unit.home.lon_deg], [unit.position.lat_deg, unit.home.lat_deg]
    )
    column, row = (x_m - raster.x0_m) / raster.spacing_m, (y_m - raster.y0_m) / raster.spacing_m
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    if unit.kind.flies or inside.all():
        return None
    return f"its position or home lies more than {UNIT_REACH_M / 1000:.0f} km from where the object may be"
