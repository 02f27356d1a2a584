"""A case written to JSON and read back is the same case, number for number."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sarex.case import case_from_mapping, case_to_mapping, open_case
from sarex.tables import leeway_classes

HERE = Path(__file__).parent

numbers = st.floats
keys = st.sampled_from(sorted(leeway_classes()))
names = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20)
weights = numbers(0.01, 100.0)
places = st.fixed_dictionaries({"lon": numbers(-180, 360), "lat": numbers(-90, 90)})
errors_nm = numbers(0.01, 200.0)
BEGIN = datetime(2020, 2, 28, 22, tzinfo=UTC)


def iso(moment: datetime) -> str:
    return moment.isoformat()


@st.composite
def instants(draw: st.DrawFn, first_h: float, last_h: float) -> datetime:
    zone = timedelta(hours=draw(st.integers(-11, 13)))
    moment = BEGIN + timedelta(microseconds=draw(st.integers(int(first_h * 3.6e9), int(last_h * 3.6e9))))
    return moment.astimezone(timezone(zone))


@st.composite
def objects(draw: st.DrawFn) -> list[dict[str, Any]]:
    types = draw(st.lists(keys, min_size=1, max_size=4, unique=True))
    # what is said of a class holds for the whole case, so it follows from the key here
    return [
        {
            "type": key,
            "weight": draw(weights),
            "capsizes": len(key) % 2 == 0,
            "right_of_downwind_percent": 100.0 * len(key) / 31.0,
        }
        for key in types
    ]


bearings = st.fixed_dictionaries(
    {"lon": numbers(-180, 360), "lat": numbers(-90, 90), "bearing_deg": numbers(0, 360)}
    | {"bearing_error_deg": numbers(0.01, 45), "error_nm": numbers(0, 50)},
)
ranges_nm = st.tuples(numbers(0, 100), numbers(100.5, 500)).map(list)
ranged = st.builds(lambda bearing, range_nm: bearing | {"range_nm": range_nm}, bearings, ranges_nm)
ellipses = st.builds(
    lambda place, axes, toward: (
        place | {"major_nm": max(axes), "minor_nm": min(axes), "major_toward_deg": toward}
    ),
    places,
    st.tuples(errors_nm, errors_nm),
    numbers(0, 360),
)
images = st.builds(
    lambda place, probability: place | {"probability": probability}, places, numbers(0.01, 0.99)
)


@st.composite
def seeds(draw: st.DrawFn) -> dict[str, Any]:
    """An origin with an extent; a triangle as area, so that it never crosses itself."""
    kind = draw(st.sampled_from(["area", "bearing", "bearings", "fix"]))
    if kind == "area":
        west, south = draw(numbers(-180, 180)), draw(numbers(-80, 79))
        corners = [[west, south], [west + 1.0, south], [west, south + draw(numbers(0.01, 1))]]
        return {"area": corners} | ({"area_error_nm": draw(errors_nm)} if draw(st.booleans()) else {})
    if kind == "bearing":
        return {"bearing": draw(ranged)}
    if kind == "bearings":
        return {"bearings": draw(st.lists(bearings | ranged, min_size=2, max_size=4))}
    return {"fix": draw(ellipses) | ({"ambiguous": draw(images)} if draw(st.booleans()) else {})}


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    common = {"name": draw(names), "weight": draw(weights), "objects": draw(objects())}
    moments = sorted(draw(st.lists(instants(0, 20), min_size=2, max_size=5, unique=True)))
    if draw(st.booleans()):
        return common | {
            "track": [draw(places) | {"time": iso(at), "error_nm": draw(errors_nm)} for at in moments]
        }
    position = draw(places) | {"error_nm": draw(errors_nm)}
    seed = draw(st.just({"position": position}) | seeds())
    return common | seed | {"from": iso(moments[0]), "until": iso(moments[-1])}


sensors = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["infrared", "night-vision"]),
        "sweep_width_nm": st.dictionaries(keys, numbers(0.001, 60.0), min_size=1, max_size=3),
        "light": st.sampled_from(["any", "day", "night"]),
    }
)


@st.composite
def units(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["ship", "helicopter", "fixed-wing", "uncrewed-aircraft", "uncrewed-surface-craft"])
    )
    floats = kind in ("ship", "uncrewed-surface-craft")
    unit = {
        "name": draw(names),
        "nation": draw(st.sampled_from(["JP", "KR", "NO"])),
        "kind": kind,
        "position": draw(places),
        "transit_speed_kt": draw(numbers(0.1, 70.0)),
        "search_speed_kt": draw(numbers(0.1, 70.0)),
        "endurance_h": draw(numbers(0.1, 10_000.0 if floats else 48.0)),
        "sensor": "visual",
        "sweep_width_nm": draw(st.dictionaries(keys, numbers(0.001, 60.0), max_size=3)),
    }
    unit |= (
        {"eye_height_ft": draw(numbers(3, 200))} if floats else {"altitude_ft": draw(numbers(100, 10_000))}
    )
    extras = {
        "home": draw(places),
        "available_from": iso(draw(instants(0, 50))),
        "turn_radius_m": draw(numbers(0, 20_000)),
        "fatigued": draw(st.booleans()),
        "sorties": draw(st.integers(1, 50)),
        "turnaround_h": draw(numbers(0, 240)),
        "light": draw(st.sampled_from(["any", "day"])),
        "other_sensors": draw(st.lists(sensors, max_size=2, unique_by=lambda sensor: sensor["light"])),
        "max_wind_kt": draw(numbers(0.1, 150)),
        "max_wave_ft": draw(numbers(0.1, 70)),
        "min_visibility_nm": draw(numbers(0.1, 30)),
    }
    if floats:
        unit["draught_m"] = draw(numbers(0.1, 30))
    return unit | {key: extras[key] for key in draw(st.sets(st.sampled_from(sorted(extras))))}


forcing = st.lists(
    st.sampled_from(["sample-sea", "whole_case.toml", "test_*.py"])
    | st.fixed_dictionaries({"eastward_mps": numbers(-3, 3), "northward_mps": numbers(-3, 3)}),
    min_size=1,
    max_size=3,
)


sources = forcing | st.lists(
    st.sampled_from(
        ["s3://bucket/era5.zarr", "https://example.org/gfs.nc", "copernicusmarine:cmems_x_PT1H", "noaa:gfs"]
    )
    | st.just({"file": "whole_case.toml", "realization": 3})
    | st.just({"table": "whole_case.toml"}),
    min_size=1,
)


@st.composite
def environments(draw: st.DrawFn) -> dict[str, Any]:
    waves = {"stokes": [{"speed_kt": draw(numbers(0, 5)), "toward_deg": draw(numbers(0, 360))}]}
    shared = {
        "current": [*draw(sources), {"speed_kt": draw(numbers(0, 15)), "toward_deg": draw(numbers(0, 360))}],
    } | (waves if draw(st.booleans()) else {})
    wind = [*draw(sources), {"speed_kt": draw(numbers(0, 150)), "from_deg": draw(numbers(0, 360))}]
    kind = draw(st.sampled_from(["one", "realizations", "members"]))
    if kind == "one":
        return shared | {"wind": wind}
    if kind == "realizations":
        return shared | {"wind": ["whole_case.toml", *wind], "realizations": draw(st.integers(2, 40))}
    chosen = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    return shared | {"member": [{"name": name, "weight": draw(weights), "wind": wind} for name in chosen]}


@st.composite
def danger_areas(draw: st.DrawFn) -> dict[str, Any]:
    west, south = draw(numbers(-180, 180)), draw(numbers(-80, 79))
    width, height = draw(numbers(0.01, 5)), draw(numbers(0.01, 1))
    corners = [(west, south), (west + width, south), (west + width, south + height)]
    return {
        "name": draw(names),
        "polygon": [[lon, lat] for lon, lat in corners],
        "from": iso(draw(instants(0, 10))),
        "until": iso(draw(instants(11, 30))),
        "floor_ft": draw(numbers(0, 100)),
        "ceiling_ft": draw(numbers(101, 50_000)),
    }


@st.composite
def shoals(draw: st.DrawFn) -> dict[str, Any]:
    area = draw(danger_areas())
    return {"name": area["name"], "polygon": area["polygon"], "depth_m": draw(numbers(0, 100))}


@st.composite
def looks(draw: st.DrawFn) -> dict[str, Any]:
    area = draw(danger_areas())
    return {
        "name": area["name"],
        "nation": "KR",
        "at": iso(draw(instants(30, 31))),
        "footprint": area["polygon"],
        "detection": draw(st.dictionaries(keys, numbers(0, 0.999), min_size=1, max_size=3)),
    }


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    def by_name(entry: dict[str, Any]) -> str:
        return str(entry["name"])

    return {
        "format": "sarex-case/1",
        "case": {"id": draw(names), "exercise": draw(st.booleans()), "seed": draw(st.integers(0, 2**63 - 1))},
        "scenario": draw(st.lists(scenarios(), min_size=1, max_size=3, unique_by=by_name)),
        "environment": draw(environments()),
        "search": {"start": iso(draw(instants(21, 30))), "end": iso(draw(instants(31, 60)))}
        | {"objective": draw(st.sampled_from(["pos", "alive", "soonest"]))},
        "unit": draw(st.lists(units(), max_size=3, unique_by=by_name)),
        "conditions": {
            "visibility_nm": draw(numbers(0.1, 30)),
            "wave_height_ft": draw(numbers(0, 70)),
            "water_temperature_c": draw(numbers(-2, 40)),
            **({"wind_kt": draw(numbers(0, 150))} if draw(st.booleans()) else {}),
        },
        "danger_area": draw(st.lists(danger_areas(), max_size=2, unique_by=by_name)),
        "shoal": draw(st.lists(shoals(), max_size=2, unique_by=by_name)),
        "satellite_look": draw(st.lists(looks(), max_size=2, unique_by=by_name)),
        "drift": {
            "jibing_percent_per_hour": draw(numbers(0, 100)),
            "error_memory_h": draw(numbers(0.1, 1000)),
            "leeway_wind": draw(st.sampled_from(["over-water", "over-ground"])),
            "refloating_percent_per_hour": draw(numbers(0, 100)),
            **({"current_error_mps": draw(numbers(0, 2))} if draw(st.booleans()) else {}),
            **({"current_error_growth": draw(numbers(0, 2))} if draw(st.booleans()) else {}),
        },
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=cases())
def test_stored_case_is_the_same_case(data: dict[str, Any]) -> None:
    case = case_from_mapping(data, base_dir=HERE, name="random case")
    stored = json.loads(json.dumps(case_to_mapping(case), allow_nan=False))
    assert case_from_mapping(stored, base_dir=Path("/nowhere"), name="stored case") == case
    assert sum(scenario.weight for scenario in case.scenarios) == pytest.approx(1.0)
    assert sum(member.weight for member in case.forcing.members) == pytest.approx(1.0)
    assert all(
        sum(share.weight for share in scenario.objects) == pytest.approx(1.0) for scenario in case.scenarios
    )


def test_stored_case_keeps_the_numbers_as_they_were_written(tmp_path: Path) -> None:
    (tmp_path / "wind.nc").touch()
    file = tmp_path / "case.toml"
    file.write_text((HERE / "whole_case.toml").read_text(encoding="utf-8"), encoding="utf-8")
    stored = case_to_mapping(open_case(file))
    assert stored["unit"][0]["search_speed_kt"] == 90.0
    assert stored["unit"][0]["other_sensors"][0]["sweep_width_nm"] == {"PIW-1": 0.3}
    assert (stored["unit"][0]["max_wind_kt"], stored["unit"][1]["max_wave_ft"]) == (45.0, 12.0)
    assert stored["satellite_look"][0]["at"] == "2015-11-16T17:12:00Z"
    assert stored["search"]["objective"] == "alive"
    assert stored["unit"][2]["sweep_width_nm"] == {"LIFE-RAFT-DB-10": 0.5, "PIW-1": 0.1}
    assert stored["unit"][1]["available_from"] == "2015-11-16T02:30:00Z"
    assert stored["conditions"]["visibility_nm"] == 10.0
    assert stored["environment"]["wind"][0] == str(tmp_path.resolve() / "wind.nc")


def test_stored_case_opens_from_a_json_file(tmp_path: Path) -> None:
    (tmp_path / "wind.nc").touch()
    toml, stored = tmp_path / "case.toml", tmp_path / "elsewhere" / "case.json"
    toml.write_text((HERE / "whole_case.toml").read_text(encoding="utf-8"), encoding="utf-8")
    stored.parent.mkdir()
    case = open_case(toml)
    stored.write_text(json.dumps(case_to_mapping(case)), encoding="utf-8")
    assert open_case(stored) == case
