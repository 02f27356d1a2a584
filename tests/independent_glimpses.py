"""Is the object found? A search flown glimpse by glimpse, from the two files and nothing else of Sarex.

What is read is what anybody can read: trajectories, weights and leeway classes from `drift.nc`; legs, speeds
and sweep widths from `plan.json`. A run draws one trajectory by its weight, moves the object along it and
each unit along its legs, and lets every searching unit glimpse every half second. A glimpse at range r finds
with probability 1 - exp(-v W^2 / (8 pi r^3) dt) (Koopman 1946, inverse cube; v the unit's speed over the
ground, W its sweep width against the object; r at least 1 m). What is stranded, not yet released or outside
the forcing at either end of an interval of its trajectory cannot be found in it.

The glimpses of a leg begin at a moment drawn anew for every run and leg, so that they are not in step with
anything. Positions are interpolated in degrees; ranges come from the ellipsoid's own lengths of a degree at
the middle latitude of the two, exact to 1e-4 as near as a look can matter.

Two ways to count. `finds` draws every glimpse: each run ends with a find or without. `find_chances` keeps for
every run the probability that one of its glimpses finds (the same runs, the last draw replaced by its
expectation), which needs fewer runs. Either may take far looks together (`coarse`): beyond six sweep widths,
where a whole pass finds with a quarter of a per cent at most, as many glimpses count as one as take unit and
object no more than an eighth of their range; it moves the mean by less than 1e-4.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import netCDF4
import numpy as np
from numba import njit

STEP_S = 0.5
MILE_M = 1852.0
_FAR_WIDTHS, _FEW_STEPS, _MOST_AT_ONCE, _FASTEST_DRIFT_MPS = 6.0, 8.0, 64, 3.0


@dataclass(frozen=True)
class Files:
    """What the two files say."""

    times_s: np.ndarray
    lon_deg: np.ndarray
    """(trajectory, time)"""
    lat_deg: np.ndarray
    afloat: np.ndarray
    weight: np.ndarray
    leeway_class: list
    """(trajectory,) words"""
    legs: np.ndarray
    """(leg, 6): lon, lat of start and end, start and end time"""
    widths_m: np.ndarray
    """(leg, class in the order of `classes`)"""
    classes: list
    promised: float
    """`pos` of the plan."""


def read_files(drift_nc, plan_json):
    """The two files, in this program's own arrays."""
    plan = json.loads(Path(plan_json).read_text(encoding="utf-8"))
    with netCDF4.Dataset(drift_nc) as file:
        file.set_auto_mask(False)
        class_of = {number: word for word, number in _flags(file["object_type"]).items()}
        words = [class_of[number] for number in file["object_type"][:].tolist()]
        since = datetime.fromisoformat(file["time"].units.removeprefix("seconds since ") + "+00:00")
        times_s = file["time"][:] + since.timestamp()
        lon_deg, lat_deg, weight = file["lon"][:], file["lat"][:], file["weight"][:]
        afloat = file["status"][:] == _flags(file["status"])["active"]
    classes = sorted(set(words))
    searching = [(task, leg) for task in plan["tasks"] for leg in task["legs"] if leg["searching"]]
    legs = np.array([_row(leg) for _, leg in searching])
    first = max(np.searchsorted(times_s, legs[:, 4].min(), side="right") - 1, 0)
    window = slice(int(first), int(np.searchsorted(times_s, legs[:, 5].max())) + 1)
    return Files(
        times_s=np.ascontiguousarray(times_s[window]),
        lon_deg=np.array(lon_deg[:, window], dtype=np.float64, order="C"),
        lat_deg=np.array(lat_deg[:, window], dtype=np.float64, order="C"),
        afloat=np.array(afloat[:, window], order="C"),
        weight=np.asarray(weight, dtype=np.float64),
        leeway_class=words,
        legs=legs,
        widths_m=MILE_M
        * np.array([[task["sweep_width_nm"][word] for word in classes] for task, _ in searching]),
        classes=classes,
        promised=plan["pos"],
    )


def _flags(variable):
    """The numbers of a CF flag variable by their words."""
    return dict(
        zip(variable.flag_meanings.split(), np.atleast_1d(variable.flag_values).tolist(), strict=True)
    )


def _row(leg):
    return [*leg["start"], *leg["end"], _posix_s(leg["start_time"]), _posix_s(leg["end_time"])]


def finds(files, runs, seed, *, widen=1.0, definite=False, coarse=False):
    """Whether each of so many runs finds, (runs,) bool; every glimpse is drawn.

    Args:
        widen: multiplies every sweep width (a wrong model, for tests).
        definite: a unit finds for certain within half a sweep width and never beyond (a wrong model).
    """
    drawn = _drawn(files, runs, seed)
    random = np.random.default_rng([seed, 1])
    return _fly(*_arguments(files, drawn, widen), random, definite, True, coarse) > 0.5


def find_chances(files, runs, seed, *, widen=1.0, coarse=True):
    """The probability that each of so many runs finds, (runs,); mean: the simulated POS.

    The runs' trajectories are drawn systematically (equally spaced in the sum of weights), whose mean has a
    smaller error than that of independent draws.
    """
    drawn = _drawn(files, runs, seed, systematic=True)
    random = np.random.default_rng([seed, 1])
    return _fly(*_arguments(files, drawn, widen), random, False, False, coarse)


def standard_error(values):
    """Of the mean of runs, as if they were drawn independently."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def _posix_s(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _drawn(files, runs, seed, *, systematic=False):
    """Trajectories of the runs; -1 for the share of probability that earlier searches have used up."""
    generator = np.random.default_rng(seed)
    places = (np.arange(runs) + generator.random()) / runs if systematic else generator.random(runs)
    drawn = np.searchsorted(np.cumsum(files.weight), places, side="right")
    # the weights of a file sum to one within rounding before any search
    lost = drawn >= files.weight.size
    if files.weight.sum() > 1.0 - 1e-6:
        return np.minimum(drawn, files.weight.size - 1)
    return np.where(lost, -1, drawn)


def _arguments(files, drawn, widen):
    number = {word: place for place, word in enumerate(files.classes)}
    kind = np.array([number[word] for word in files.leeway_class])
    return (
        files.times_s, files.lon_deg, files.lat_deg, files.afloat, kind, drawn, files.legs,
        widen * files.widths_m,
    )  # fmt: skip


@njit(cache=True)
def _metres_per_degree(lat_deg):
    """Lengths of a degree of longitude and of latitude on WGS 84."""
    axis_m, e2 = 6378137.0, 0.00669437999014
    sine = np.sin(np.radians(lat_deg))
    root = np.sqrt(1.0 - e2 * sine * sine)
    to_radians = np.pi / 180.0
    return (
        to_radians * axis_m / root * np.cos(np.radians(lat_deg)),
        to_radians * axis_m * (1.0 - e2) / root**3,
    )


@njit(cache=True)
def _fly(times_s, lon_deg, lat_deg, afloat, kind, drawn, legs, widths_m, random, definite, sampled, coarse):
    """Every run: the chance of a find, or, when glimpses are drawn, 1.0 or 0.0; (runs,)."""
    result = np.zeros(drawn.size)
    for run in range(drawn.size):
        p = drawn[run]
        if p < 0:
            continue
        hazard = 0.0
        for leg in range(legs.shape[0]):
            hazard += _search_leg(
                times_s, lon_deg[p], lat_deg[p], afloat[p], legs[leg], widths_m[leg, kind[p]],
                random, definite, sampled, coarse,
            )  # fmt: skip
            if hazard == np.inf:
                break
        if hazard == np.inf or not (sampled or definite):
            result[run] = 1.0 - np.exp(-hazard)
    return result


@njit(cache=True)
def _search_leg(times_s, lon_deg, lat_deg, afloat, leg, width_m, random, definite, sampled, coarse):
    """Exposure of one object to one leg; infinite from the glimpse that finds it."""
    lon0, lat0, lon1, lat1, begin_s, end_s = leg
    duration_s = end_s - begin_s
    if width_m == 0.0 or duration_s <= 0.0:
        return 0.0
    middle_deg = 0.5 * (lat0 + lat1)
    east_m, north_m = _metres_per_degree(middle_deg)
    # the length of a degree of longitude goes straight with latitude as near as matters
    more_m, less_m = _metres_per_degree(middle_deg + 0.1)[0], _metres_per_degree(middle_deg - 0.1)[0]
    east_slope = 5.0 * (more_m - less_m)
    dlon, dlat = (lon1 - lon0 + 540.0) % 360.0 - 180.0, lat1 - lat0
    speed_mps = np.hypot(dlon * east_m, dlat * north_m) / duration_s
    rate = speed_mps * width_m * width_m / (8.0 * np.pi)
    far_m, few_m = _FAR_WIDTHS * width_m, _FEW_STEPS * STEP_S * (speed_mps + _FASTEST_DRIFT_MPS)
    hazard = 0.0
    at_s = begin_s + random.random() * STEP_S
    k = np.searchsorted(times_s, at_s, side="right") - 1
    while at_s < end_s:
        while k + 1 < times_s.size - 1 and at_s >= times_s[k + 1]:
            k += 1
        share, along = (at_s - times_s[k]) / (times_s[k + 1] - times_s[k]), (at_s - begin_s) / duration_s
        lat = lat_deg[k] + share * (lat_deg[k + 1] - lat_deg[k])
        lon = lon_deg[k] + share * ((lon_deg[k + 1] - lon_deg[k] + 540.0) % 360.0 - 180.0)
        y_deg, x_deg = lat0 + along * dlat - lat, (lon0 + along * dlon - lon + 540.0) % 360.0 - 180.0
        x_m, y_m = x_deg * (east_m + east_slope * (lat + 0.5 * y_deg - middle_deg)), y_deg * north_m
        range2 = max(x_m * x_m + y_m * y_m, 1.0)
        looks = 1
        if coarse and range2 > far_m * far_m:
            room = int((min(end_s, times_s[k + 1]) - at_s) / STEP_S)
            looks = max(1, min(int(np.sqrt(range2) / few_m), _MOST_AT_ONCE, room))
        at_s += looks * STEP_S
        if not (afloat[k] and afloat[k + 1]):
            continue
        look = rate * STEP_S * looks / (range2 * np.sqrt(range2))
        if definite and range2 < 0.25 * width_m * width_m:
            return np.inf
        if sampled and not definite and random.random() < 1.0 - np.exp(-look):
            return np.inf
        hazard += look
    return hazard
