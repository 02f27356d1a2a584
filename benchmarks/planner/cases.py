"""The cases on which the planner is measured, as case files: four seas, four fleets.

    python benchmarks/planner/cases.py FOLDER [--data FORCING]     writes them all, for `sarex plan`

The text of a case file is made from a few numbers and goes through the same door as anybody's. In the open
sea wind and current are constants, so that what a case is hard for is known: the shape of the cloud. The
coastal case has real forcing and real islands (NorKyst-800 and AROME of 16 November 2015).

Fleets are mixed as real ones are: aircraft at heights 500 ft apart, as a coordinator would give them out,
ships and uncrewed craft from different bases, some available later. A larger fleet is called for a larger
sea: beliefs are wider by `SPREAD`, so that sweep widths, and with them leg lengths and turns, stay those of
real searches. Sweep widths are given by the crews (`SWEEP_WIDTH_NM`) times a factor of the case, which
`calibrate.py` has found so that the best possible POS lies near 0.78, where ratios mean something: at 0.3
every plan is good, at 0.99 every plan finds.
"""

import argparse
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, radians, sin
from pathlib import Path

from sarex.case.door import case_from_mapping
from sarex.case.model import Case

CURRENT_FILE, WIND_FILE = "norkyst800_subset_16Nov2015.nc", "arome_subset_16Nov2015.nc"
START = datetime(2015, 11, 16, 12, tzinfo=UTC)
WINDOW_H = 6
FLEETS = (3, 8, 20, 100)
RAFT, PERSON, VESSEL = "LIFE-RAFT-DB-11", "PIW-3", "FISHING-VESSEL-5"
SPREAD = {3: 1.0, 8: 1.6, 20: 2.3, 100: 4.5}
"""By fleet: how much wider the belief is than that of the smallest fleet."""
SURFACE = ("ship", "uncrewed-surface-craft")
GOLDEN_ANGLE_DEG = 137.50776
FEET_BETWEEN_HEIGHTS = 500


@dataclass(frozen=True)
class Kind:
    """Units of one kind, in sailors' units; numbers of speed are the slowest and the fastest."""

    word: str
    transit_kt: float
    search_kt: tuple[float, float]
    endurance_h: float
    base_nm: tuple[float, float]
    """How far from the middle of the search its bases lie."""
    sweep_width_nm: dict[str, float]
    """Before the factor of the case."""
    turn_radius_m: float | None = None
    """None: what Sarex assumes of the kind (aircraft: 3 degrees per second)."""


HELICOPTER = Kind("helicopter", 140, (90, 90), 4.5, (25, 60), {RAFT: 1.0, PERSON: 0.35, VESSEL: 1.6}, 379.0)
"""90 kt at 7 degrees per second: 379 m."""
FIXED_WING = Kind("fixed-wing", 220, (150, 180), 7.0, (40, 60), {RAFT: 0.9, PERSON: 0.25, VESSEL: 1.7})
SHIP = Kind("ship", 22, (15, 15), 72.0, (20, 35), {RAFT: 1.6, PERSON: 0.5, VESSEL: 2.6})
DRONE = Kind("uncrewed-aircraft", 75, (45, 60), 6.0, (20, 40), {RAFT: 0.6, PERSON: 0.3, VESSEL: 1.0}, 150.0)
BOAT = Kind("uncrewed-surface-craft", 25, (12, 18), 30.0, (20, 30), {RAFT: 0.5, PERSON: 0.2, VESSEL: 0.9})

MIX = {
    3: (HELICOPTER, FIXED_WING, SHIP),
    8: (*[HELICOPTER] * 3, *[FIXED_WING] * 2, SHIP, DRONE, BOAT),
    20: (*[HELICOPTER] * 6, *[FIXED_WING] * 4, *[SHIP] * 4, *[DRONE] * 4, *[BOAT] * 2),
    100: (*[HELICOPTER] * 22, *[FIXED_WING] * 14, *[SHIP] * 22, *[DRONE] * 28, *[BOAT] * 14),
}
HEIGHTS = {3: 3, 8: 3, 20: 5, 100: 6}
"""How many heights the coordinator gives out to the aircraft of a fleet."""
LATER_H = (0.0, 0.0, 0.5, 0.0, 1.0, 0.0, 2.0)
"""After the start of the window, unit after unit: some come later."""

FACTOR = {
    ("compact", 3): 0.36,
    ("modes", 3): 0.28,
    ("trackline", 3): 0.76,
    ("coastal", 3): 0.65,
    ("compact", 8): 0.36,
    ("modes", 8): 0.21,
    ("trackline", 8): 0.55,
    ("coastal", 8): 0.43,
    ("compact", 20): 0.31,
    ("modes", 20): 0.146,
    ("trackline", 20): 0.36,
    ("coastal", 20): 0.28,
    ("compact", 100): 0.28,
    ("modes", 100): 0.075,
    ("trackline", 100): 0.2,
    ("coastal", 100): 0.2,
}
"""Of the sweep widths; found by `calibrate.py`, then frozen."""


@dataclass(frozen=True)
class Sea:
    """Where a case happens and what is believed; everything but the units."""

    middle: tuple[float, float]
    """About where the object is in the middle of the window (longitude, latitude)."""
    bearings_deg: dict[str, tuple[float, float]]
    """Between which bearings from there the bases of aircraft ("air") and of what floats ("sea") lie."""
    scenarios: Callable[[float], str]
    """Tables `[[scenario]]` for a spread."""
    settings: str
    """Tables `[environment]` and keys of `[drift]` but the number of particles."""
    needs_data: bool = False


def _open_sea(wind_kt: float, current_kt: float, drift: str = "") -> str:
    return f"""
[environment]
wind = {{ speed_kt = {wind_kt}, from_deg = 270 }}
current = {{ speed_kt = {current_kt}, toward_deg = 40 }}

[drift]
{drift}"""


def _at(lon: float, lat: float, east_nm: float = 0.0, north_nm: float = 0.0) -> str:
    east_deg = east_nm / 60.0 / cos(radians(lat))
    return f"lon = {lon + east_deg:.5f}, lat = {lat + north_nm / 60.0:.5f}"


def _instant(hours: float) -> str:
    """Hours after the start of the window."""
    return f"{START + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def _compact(spread: float) -> str:
    """One raft, its position well known three hours before the window."""
    return f"""
[[scenario]]
name = "distress call"
weight = 1.0
from = {_instant(-3)}
until = {_instant(-2.5)}
position = {{ {_at(3.0, 57.0)}, error_nm = {5.5 * spread:.3f} }}
objects = [{{ type = "{RAFT}", weight = 1.0 }}]
"""


def _modes(spread: float) -> str:
    """A fishing vessel adrift for half a day in a gale: left or right of downwind, 25 km apart.

    Where it began is known the worse along the wind; for larger fleets that alone grows.
    """
    half_nm = 12.0 * spread**1.2
    return f"""
[[scenario]]
name = "engine failed"
weight = 1.0
track = [
  {{ {_at(2.7, 57.0, -half_nm)}, time = {_instant(-9)}, error_nm = 2.5 }},
  {{ {_at(2.7, 57.0, half_nm)}, time = {_instant(-8.5)}, error_nm = 2.5 }},
]
objects = [{{ type = "{VESSEL}", weight = 1.0 }}]
"""


def _trackline(spread: float) -> str:
    """An overdue vessel's track, its raft or its people; or it sank where a red flare was seen."""
    half_nm = 15.0 * spread
    return f"""
[[scenario]]
name = "sank on its way"
weight = 0.6
track = [
  {{ {_at(3.0, 57.0, -half_nm, -0.5 * half_nm)}, time = {_instant(-7)}, error_nm = 2.0 }},
  {{ {_at(3.0, 57.0, half_nm, 0.5 * half_nm)}, time = {_instant(-3)}, error_nm = 2.0 }},
]
objects = [{{ type = "{RAFT}", weight = 0.7 }}, {{ type = "{PERSON}", weight = 0.3 }}]

[[scenario]]
name = "red flare"
weight = 0.4
from = {_instant(-3)}
until = {_instant(-2)}
position = {{ {_at(3.0, 57.0, -8.0 * spread, 14.0 * spread)}, error_nm = {2.5 * spread:.3f} }}
objects = [{{ type = "{RAFT}", weight = 1.0 }}]
"""


def _coastal(spread: float) -> str:
    """Off the islands of western Norway: a raft or a person, drifting along and into the skerries."""
    return f"""
[[scenario]]
name = "last seen off the islands"
weight = 0.7
from = {_instant(-5)}
until = {_instant(-4)}
position = {{ {_at(4.38, 60.45)}, error_nm = {3.5 * spread:.3f} }}
objects = [{{ type = "{RAFT}", weight = 0.6 }}, {{ type = "{PERSON}", weight = 0.4 }}]

[[scenario]]
name = "on the way north"
weight = 0.3
track = [
  {{ {_at(4.38, 60.45)}, time = {_instant(-5)}, error_nm = {2.0 * spread:.3f} }},
  {{ {_at(4.30, 60.80, 0.0, 5.0 * (spread - 1.0))}, time = {_instant(-2)}, error_nm = {2.0 * spread:.3f} }},
]
objects = [{{ type = "{RAFT}", weight = 1.0 }}]
"""


ALL_ROUND = {"air": (0.0, 360.0), "sea": (0.0, 360.0)}
SEAS = {
    "compact": Sea((3.1, 57.05), ALL_ROUND, _compact, _open_sea(16, 0.4)),
    "modes": Sea(
        (3.1, 57.0),
        ALL_ROUND,
        _modes,
        # a current measured by datum marker buoys and a wind that holds; the vessel seldom changes its tack
        _open_sea(
            28,
            0.0,
            "jibing_percent_per_hour = 1\ncurrent_error_mps = 0.09\ncurrent_error_growth = 0\n"
            "wind_error_mps = 1.0\n",
        ),
    ),
    "trackline": Sea((3.1, 57.1), ALL_ROUND, _trackline, _open_sea(16, 0.4)),
    "coastal": Sea(
        (4.5, 60.6),
        {"air": (0.0, 180.0), "sea": (200.0, 340.0)},
        _coastal,
        f'\n[environment]\ncurrent = ["{CURRENT_FILE}"]\nwind = ["{WIND_FILE}"]\n\n[drift]\n',
        needs_data=True,
    ),
}


def case_text(
    name: str, fleet: int, seed: int, particles: int | None = None, factor: float | None = None
) -> str:
    """A case file.

    Args:
        particles: 20,000, or 100,000 for a hundred units, if not given.
        factor: of the sweep widths; the frozen one if not given.
    """
    sea = SEAS[name]
    scaled = FACTOR[name, fleet] if factor is None else factor
    count = particles or (100_000 if fleet == 100 else 20_000)
    text = f"""format = "sarex-case/1"

[case]
id = "BENCH-{name}-{fleet}"
title = "Planner benchmark: {name}, {fleet} units"
exercise = true
seed = {seed}
{sea.scenarios(SPREAD[fleet])}{sea.settings}particles = {count}

[search]
start = {_instant(0)}
end = {_instant(WINDOW_H)}

[conditions]
visibility_nm = 5.0
wave_height_ft = 4.0
"""
    return text + "".join(_units(sea, fleet, scaled))


def benchmark_case(
    name: str,
    fleet: int,
    seed: int,
    data: Path | None = None,
    particles: int | None = None,
    factor: float | None = None,
) -> Case:
    """A case as `open_case` would give it; `data` is the folder with the forcing of the coastal one."""
    text = case_text(name, fleet, seed, particles, factor)
    return case_from_mapping(tomllib.loads(text), base_dir=data or Path.cwd(), name=f"{name}-{fleet}.toml")


def chosen(name: str | None, fleet: int | None, data: Path | None) -> Iterator[tuple[str, int]]:
    """The cases asked for, all if nothing is; the coastal one only where its forcing is."""
    for one_fleet in FLEETS if fleet is None else (fleet,):
        for one in SEAS if name is None else (name,):
            if not SEAS[one].needs_data or has_forcing(data):
                yield one, one_fleet


def has_forcing(data: Path | None) -> bool:
    return data is not None and all((data / file).exists() for file in (CURRENT_FILE, WIND_FILE))


def _units(sea: Sea, fleet: int, factor: float) -> Iterator[str]:
    kinds = MIX[fleet]
    # low to high: drones, helicopters, fixed wing
    order = (DRONE.word, HELICOPTER.word, FIXED_WING.word)
    flying = sorted(
        (n for n, kind in enumerate(kinds) if kind.word in order), key=lambda n: order.index(kinds[n].word)
    )
    rank = {number: place for place, number in enumerate(flying)}
    for number, kind in enumerate(kinds):
        height_ft = None
        if number in rank:
            height_ft = FEET_BETWEEN_HEIGHTS * (1 + rank[number] * HEIGHTS[fleet] // len(rank))
        yield _unit(sea, number, kind, height_ft, factor)


def _unit(sea: Sea, number: int, kind: Kind, height_ft: int | None, factor: float) -> str:
    # irrational steps spread any number of units evenly, over bearings, distances and speeds
    along, between = (number * 0.618034) % 1.0, (number * 0.754878) % 1.0
    first_deg, last_deg = sea.bearings_deg["sea" if kind.word in SURFACE else "air"]
    bearing = radians(first_deg + along * (last_deg - first_deg))
    base_nm = kind.base_nm[0] + between * (kind.base_nm[1] - kind.base_nm[0])
    place = _at(*sea.middle, base_nm * sin(bearing), base_nm * cos(bearing))
    search_kt = kind.search_kt[0] + round(along * (kind.search_kt[1] - kind.search_kt[0]))
    widths = ", ".join(f'"{key}" = {width * factor:.6f}' for key, width in kind.sweep_width_nm.items())
    lines = [
        "\n[[unit]]",
        f'name = "{kind.word} {number + 1}"',
        f'nation = "{("NO", "GB", "DK")[number % 3]}"',
        f'kind = "{kind.word}"',
        f"position = {{ {place} }}",
        f"transit_speed_kt = {max(kind.transit_kt, search_kt)}",
        f"search_speed_kt = {search_kt}",
        f"endurance_h = {kind.endurance_h}",
        'sensor = "electro-optical"',
        f"sweep_width_nm = {{ {widths} }}",
        f"available_from = {_instant(LATER_H[number % len(LATER_H)])}",
    ]
    if height_ft is not None:
        lines.append(f"altitude_ft = {height_ft}")
    if kind.turn_radius_m is not None:
        lines.append(f"turn_radius_m = {kind.turn_radius_m}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="folder with the forcing of the coastal case")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, fleet in chosen(None, None, options.data):
        text = case_text(name, fleet, seed=1)
        if options.data is not None:
            for file in (CURRENT_FILE, WIND_FILE):
                text = text.replace(f'"{file}"', f'"{(options.data / file).resolve().as_posix()}"')
        (options.folder / f"{name}-{fleet}.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
