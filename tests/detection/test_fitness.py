"""What a unit sees by day and by night, and what weather keeps it in port."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.case.model import Conditions, Light, Position, SearchUnit, Sensor, UnitKind
from sarex.detection import sweep_width, sweep_widths_in_light, unusable_reason, weather_reason
from sarex.units import ft_to_m, kt_to_mps, nm_to_m

HOME = Position(5.2, 60.3)
SCENE = Conditions(visibility_m=nm_to_m(10.0), wave_height_m=ft_to_m(2.0))
BREEZE_MPS = kt_to_mps(10.0)
RAFT, PERSON = "LIFE-RAFT-DB-10", "PIW-1"
INFRARED = Sensor("infrared", {PERSON: nm_to_m(0.3)}, Light.NIGHT)
HELICOPTER = SearchUnit(
    name="Rescue helicopter 1",
    nation="JP",
    kind=UnitKind.HELICOPTER,
    position=HOME,
    transit_speed_mps=kt_to_mps(130.0),
    search_speed_mps=kt_to_mps(90.0),
    endurance_s=4 * 3600.0,
    sensor="visual",
    altitude_m=ft_to_m(500.0),
    eye_height_m=None,
    available_from=datetime(2015, 11, 16, 12, tzinfo=UTC),
    home=HOME,
    turn_radius_m=600.0,
    light=Light.DAY,
    other_sensors=(INFRARED,),
)


def widths_nm(unit: SearchUnit, light: Light) -> dict[str, float]:
    widths = sweep_widths_in_light(unit, (RAFT, PERSON), SCENE, BREEZE_MPS, light)
    return {key: width.width_m / 1852.0 for key, width in widths.items()}


def test_by_day_the_lookouts_and_by_night_the_infrared() -> None:
    """2.2 and 0.1 nm are those of COMDTINST M16130.2F at 500 ft and 10 nm."""
    assert widths_nm(HELICOPTER, Light.DAY) == pytest.approx({RAFT: 2.2, PERSON: 0.1})
    assert widths_nm(HELICOPTER, Light.NIGHT) == pytest.approx({RAFT: 0.0, PERSON: 0.3})


def test_the_wider_of_two_sensors_counts_for_each_object() -> None:
    always = replace(HELICOPTER, other_sensors=(replace(INFRARED, light=Light.ANY),))
    assert widths_nm(always, Light.DAY) == pytest.approx({RAFT: 2.2, PERSON: 0.3})
    assert widths_nm(always, Light.NIGHT) == pytest.approx({RAFT: 0.0, PERSON: 0.3})


def test_in_any_light_only_what_holds_by_day_and_by_night() -> None:
    assert widths_nm(HELICOPTER, Light.ANY) == pytest.approx({RAFT: 0.0, PERSON: 0.1})


def test_lookouts_beside_another_main_sensor_use_the_tables() -> None:
    drone = replace(
        HELICOPTER,
        sensor="infrared",
        sweep_width_m={PERSON: nm_to_m(0.3)},
        light=Light.NIGHT,
        other_sensors=(Sensor("visual", {}, Light.DAY),),
    )
    assert widths_nm(drone, Light.DAY) == pytest.approx({RAFT: 2.2, PERSON: 0.1})
    assert widths_nm(drone, Light.NIGHT) == pytest.approx({RAFT: 0.0, PERSON: 0.3})


def test_the_source_names_the_sensor_and_blindness_its_reason() -> None:
    by_night = sweep_widths_in_light(HELICOPTER, (PERSON,), SCENE, BREEZE_MPS, Light.NIGHT)
    assert by_night[PERSON].source == "infrared: given by the crew for PIW-1"
    lookouts = replace(HELICOPTER, other_sensors=())
    blind = sweep_widths_in_light(lookouts, (PERSON,), SCENE, BREEZE_MPS, Light.NIGHT)[PERSON]
    assert (blind.width_m, blind.remarks) == (0.0, ("no sensor that works by night",))


def test_a_unit_without_a_sensor_for_the_light_is_unused() -> None:
    lookouts = replace(HELICOPTER, other_sensors=())
    by_night = sweep_widths_in_light(lookouts, (RAFT, PERSON), SCENE, BREEZE_MPS, Light.NIGHT)
    reason = unusable_reason(lookouts, by_night)
    assert reason is not None
    assert reason.startswith("it has no sensor that works by night; ")


@pytest.mark.parametrize("light", Light)
def test_a_unit_of_one_sensor_that_works_always_has_its_sweep_width(light: Light) -> None:
    plain = replace(HELICOPTER, light=Light.ANY, other_sensors=())
    found = sweep_widths_in_light(plain, (RAFT, PERSON), SCENE, BREEZE_MPS, light)
    assert found == {key: sweep_width(plain, key, SCENE, BREEZE_MPS) for key in (RAFT, PERSON)}


LIMITED = replace(
    HELICOPTER,
    most_wind_mps=kt_to_mps(40.0),
    most_wave_m=ft_to_m(12.0),
    least_visibility_m=nm_to_m(1.0),
)


def scene(visibility_nm: float = 10.0, wave_ft: float = 2.0, wind_kt: float | None = None) -> Conditions:
    wind_mps = None if wind_kt is None else kt_to_mps(wind_kt)
    return Conditions(nm_to_m(visibility_nm), ft_to_m(wave_ft), wind_mps)


def test_each_limit_keeps_the_unit_in_port_with_its_numbers() -> None:
    head = "the weather keeps it in port: "
    assert weather_reason(LIMITED, scene(), kt_to_mps(45.0)) == f"{head}wind 45 kt, its limit is 40 kt"
    assert weather_reason(LIMITED, scene(wave_ft=15.0), 0.0) == f"{head}sea 15 ft, its limit is 12 ft"
    assert weather_reason(LIMITED, scene(visibility_nm=0.5), 0.0) == f"{head}visibility 0.5 nm, it needs 1 nm"
    assert str(weather_reason(LIMITED, scene(0.5, 15.0, 45.0), 0.0)).count(";") == 2


def test_weather_on_the_limits_keeps_nobody() -> None:
    assert weather_reason(LIMITED, scene(1.0, 12.0), kt_to_mps(40.0)) is None


def test_the_wind_of_the_conditions_comes_before_the_forcing() -> None:
    assert weather_reason(LIMITED, scene(wind_kt=20.0), kt_to_mps(60.0)) is None
    assert weather_reason(LIMITED, scene(wind_kt=60.0), 0.0) is not None


@given(st.floats(0.1, 30), st.floats(0, 70), st.floats(0, 150))
def test_without_limits_no_weather_keeps_a_unit(visibility_nm, wave_ft, wind_kt) -> None:
    assert weather_reason(HELICOPTER, scene(visibility_nm, wave_ft, wind_kt), 0.0) is None
