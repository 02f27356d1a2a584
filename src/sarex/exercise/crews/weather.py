"""The weather that crews meet, and whether a unit may be out in it."""

from collections.abc import Sequence

import numpy as np

from sarex.case.model import Case, SearchUnit
from sarex.clock import to_posix_s
from sarex.environment.field import sample_velocity
from sarex.environment.model import Environment
from sarex.exercise.crews.crew import Weather, WeatherTurns

LOOK_S = 300.0
"""Crews judge the weather so often."""


def weather_of(case: Case, environment: Environment) -> Weather:
    """The case's conditions; where they do not say the wind, that of the forcing in the middle of the box."""
    conditions, field = case.conditions, environment.wind
    if conditions.wind_mps is not None:
        return Weather(conditions, np.array([0.0]), np.array([conditions.wind_mps]), environment)
    box = environment.box
    middle = (box.x_min_m + box.x_max_m) / 2, (box.y_min_m + box.y_max_m) / 2
    u, v = sample_velocity(field, np.full(field.times_s.size, middle[0]), middle[1], field.times_s)
    speeds = np.hypot(u, v)
    known = np.isfinite(speeds)
    if not known.any():
        speeds = np.array([float(np.nanmean(np.hypot(field.x_mps, field.y_mps)))])
        return Weather(conditions, np.array([0.0]), speeds, environment)
    return Weather(conditions, field.times_s[known], speeds[known], environment)


def too_much(unit: SearchUnit, weather: Weather, turns: Sequence[WeatherTurns], time_s: float) -> bool:
    """Whether the weather exceeds the unit's limits."""
    wind, wave = weather.wind_at(time_s), weather.conditions.wave_height_m
    visibility = weather.conditions.visibility_m
    for turn in turns:
        if to_posix_s(turn.at) <= time_s:
            wind = wind if turn.wind_mps is None else turn.wind_mps
            wave = wave if turn.wave_height_m is None else turn.wave_height_m
            visibility = visibility if turn.visibility_m is None else turn.visibility_m
    return (
        (unit.most_wind_mps is not None and wind > unit.most_wind_mps)
        or (unit.most_wave_m is not None and wave > unit.most_wave_m)
        or (unit.least_visibility_m is not None and visibility < unit.least_visibility_m)
    )


def first_too_much(
    unit: SearchUnit, weather: Weather, turns: Sequence[WeatherTurns], since_s: float, until_s: float
) -> float | None:
    """The first look at which the weather is too much, between two instants; None if it never is."""
    if unit.most_wind_mps is None and unit.most_wave_m is None and unit.least_visibility_m is None:
        return None
    looks = set(np.arange(since_s, until_s, LOOK_S).tolist())
    looks |= {at_s for turn in turns if since_s <= (at_s := to_posix_s(turn.at)) < until_s}
    return next((at_s for at_s in sorted(looks) if too_much(unit, weather, turns, at_s)), None)
