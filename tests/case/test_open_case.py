"""What a case file says arrives in SI and UTC; what it leaves out is filled in as documented."""

import math
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sarex.case import open_case
from sarex.case.model import (
    Case,
    ConstantVelocity,
    ForcingFile,
    LastKnownPosition,
    Light,
    Objective,
    Position,
    SampleSea,
    Sensor,
    Shoal,
    Trackline,
    UnitKind,
)
from sarex.errors import CaseError

WHOLE = (Path(__file__).parent / "whole_case.toml").read_text(encoding="utf-8")


def opened(folder: Path, *changes: tuple[str, str]) -> Case:
    text = WHOLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    for name in ("wind.nc", "gfs_b.nc", "gfs_a.nc"):
        (folder / name).touch()
    file = folder / "case.toml"
    file.write_text(text, encoding="utf-8")
    return open_case(file)


def test_scenarios_objects_and_times(tmp_path: Path) -> None:
    case = opened(tmp_path)
    known, overdue = case.scenarios
    assert (known.weight, overdue.weight) == (0.6, 0.4)
    assert isinstance(known.origin, LastKnownPosition)
    assert known.origin.probable_error_m == 3 * 1852
    assert known.origin.released_until == datetime(2015, 11, 16, 6, tzinfo=UTC)
    assert isinstance(overdue.origin, Trackline)
    assert overdue.origin.points[1].position == Position(lon_deg=4.2, lat_deg=60.1)
    assert case.object_types == ("LIFE-RAFT-DB-10", "PIW-1")
    assert case.mark == "EXERCISE"
    assert case.window.end == datetime(2015, 11, 16, 18, tzinfo=UTC)


def test_units_in_si(tmp_path: Path) -> None:
    helicopter, ship, drone = opened(tmp_path).units
    assert helicopter.kind is UnitKind.HELICOPTER
    assert helicopter.search_speed_mps == pytest.approx(46.3)
    assert helicopter.altitude_m == pytest.approx(152.4)
    assert helicopter.eye_height_m is None
    assert helicopter.home == helicopter.position
    assert helicopter.available_from == datetime(2015, 11, 16, 12, tzinfo=UTC)
    assert ship.available_from == datetime(2015, 11, 16, 2, 30, tzinfo=UTC)
    assert ship.home == Position(lon_deg=5.0, lat_deg=60.0)
    assert ship.turn_radius_m == 400.0
    assert ship.eye_height_m == pytest.approx(10.668)
    assert ship.altitude_m == 0.0
    assert ship.fatigued
    assert drone.sweep_width_m == pytest.approx({"LIFE-RAFT-DB-10": 926.0, "PIW-1": 185.2})


def test_sorties_sensors_and_limits_in_si(tmp_path: Path) -> None:
    helicopter, ship, drone = opened(tmp_path).units
    assert (helicopter.sorties, helicopter.turnaround_s) == (2, 1800.0)
    assert helicopter.light is Light.DAY
    assert helicopter.other_sensors == (Sensor("infrared", {"PIW-1": pytest.approx(555.6)}, Light.NIGHT),)
    assert helicopter.most_wind_mps == pytest.approx(45 * 1852 / 3600)
    assert helicopter.least_visibility_m == 926.0
    assert (ship.draught_m, ship.most_wave_m) == (4.5, pytest.approx(3.6576))
    assert (drone.sorties, drone.turnaround_s, drone.light) == (1, 3600.0, Light.ANY)
    assert (drone.draught_m, drone.most_wind_mps, drone.other_sensors) == (None, None, ())


def test_shoals_looks_and_objective(tmp_path: Path) -> None:
    case = opened(tmp_path)
    assert case.shoals == (
        Shoal("North bank", (Position(4.6, 60.0), Position(4.8, 60.0), Position(4.8, 60.2)), 4.0),
    )
    (look,) = case.looks
    assert (look.name, look.nation) == ("Radar pass", "KR")
    assert look.at == datetime(2015, 11, 16, 17, 12, tzinfo=UTC)
    assert look.footprint[2] == Position(5.0, 60.0)
    assert look.detection_frac == {"LIFE-RAFT-DB-10": 0.6}
    assert case.objective is Objective.ALIVE
    assert case.conditions.water_temperature_degc == 9.0


def test_a_hundred_units_are_read_within_a_second(tmp_path: Path) -> None:
    drone = WHOLE[WHOLE.rindex("[[unit]]") : WHOLE.index("[conditions]")]
    more = "".join(drone.replace("Drone 1", f"Drone {number}") for number in range(1, 99))
    began = time.perf_counter()
    case = opened(tmp_path, (drone, more))
    assert len(case.units) == 100
    assert time.perf_counter() - began < 1.0


def test_turn_radius_of_standard_rate_turn(tmp_path: Path) -> None:
    """90 kt at 3 deg/s: 884 m, as the design's reference page on search says."""
    assert opened(tmp_path).units[0].turn_radius_m == pytest.approx(884.0, abs=0.5)


@pytest.mark.parametrize(
    ("given", "radius_m"),
    [
        ("turn_rate_deg_per_s = 7", 379.0),  # 46.3 m/s over 0.12217 rad/s
        ("bank_deg = 25", 468.8),  # 46.3^2 / (9.80665 x 0.46631)
        ("bank_deg = 45", 218.6),  # 46.3^2 / 9.80665
        ("turn_radius_m = 600", 600.0),
    ],
)
def test_turns_by_rate_bank_and_radius(tmp_path: Path, given: str, radius_m: float) -> None:
    case = opened(tmp_path, ("turn_rate_deg_per_s = 3.0", given))
    assert case.units[0].turn_radius_m == pytest.approx(radius_m, abs=0.1)


def test_a_ship_turns_in_half_its_tactical_diameter(tmp_path: Path) -> None:
    case = opened(tmp_path, ("turn_radius_m = 400", "tactical_diameter_m = 650"))
    assert case.units[1].turn_radius_m == 325.0


def test_fast_aircraft_are_assumed_to_turn_with_25_degrees_of_bank(tmp_path: Path) -> None:
    """At 240 kt the standard rate would ask for a bank of 33 degrees; 123.47^2 / (9.80665 x 0.46631)."""
    fast = (("turn_rate_deg_per_s = 3.0\n", ""), ("search_speed_kt = 90.0", "search_speed_kt = 240.0"))
    assert opened(tmp_path, *fast).units[0].turn_radius_m == pytest.approx(3333.5, abs=0.5)


def test_a_turn_as_wide_as_a_country_is_refused(tmp_path: Path) -> None:
    slow = ("turn_rate_deg_per_s = 3.0", "turn_rate_deg_per_s = 0.1")
    with pytest.raises(CaseError, match=r"turn_rate_deg_per_s is 0\.1, at search speed a turn of 97 km"):
        opened(tmp_path, slow, ("search_speed_kt = 90.0", "search_speed_kt = 330.0"))


def test_turn_radius_assumed_for_what_floats(tmp_path: Path) -> None:
    changes = ("turn_radius_m = 400\n", "")
    assert opened(tmp_path, changes).units[1].turn_radius_m == 250.0
    craft = opened(tmp_path, changes, ('"ship"', '"uncrewed-surface-craft"'))
    assert craft.units[1].turn_radius_m == 30.0


def test_constants_keep_their_convention(tmp_path: Path) -> None:
    """A wind from the west and a current toward the east both move things eastward."""
    forcing = opened(tmp_path).forcing
    current, wind = forcing.current[0], forcing.wind[1]
    assert isinstance(current, ConstantVelocity)
    assert isinstance(wind, ConstantVelocity)
    assert current.eastward_mps == pytest.approx(0.5 * 1852 / 3600)
    assert wind.eastward_mps == pytest.approx(20 * 1852 / 3600)
    assert math.hypot(current.northward_mps, wind.northward_mps) < 1e-12


def test_north_wind_blows_south(tmp_path: Path) -> None:
    wind = opened(tmp_path, ("from_deg = 270", "from_deg = 0")).forcing.wind[1]
    assert isinstance(wind, ConstantVelocity)
    assert wind.northward_mps == pytest.approx(-20 * 1852 / 3600)


def test_forcing_patterns_are_sorted_and_relative_to_the_case(tmp_path: Path) -> None:
    forcing = opened(tmp_path, ('"wind.nc"', '"gfs_*.nc", "sample-sea"')).forcing
    assert forcing.wind[:3] == (
        ForcingFile(str(tmp_path.resolve() / "gfs_a.nc")),
        ForcingFile(str(tmp_path.resolve() / "gfs_b.nc")),
        SampleSea(),
    )


def test_weights_are_normalised(tmp_path: Path) -> None:
    case = opened(tmp_path, ("weight = 0.6", "weight = 3"), ("weight = 0.4", "weight = 1"))
    assert [scenario.weight for scenario in case.scenarios] == [0.75, 0.25]
    unweighted = opened(tmp_path, ("weight = 0.6\n", ""), ("weight = 0.4\n", ""))
    assert [scenario.weight for scenario in unweighted.scenarios] == [0.5, 0.5]
    assert unweighted.scenarios[1].objects[0].weight == 1.0


def test_conditions_and_drift_settings(tmp_path: Path) -> None:
    case = opened(tmp_path)
    assert case.conditions.visibility_m == 18_520.0
    assert case.conditions.wave_height_m == pytest.approx(1.524)
    assert case.conditions.wind_mps == pytest.approx(15 * 1852 / 3600)
    assert case.conditions.flotation_device_worn
    assert case.drift.particles == 5000
    assert case.drift.jibing_per_hour == pytest.approx(0.06)
    assert case.drift.error_memory_s == 43_200.0


def test_what_is_left_out_has_defaults(tmp_path: Path) -> None:
    drift = WHOLE[WHOLE.index("[drift]") :]
    case = opened(
        tmp_path, (drift, ""), ("seed = 7", ""), ("until = 2015-11-16T06:00:00Z", ""), ("wind_kt = 15.0", "")
    )
    assert case.drift.particles == 20_000
    assert case.seed == 1
    assert case.conditions.wind_mps is None
    origin = case.scenarios[0].origin
    assert isinstance(origin, LastKnownPosition)
    assert origin.released_until == origin.released_from


def test_case_without_units_and_danger_areas_is_a_case_to_drift(tmp_path: Path) -> None:
    units = WHOLE[WHOLE.index("[[unit]]") : WHOLE.index("[conditions]")]
    areas = WHOLE[WHOLE.index("[[danger_area]]") : WHOLE.index("[drift]")]
    case = opened(tmp_path, (units, ""), (areas, ""))
    assert case.units == ()
    assert case.danger_areas == ()


def test_danger_area_over_the_dateline(tmp_path: Path) -> None:
    corners = "[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1], [3.6, 60.1]]"
    case = opened(
        tmp_path, (corners, '[[179.5, 10], [-179.5, 10], "11-00N 179-30W", [179.5, 11], [179.5, 10]]')
    )
    assert [corner.lon_deg for corner in case.danger_areas[0].polygon] == [179.5, -179.5, -179.5, 179.5]


def test_marks_of_other_editors(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends, as some editors write them."""
    (tmp_path / "wind.nc").touch()
    file = tmp_path / "case.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert open_case(file).id == "TEST-1"


def test_example_of_the_contract(shared_dir: Path) -> None:
    case = open_case(shared_dir / "contract" / "case.toml")
    assert case.id == "EX-2015-0001"
    assert [unit.kind.value for unit in case.units] == [
        "helicopter",
        "fixed-wing",
        "ship",
        "ship",
        "uncrewed-aircraft",
    ]
    assert isinstance(case.forcing.wind[0], ForcingFile)
    assert case.forcing.wind[0].path.is_file()
