"""Put a search action plan through the rules, independently of how it was made.

Everything is checked from the tasks themselves (positions and times), with exact geometry: the coastline's
polygons and the danger areas as given, not the planner's rasters. The sources of the rules and the room
that they ask for stand in `docs/howto/check-a-plan.md`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from math import isfinite

import numpy as np

from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.environment import Environment
from sarex.environment.field import sample_velocity
from sarex.environment.model import VelocityField
from sarex.safety import areas, seeing, spacing, timing, together
from sarex.safety.advice import advice_on
from sarex.safety.flight import Flight, Floats, flight_of, way_home_of
from sarex.safety.hazards import Land, danger_of, shallows_of
from sarex.safety.model import Advice, Breach, Measure, RuleCheck, Violation, tallied
from sarex.tasking.model import SearchActionPlan, Task
from sarex.units import mps_to_kt

LEEWAY_FRAC = 0.07
"""No object of the leeway tables drifts faster through the water than this share of the wind."""
LEAST_DRIFT_MPS = 0.2
"""Drift that a pattern may ride on though neither current nor wind is known."""

CALMER_MPS = 1.0
"""A plan's wind on scene may be so much below the calmest place that was sampled (assumed)."""

MOST_LAID_OUT = 512
"""Tasks kept ready while a plan is edited."""

LEGS = "legs follow one another in time and place"
CSP = "the searching begins at the commence search point"
WINDOW = "searching lies within the search window"
READY = "no unit leaves before it is ready"
SORTIES = "sorties of one unit leave time for the turnaround"
SPEEDS = "speeds are the unit's own"
TURNS = "turns are as wide as the unit's turn radius"
ENDURANCE = "endurance holds the way home"
SHARE = "search time is at most 0.85 of the time on scene"
WEATHER = "no unit goes out in weather beyond its limits"
LIGHT = "each unit searches in light that its sensors work in"
WIDTHS = "sweep widths are those of the unit's sensors"
CHANCES = "probabilities lie between 0 and 1"
LAND = "no searching over land, no ship on land"
SHOALS = "no ship over a shoal that she may touch"
DANGER = "no leg through an active danger area"
AREA_IN_DANGER = "no search area in an active danger area"
STRAYS = "the searching lies in the unit's own area"
TRACKS = "the track spacing stated is that of the legs"
EDGES = "legs keep half a track spacing inside the area"
OVERLAP = "no two areas overlap at the same height"
SPACING = "units at the same height keep a track spacing apart"

RULES = (
    LEGS, CSP, WINDOW, READY, SORTIES, SPEEDS, TURNS, ENDURANCE, SHARE, WEATHER, LIGHT, WIDTHS, CHANCES,
    LAND, SHOALS, DANGER, AREA_IN_DANGER, STRAYS, TRACKS, EDGES, OVERLAP, SPACING,
)  # fmt: skip
"""In the order in which they are told."""


class PlanRules:
    """The rules of one case, made ready once for any number of plans."""

    def __init__(self, case: Case, environment: Environment) -> None:
        self._case = case
        self._environment = environment
        self._frame = environment.frame
        self._land = Land(environment)
        self._dangers = tuple(danger_of(area, self._frame) for area in case.danger_areas)
        self._shoals = tuple(shallows_of(shoal, self._frame) for shoal in case.shoals)
        self._sight = seeing.Sight(case)
        self._breezes: dict[tuple[float, ...], tuple[float, float]] = {}
        self._laid_out: dict[int, tuple[Task, Flight]] = {}

    def check(self, plan: SearchActionPlan) -> tuple[RuleCheck, ...]:
        """Every rule that a plan must keep, checked."""
        flights = self._flights(plan.tasks)
        window = (
            max(plan.window_start, self._case.window.start),
            min(plan.window_end, self._case.window.end),
        )
        found = [
            *(v for flight in flights for v in self._alone(flight, window, self._wind_of(plan))),
            *self._between(flights),
            *_of_the_plan(plan),
            *self._becalmed(plan),
        ]
        return tuple(tallied(rule, [v for v in found if v.rule == rule]) for rule in RULES)

    def check_task(
        self, task: Task, others: Sequence[Task] = (), wind_mps: float | None = None
    ) -> tuple[Violation, ...]:
        """Violations by one task, alone and with the others: what changes while it is moved or turned.

        Violations among the others are not told. `wind_mps` is the wind that the sweep widths were corrected
        for; that of the forcing at the task's area if not given.
        """
        window = self._case.window.start, self._case.window.end
        mine, theirs = flight_of(task, self._frame), [self._standing(other) for other in others]
        found = list(self._alone(mine, window, wind_mps))
        found += self._by_sorties([mine, *(flight for flight in theirs if flight.name == mine.name)])
        for other in theirs:
            found += self._by_pairs(list(together.pairs_at_one_height([mine, other])))
        return tuple(sorted(found, key=lambda violation: RULES.index(violation.rule)))

    def advise(self, plan: SearchActionPlan) -> tuple[Advice, ...]:
        """What breaks no rule and the coordinator should know."""
        flights = self._flights(plan.tasks)
        modest = (
            advice
            for flight in flights
            for advice in self._sight.modest(flight, self._winds_mps(flight, self._wind_of(plan))[0])
        )
        return (*advice_on(flights), *modest)

    def _flights(self, tasks: Iterable[Task]) -> list[Flight]:
        return [flight_of(task, self._frame) for task in tasks]

    def _standing(self, task: Task) -> Flight:
        """The flight of a task that stays while another is edited, laid out once."""
        if id(task) not in self._laid_out:
            if len(self._laid_out) >= MOST_LAID_OUT:
                self._laid_out.clear()
            # with the task itself, which keeps its identity from being given to another
            self._laid_out[id(task)] = task, flight_of(task, self._frame)
        return self._laid_out[id(task)][1]

    def _alone(
        self, flight: Flight, window: tuple[datetime, datetime], wind_mps: float | None
    ) -> Iterator[Violation]:
        """Rules that concern one task."""
        wind, drift_mps = self._winds_mps(flight, wind_mps)
        checks: tuple[tuple[str, Iterator[Breach]], ...] = (
            (LEGS, timing.gaps(flight)),
            (CSP, timing.begins_elsewhere(flight)),
            (WINDOW, timing.outside_window(flight, window)),
            (SPEEDS, timing.too_fast(flight)),
            (TURNS, areas.turns_too_tight(flight, drift_mps)),
            (ENDURANCE, timing.beyond_endurance(flight)),
            (SHARE, timing.searches_too_long(flight, window)),
            (WEATHER, self._sight.kept_in_port(flight, wind)),
            (LIGHT, self._sight.blind(flight, wind)),
            (WIDTHS, self._sight.overclaimed(flight, wind)),
            (CHANCES, seeing.impossible_chances(flight)),
            (LAND, self._land.crossings(flight)),
            *((SHOALS, shallows.crossed(flight)) for shallows in self._shoals),
            *((DANGER, danger.entered(flight)) for danger in self._dangers),
            *((AREA_IN_DANGER, danger.reached(flight)) for danger in self._dangers),
            (STRAYS, areas.strays(flight)),
            (TRACKS, spacing.misstated(flight)),
            (EDGES, areas.too_near_the_edge(flight)),
        )
        for rule, breaches in (*checks, *self._on_the_way_home(flight)):
            yield from _violations(rule, (flight.name,), breaches)

    def _on_the_way_home(self, flight: Flight) -> tuple[tuple[str, Iterator[Breach]], ...]:
        """Land, shoals and danger areas between the last leg and home."""
        home = way_home_of(flight)
        if home is None:
            return ()
        return (
            (LAND, self._land.crossings(home)),
            *((SHOALS, shallows.crossed(home)) for shallows in self._shoals),
            *((DANGER, danger.entered(home)) for danger in self._dangers),
        )

    def _between(self, flights: Sequence[Flight]) -> Iterator[Violation]:
        """Rules that concern several tasks."""
        for sorties in together.sorties_of(flights):
            yield from self._by_sorties(sorties)
        yield from self._by_pairs(together.pairs_at_one_height(flights))

    def _by_sorties(self, sorties: Sequence[Flight]) -> Iterator[Violation]:
        in_order = sorted(sorties, key=lambda flight: flight.departs_s)
        names = (in_order[0].name,)
        yield from _violations(READY, names, together.too_soon(in_order))
        yield from _violations(SORTIES, names, together.crowded(in_order))

    def _by_pairs(self, pairs: Iterable[together.Pair]) -> Iterator[Violation]:
        for pair in pairs:
            names = pair[0].name, pair[1].name
            yield from _violations(OVERLAP, names, together.shared_area(pair))
            yield from _violations(SPACING, names, together.too_near(pair))

    def _becalmed(self, plan: SearchActionPlan) -> Iterator[Violation]:
        """A wind on scene below any that there is: sweep widths would be corrected for too little."""
        stated_mps, least_mps = plan.on_scene_wind_mps, self._wind_of(plan)
        if plan.tasks and least_mps > stated_mps:
            sentence = (
                f"states a wind on scene of {mps_to_kt(stated_mps):.0f} kt; the forcing has no less than "
                f"{mps_to_kt(least_mps):.0f} kt anywhere, for which sweep widths are checked. State the wind "
                "that they were corrected for"
            )
            place, below_mps = plan.tasks[0].commence_search_point, least_mps - stated_mps
            breach = Breach(plan.window_start, place, sentence, below_mps, Measure.METRES_PER_SECOND)
            yield from _violations(WIDTHS, (), iter((breach,)))

    def _wind_of(self, plan: SearchActionPlan) -> float:
        """The wind that the plan says its sweep widths were corrected for, if there is one so calm.

        What the case says of the wind goes before either (see `detection.sweep_width`).
        """
        stated_mps = plan.on_scene_wind_mps
        if self._case.conditions.wind_mps is not None or not isfinite(stated_mps):
            return stated_mps
        least_mps = self._calmest_mps - CALMER_MPS
        return stated_mps if stated_mps >= least_mps else self._calmest_mps

    @cached_property
    def _calmest_mps(self) -> float:
        """Least wind of any member over the sea of the case in the middle of the window; 0 if not known."""
        window, box = self._case.window, self._environment.box
        middle_s = 0.5 * (to_posix_s(window.start) + to_posix_s(window.end))
        x_m, y_m = _grid((box.x_min_m, box.y_min_m, box.x_max_m, box.y_max_m), 33)
        speeds = _speeds_mps([member.wind for member in self._environment.members], x_m, y_m, middle_s)
        return float(speeds.min()) if speeds.size else 0.0

    def _winds_mps(self, flight: Flight, wind_mps: float | None) -> tuple[float, float]:
        """Wind that sweep widths are corrected for, and the fastest that anything may drift there."""
        flow_mps, local_wind_mps = self._breeze(flight)
        wind = local_wind_mps if wind_mps is None or not isfinite(wind_mps) else wind_mps
        return wind, flow_mps + LEEWAY_FRAC * local_wind_mps + LEAST_DRIFT_MPS

    def _breeze(self, flight: Flight) -> tuple[float, float]:
        """Fastest current and wind of any member halfway through a task's time on scene.

        Sampled around its area and, coarsely, over the whole sea of the case: a pattern may ride on the mean
        drift of a cloud that reaches beyond the area.
        """
        middle_s = 0.5 * (flight.on_scene_s + flight.off_scene_s)
        key = (*np.round(flight.area.bounds, -3).tolist(), round(middle_s, -2))
        if key not in self._breezes:
            box = self._environment.box
            whole = box.x_min_m, box.y_min_m, box.x_max_m, box.y_max_m
            points = [_grid(flight.area.bounds, 5), _grid(whole, 9)]
            x_m, y_m = np.concatenate(points, axis=1)
            members = self._environment.members
            self._breezes[key] = (
                _fastest_mps([member.current for member in members], x_m, y_m, middle_s),
                _fastest_mps([member.wind for member in members], x_m, y_m, middle_s),
            )
        return self._breezes[key]


def _grid(bounds: tuple[float, float, float, float], nodes: int) -> Floats:
    """Points (2, point) spread over a rectangle: x from, y from, x to, y to."""
    west, south, east, north = bounds
    return np.stack(np.meshgrid(np.linspace(west, east, nodes), np.linspace(south, north, nodes))).reshape(
        2, -1
    )


def _fastest_mps(fields: Sequence[VelocityField], x_m: Floats, y_m: Floats, moment_s: float) -> float:
    """0 where no field knows."""
    return float(_speeds_mps(fields, x_m, y_m, moment_s).max(initial=0.0))


def _speeds_mps(fields: Sequence[VelocityField], x_m: Floats, y_m: Floats, moment_s: float) -> Floats:
    """Of every field wherever it knows, (speed,)."""
    speeds = np.concatenate([np.hypot(*sample_velocity(field, x_m, y_m, moment_s)) for field in fields])
    return np.asarray(speeds[np.isfinite(speeds)], dtype=np.float64)


def check_plan(case: Case, environment: Environment, plan: SearchActionPlan) -> tuple[RuleCheck, ...]:
    """Every rule that the plan must keep, checked."""
    return PlanRules(case, environment).check(plan)


def _of_the_plan(plan: SearchActionPlan) -> Iterator[Violation]:
    for sentence, amount in seeing.impossible_quality(plan.quality):
        place = plan.tasks[0].commence_search_point if plan.tasks else None
        if place is not None:
            breach = Breach(plan.window_start, place, sentence, amount, Measure.COUNT)
            yield from _violations(CHANCES, (), iter((breach,)))


def _violations(rule: str, units: tuple[str, ...], breaches: Iterator[Breach]) -> Iterator[Violation]:
    for breach in breaches:
        yield Violation(
            rule, units, breach.at, breach.position, breach.sentence, breach.amount, breach.measure
        )
