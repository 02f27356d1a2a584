"""Rules about what a task claims to see: light, sweep widths, weather limits, probabilities."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np

from sarex.case.model import Case, Light, SearchUnit
from sarex.clock import from_posix_s
from sarex.detection import SweepWidth, sweep_widths_in_light, weather_reason
from sarex.environment.light import spans_of_light
from sarex.planning.model import PlanQuality
from sarex.safety.flight import Flight
from sarex.safety.model import Advice, Breach, Measure
from sarex.units import m_to_nm

MODEST = "a sweep width is smaller than that of the unit's sensors"
WIDTH_TOLERANCE = 0.01
"""Widths written by other programs may be rounded; a hundredth moves no plan."""
LIGHT_TOLERANCE_S = 120.0
"""Light is known to the minute, and a task is told to the minute."""
ROUNDING = 1e-6
"""Of probabilities in files."""


class Sight:
    """Sweep widths that the units' sensors have, looked up once each."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[tuple[object, ...], Mapping[str, SweepWidth]] = {}

    def blind(self, flight: Flight, wind_mps: float) -> Iterator[Breach]:
        """Searching in light in which the unit's sensors see nothing of what it is sent to find."""
        for light, since_s, until_s in self._lights(flight):
            claimed, seen = self._claimed(flight), self._widths(flight.task.unit, light, wind_mps)
            if not claimed or any(seen[key].width_m > 0.0 for key in claimed):
                continue
            number = _leg_at(flight, since_s)
            sentence = (
                f"searches {_by(light)} from {from_posix_s(since_s):%H:%M} to "
                f"{from_posix_s(until_s):%H:%M}, when none of its sensors sees {' or '.join(claimed)}"
            )
            share = _share_at(flight, number, since_s)
            yield flight.leg_breach(number, sentence, until_s - since_s, Measure.SECONDS, share)

    def overclaimed(self, flight: Flight, wind_mps: float) -> Iterator[Breach]:
        """A sweep width larger than the best of the unit's sensors has in that light, weather and height.

        Where none of them sees anything the unit is blind, which is the other rule's.
        """
        told: set[str] = set()
        for light, since_s, _ in self._lights(flight):
            claimed, seen = self._claimed(flight), self._widths(flight.task.unit, light, wind_mps)
            if not any(seen[key].width_m > 0.0 for key in claimed):
                continue
            number = _leg_at(flight, since_s)
            for key, claimed_m in claimed.items():
                best_m = seen[key].width_m
                if key in told or claimed_m <= best_m * (1.0 + WIDTH_TOLERANCE) + 1.0:
                    continue
                told.add(key)
                sentence = (
                    f"counts on a sweep width of {m_to_nm(claimed_m):.3f} nm for {key}; its sensors have "
                    f"{m_to_nm(best_m):.3f} nm {_by(light)}. Count on that, or give the crew's own in "
                    "the case"
                )
                share = _share_at(flight, number, since_s)
                yield flight.leg_breach(number, sentence, claimed_m - best_m, Measure.METRES, share)

    def modest(self, flight: Flight, wind_mps: float) -> Iterator[Advice]:
        """A sweep width smaller than the unit's sensors have in any light of its searching."""
        lights = [self._widths(flight.task.unit, light, wind_mps) for light, _, _ in self._lights(flight)]
        claimed = self._claimed(flight)
        number = _leg_at(flight, flight.on_scene_s)
        for key in self._case.object_types:
            best_m, claimed_m = min(seen[key].width_m for seen in lights), claimed.get(key, 0.0)
            if claimed_m >= best_m * (1.0 - WIDTH_TOLERANCE) - 1.0:
                continue
            sentence = (
                f"counts on a sweep width of {m_to_nm(claimed_m):.3f} nm for {key}, where its sensors have "
                f"{m_to_nm(best_m):.3f} nm: POS is told too low. Count on that, unless the crew sees less"
            )
            at, position = flight.on_leg(number, 0.0)
            off_m = best_m - claimed_m
            yield Advice(MODEST, (flight.name,), at, position, sentence, off_m, Measure.METRES)

    def _claimed(self, flight: Flight) -> dict[str, float]:
        """Sweep widths above zero that the task counts on, by leeway class of the case."""
        widths = flight.task.sweep_widths
        return {
            key: widths[key].width_m
            for key in self._case.object_types
            if key in widths and widths[key].width_m > 0.0
        }

    def kept_in_port(self, flight: Flight, wind_mps: float) -> Iterator[Breach]:
        """The weather must allow the unit to go."""
        reason = weather_reason(flight.task.unit, self._case.conditions, wind_mps)
        if reason is not None:
            yield flight.leg_breach(0, reason, 1.0, Measure.COUNT)

    def _lights(self, flight: Flight) -> list[tuple[Light, float, float]]:
        """Light, from and until, of its searching; one span where its sensors work by day and night alike."""
        unit = flight.task.unit
        start_s, end_s = flight.on_scene_s, flight.off_scene_s
        if unit.light is Light.ANY and not unit.other_sensors:
            return [(Light.ANY, start_s, end_s)]
        searching = flight.legs[flight.searching]
        middle = flight.place(float(searching[:, 0].mean()), float(searching[:, 1].mean()))
        spans = [(light, a, b) for a, b, light in spans_of_light(start_s, end_s, middle)]
        kept = [span for span in spans if span[2] - span[1] > LIGHT_TOLERANCE_S] or spans
        merged = []
        for light, group in groupby(kept, key=lambda span: span[0]):
            several = list(group)
            merged.append((light, several[0][1], several[-1][2]))
        return merged

    def _widths(self, unit: SearchUnit, light: Light, wind_mps: float) -> Mapping[str, SweepWidth]:
        given = tuple(sorted(unit.sweep_width_m.items()))
        seen_from = unit.altitude_m, unit.eye_height_m, unit.search_speed_mps, unit.fatigued
        key = (unit.name, unit.kind, *seen_from, unit.sensor, unit.light, given, light, wind_mps)
        if key not in self._known:
            self._known[key] = sweep_widths_in_light(
                unit, self._case.object_types, self._case.conditions, wind_mps, light
            )
        return self._known[key]


def impossible_chances(flight: Flight) -> Iterator[Breach]:
    """POC, POD and POS of a task are probabilities."""
    task = flight.task
    for name, value in (("poc", task.poc), ("pod", task.pod), ("pos", task.pos)):
        if not 0.0 <= value <= 1.0 + ROUNDING:
            sentence = f"{name} is {value:g}; a probability lies between 0 and 1"
            yield flight.leg_breach(0, sentence, max(-value, value - 1.0), Measure.COUNT)


def impossible_quality(quality: PlanQuality) -> Iterator[tuple[str, float]]:
    """What is wrong with the plan's own figures, and by how much."""
    figures = {
        "pos": quality.pos,
        "pos_low": quality.pos_low,
        "pos_high": quality.pos_high,
        "pos_upper_bound": quality.pos_upper_bound,
        "pos_optimum low": quality.pos_optimum_low,
        "pos_optimum high": quality.pos_optimum_high,
        "pos_doctrine": quality.pos_doctrine,
    }
    for name, value in figures.items():
        if not 0.0 <= value <= 1.0 + ROUNDING:
            yield f"{name} is {value:g}; a probability lies between 0 and 1", max(-value, value - 1.0)
    for low, high in (("pos_low", "pos"), ("pos", "pos_high"), ("pos_optimum low", "pos_optimum high")):
        if figures[low] > figures[high] + ROUNDING:
            yield (
                f"{low} is {figures[low]:g}, above {high} ({figures[high]:g})",
                figures[low] - figures[high],
            )


def _by(light: Light) -> str:
    return "by day or night" if light is Light.ANY else f"by {light.value}"


def _leg_at(flight: Flight, moment_s: float) -> int:
    """The searching leg under way at an instant, or the next."""
    searching = np.flatnonzero(flight.searching)
    under_way = searching[flight.legs[searching, 5] > moment_s]
    return int(under_way[0]) if under_way.size else int(searching[-1])


def _share_at(flight: Flight, number: int, moment_s: float) -> float:
    start_s, end_s = flight.legs[number, 4:].tolist()
    return min(max((moment_s - start_s) / (end_s - start_s), 0.0), 1.0) if end_s > start_s else 0.0
