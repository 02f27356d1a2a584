"""Broken scenarios and forcing members; the rest of `broken_cases`."""

from pathlib import Path

WHOLE = (Path(__file__).parent / "case" / "whole_case.toml").read_text(encoding="utf-8")
POSITION = "position = { lon = 4.5, lat = 59.6, error_nm = 3.0 }"
POSITION_AND_TIMES = WHOLE[WHOLE.index("from = ") : WHOLE.index(POSITION)] + POSITION
FORCING = WHOLE[WHOLE.index("current = {") : WHOLE.index("\n[search]")].rstrip()
SETTINGS = "particles = 5000"
MEMBER = (
    'current = { speed_kt = 0.5, toward_deg = 90 }\n[[environment.member]]\nname = "A"\nwind = "wind.nc"\n'
)

BROKEN_ORIGINS = {
    "area of two corners as a seed": (
        POSITION,
        "area = [[3.6, 59.9], [4.0, 59.9]]",
        'scenario "last known position": area',
        "three",
    ),
    "area crossing itself as a seed": (
        POSITION,
        "area = [[3.6, 59.9], [4.0, 60.1], [4.0, 59.9], [3.6, 60.1]]",
        'scenario "last known position": area',
        "crosses",
    ),
    "area corner far away": (
        POSITION,
        "area = [[3.6, 59.9], [4.0, 159.9], [4.0, 59.9]]",
        'scenario "last known position": area corner 2',
        "swapped",
    ),
    "area with an error of nothing": (
        POSITION,
        "area = [[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]]\narea_error_nm = 0",
        'scenario "last known position": area_error_nm',
        "more than 0",
    ),
    "area error without area": (
        POSITION,
        "position = { lon = 4.5, lat = 59.6, error_nm = 3.0 }\narea_error_nm = 1",
        'scenario "last known position": area_error_nm',
        "no area",
    ),
    "area and position": (
        POSITION,
        f"{POSITION}\narea = [[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]]",
        'scenario "last known position": position and area',
        "Split",
    ),
    "bearing without distance": (
        POSITION,
        "bearing = { lon = 4.5, lat = 59.6, bearing_deg = 310, bearing_error_deg = 3 }",
        'scenario "last known position": bearing.range_nm',
        "missing",
    ),
    "bearing without error": (
        POSITION,
        "bearing = { lon = 4.5, lat = 59.6, bearing_deg = 310, range_nm = [2, 12] }",
        'scenario "last known position": bearing.bearing_error_deg',
        "standard deviation",
    ),
    "bearing of 400 degrees": (
        POSITION,
        "bearing = { lon = 4.5, lat = 59.6, bearing_deg = 400, bearing_error_deg = 3, range_nm = [2, 12] }",
        'scenario "last known position": bearing.bearing_deg',
        "360",
    ),
    "bearing with distances swapped": (
        POSITION,
        "bearing = { lon = 4.5, lat = 59.6, bearing_deg = 310, bearing_error_deg = 3, range_nm = [12, 2] }",
        'scenario "last known position": bearing.range_nm',
        "in order",
    ),
    "bearing with one distance": (
        POSITION,
        "bearing = { lon = 4.5, lat = 59.6, bearing_deg = 310, bearing_error_deg = 3, range_nm = [12] }",
        'scenario "last known position": bearing.range_nm',
        "nearest",
    ),
    "bearing as text": (
        POSITION,
        'bearing = "310"',
        'scenario "last known position": bearing',
        "a table is expected",
    ),
    "bearing without an observer": (
        POSITION,
        "bearing = { bearing_deg = 310, bearing_error_deg = 3, range_nm = [2, 12] }",
        'scenario "last known position": bearing',
        "latitude",
    ),
    "bearing with a misspelt key": (
        POSITION,
        "bearing = { lon = 4.5, lat = 59.6, baering_deg = 310, bearing_error_deg = 3, range_nm = [2, 12] }",
        'scenario "last known position": bearing.baering_deg',
        "Did you mean bearing_deg?",
    ),
    "one bearing that crosses": (
        POSITION,
        "bearings = [{ lon = 4.5, lat = 59.6, bearing_deg = 310, bearing_error_deg = 3 }]",
        'scenario "last known position": bearings',
        "fewer than two",
    ),
    "second bearing without an angle": (
        POSITION,
        "bearings = [{ lon = 5, lat = 60, bearing_error_deg = 3 }, { lon = 5, lat = 60, bearing_deg = 3 }]",
        'scenario "last known position": bearing 1: bearing_deg',
        "missing",
    ),
    "fix without an ellipse": (
        POSITION,
        "fix = { lon = 4.5, lat = 59.6 }",
        'scenario "last known position": fix.major_nm',
        "50 %",
    ),
    "fix with axes swapped": (
        POSITION,
        "fix = { lon = 4.5, lat = 59.6, major_nm = 1, minor_nm = 3 }",
        'scenario "last known position": fix: minor_nm',
        "Swap",
    ),
    "ambiguous fix without probability": (
        POSITION,
        "fix = { lon = 4.5, lat = 59.6, major_nm = 3, ambiguous = { lon = 9, lat = 59 } }",
        'scenario "last known position": fix.ambiguous.probability',
        "missing",
    ),
    "ambiguous fix that is certain": (
        POSITION,
        "fix = { lon = 4.5, lat = 59.6, major_nm = 3, ambiguous = { lon = 9, lat = 59, probability = 1 } }",
        'scenario "last known position": fix.ambiguous.probability',
        "between 0 and 1",
    ),
    "cloud that is not there": (
        POSITION_AND_TIMES,
        'cloud = "winds.nc"',
        'scenario "last known position": cloud',
        'Did you mean "wind.nc"?',
    ),
    "cloud that is no drift file": (
        POSITION_AND_TIMES,
        'cloud = "wind.nc"',
        'scenario "last known position": cloud',
        "cannot be read as a drift file",
    ),
    "cloud with times": (
        POSITION,
        'cloud = "wind.nc"',
        'scenario "last known position": from',
        "Remove from",
    ),
    "found beside a forward scenario": (
        POSITION,
        "found = { lon = 4.5, lat = 59.6, error_nm = 0.1, time = 2015-11-17T05:00:00Z }",
        'scenario "last known position": found',
        "backward or forward",
    ),
    "found before it drifted": (
        POSITION,
        "found = { lon = 4.5, lat = 59.6, error_nm = 0.1, time = 2015-11-16T05:00:00Z }",
        'scenario "last known position": found.time',
        "not after",
    ),
    "found at no time": (
        POSITION,
        "found = { lon = 4.5, lat = 59.6, error_nm = 0.1 }",
        'scenario "last known position": found.time',
        "missing",
    ),
    "capsizing as text": (
        '{ type = "LIFE-RAFT-DB-10", weight = 0.75 }',
        '{ type = "LIFE-RAFT-DB-10", weight = 0.75, capsizes = "yes" }',
        'scenario "last known position": object 1: capsizes',
        "true or false",
    ),
    "more than all start right": (
        '{ type = "PIW-1" }',
        '{ type = "PIW-1", right_of_downwind_percent = 120 }',
        'scenario "overdue": object 1: right_of_downwind_percent',
        "100",
    ),
    "capsizes in one scenario only": (
        '{ type = "PIW-1" }',
        '{ type = "PIW-1", capsizes = true }',
        'scenario "overdue": objects',
        "the same in both",
    ),
    "unknown leeway wind": (
        SETTINGS,
        'particles = 5000\nleeway_wind = "over-watre"',
        "drift.leeway_wind",
        "Did you mean over-water?",
    ),
    "refloating of 200 percent": (
        SETTINGS,
        "particles = 5000\nrefloating_percent_per_hour = 200",
        "drift.refloating_percent_per_hour",
        "100",
    ),
    "negative growth": (
        SETTINGS,
        "particles = 5000\ncurrent_error_growth = -1",
        "drift.current_error_growth",
        "between",
    ),
    "a hundred million particles": (
        SETTINGS,
        "particles = 100000000",
        "drift.particles",
        "20000000",
    ),
    "members of one name": (
        FORCING,
        MEMBER + '[[environment.member]]\nname = "A"\nwind = "wind.nc"',
        'environment.member "A": name',
        "Rename",
    ),
    "some members weigh": (
        FORCING,
        MEMBER + 'weight = 0.5\n[[environment.member]]\nname = "B"\nwind = "wind.nc"',
        "environment.member: weight",
        "all or for none",
    ),
    "member that weighs nothing": (
        FORCING,
        MEMBER + "weight = 0",
        "environment.member 1: weight",
        "more than 0",
    ),
    "member without wind": (
        FORCING,
        MEMBER + '[[environment.member]]\nname = "B"',
        'environment.member "B": wind',
        "missing",
    ),
    "member with an empty wind": (
        FORCING,
        'current = "wind.nc"\n[[environment.member]]\nname = "A"\nwind = []',
        'environment.member "A": wind',
        "blows from",
    ),
    "shared current that nobody uses": (
        FORCING,
        MEMBER + 'current = "wind.nc"',
        "environment.current",
        "none would use it",
    ),
    "members as an empty list": (
        FORCING,
        'current = "wind.nc"\nwind = "wind.nc"\nmember = []',
        "environment.member",
        "empty",
    ),
    "members and realizations": (
        FORCING,
        "realizations = 3\n" + MEMBER,
        "environment.realizations",
        "Keep one",
    ),
    "realizations of constants": (
        FORCING,
        "current = 'sample-sea'\nwind = { speed_kt = 9, from_deg = 0 }\nrealizations = 21",
        "environment.realizations",
        "no file",
    ),
    "one realization": (
        FORCING,
        'current = "wind.nc"\nwind = "wind.nc"\nrealizations = 1',
        "environment.realizations",
        "between",
    ),
    "misspelt key of a member": (
        FORCING,
        MEMBER + "wieght = 3",
        "environment.member 1: wieght",
        "Did you mean weight?",
    ),
    "Stokes drift of the sample sea": (
        FORCING,
        'current = "wind.nc"\nwind = "wind.nc"\nstokes = "sample-sea"',
        "environment.stokes",
        "no waves",
    ),
    "no Stokes drift": (
        FORCING,
        'current = "wind.nc"\nwind = "wind.nc"\nstokes = []',
        "environment.stokes",
        "toward",
    ),
    "negative realization": (
        '"wind.nc"',
        '{ file = "wind.nc", realization = -1 }',
        "environment.wind",
        "counted from 0",
    ),
    "realization as text": (
        '"wind.nc"',
        '{ file = "wind.nc", realization = "3" }',
        "environment.wind",
        "counted from 0",
    ),
    "misspelt realization": (
        '"wind.nc"',
        '{ file = "wind.nc", realisation = 3 }',
        "environment.wind",
        "realization",
    ),
    "table that is not there": (
        '"wind.nc"',
        '{ table = "obs.csv" }',
        "environment.wind",
        "obs.csv",
    ),
    "table as number": (
        '"wind.nc"',
        "{ table = 3 }",
        "environment.wind",
        "file name",
    ),
    "unknown provider": (
        '"wind.nc"',
        '"ecmwf:ifs"',
        "environment.wind",
        "provider",
    ),
    "misspelt provider": (
        '"wind.nc"',
        '"nooa:gfs"',
        "environment.wind",
        "Did you mean noaa?",
    ),
}
