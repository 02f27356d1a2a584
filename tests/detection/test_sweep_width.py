"""From a unit, a search object and the scene to a width with its reasons."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.case.model import Conditions, Position, SearchUnit, UnitKind
from sarex.detection import sweep_width, unusable_reason
from sarex.errors import CaseError
from sarex.tables import leeway_classes
from sarex.units import ft_to_m, kt_to_mps, nm_to_m

HOME = Position(5.2, 60.3)
CALM = Conditions(visibility_m=nm_to_m(10.0), wave_height_m=ft_to_m(2.0))
BREEZE_MPS = kt_to_mps(10.0)
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
)
SHIP = replace(
    HELICOPTER,
    name="Destroyer 1",
    kind=UnitKind.SHIP,
    search_speed_mps=kt_to_mps(15.0),
    altitude_m=0.0,
    eye_height_m=ft_to_m(14.0),
)
DRONE = replace(
    HELICOPTER,
    name="Drone 1",
    kind=UnitKind.UNCREWED_AIRCRAFT,
    search_speed_mps=kt_to_mps(45.0),
    altitude_m=ft_to_m(300.0),
    sensor="electro-optical",
)


def width_nm(
    unit: SearchUnit, type_key: str, conditions: Conditions = CALM, wind: float = BREEZE_MPS
) -> float:
    return sweep_width(unit, type_key, conditions, wind).width_m / 1852.0


def factors(unit: SearchUnit, type_key: str, conditions: Conditions = CALM, wind: float = BREEZE_MPS):
    corrections = sweep_width(unit, type_key, conditions, wind).corrections
    return {correction.name: correction.factor for correction in corrections}


@pytest.mark.parametrize(
    ("unit", "type_key", "expected_nm"),
    [
        (HELICOPTER, "LIFE-RAFT-DB-10", 2.2),
        (SHIP, "LIFE-RAFT-DB-10", 4.0),
        (HELICOPTER, "PIW-1", 0.1),
        (SHIP, "PIW-1", 0.5),
    ],
)
def test_a_calm_day_gives_the_published_width(unit, type_key, expected_nm) -> None:
    """COMDTINST M16130.2F at 10 nm visibility, 500 ft and 14 ft."""
    assert width_nm(unit, type_key) == pytest.approx(expected_nm)


def test_every_correction_is_named_even_where_it_changes_nothing() -> None:
    assert factors(HELICOPTER, "LIFE-RAFT-DB-10") == {"weather": 1.0, "speed": 1.0, "fatigue": 1.0}
    assert factors(HELICOPTER, "PIW-1") == {"weather": 1.0, "speed": 1.0, "fatigue": 1.0, "flotation": 1.0}
    assert all(c.why for c in sweep_width(HELICOPTER, "PIW-1", CALM, BREEZE_MPS).corrections)


def test_all_corrections_multiply() -> None:
    """Raft from a helicopter at 120 kt, 20 kt of wind, tired: 2.2 x 0.5 x 0.9 x 0.9."""
    tired = replace(HELICOPTER, fatigued=True, search_speed_mps=kt_to_mps(120.0))
    assert width_nm(tired, "LIFE-RAFT-DB-10", wind=kt_to_mps(20.0)) == pytest.approx(2.2 * 0.5 * 0.9 * 0.9)


def test_a_flotation_device_shows_a_person_to_low_aircraft() -> None:
    worn = replace(CALM, flotation_device_worn=True)
    assert width_nm(HELICOPTER, "PIW-1", worn) == pytest.approx(0.4)
    assert width_nm(replace(HELICOPTER, altitude_m=ft_to_m(750.0)), "PIW-1", worn) == pytest.approx(0.1)
    assert width_nm(SHIP, "PIW-1", worn) == pytest.approx(0.5)


def test_an_oil_drum_wears_no_flotation_device() -> None:
    worn = replace(CALM, flotation_device_worn=True)
    assert "flotation" not in factors(HELICOPTER, "OIL-DRUM", worn)
    assert width_nm(HELICOPTER, "OIL-DRUM", worn) == pytest.approx(0.1)


def test_a_wind_given_with_the_conditions_comes_before_the_forcing() -> None:
    observed = replace(CALM, wind_mps=kt_to_mps(30.0))
    assert factors(HELICOPTER, "PIW-1", observed, wind=0.0)["weather"] == 0.25


def test_a_width_from_the_crew_replaces_table_and_corrections() -> None:
    tired = replace(HELICOPTER, fatigued=True, sweep_width_m={"PIW-1": 300.0})
    result = sweep_width(tired, "PIW-1", replace(CALM, visibility_m=100.0), 40.0)
    assert (result.width_m, result.uncorrected_m, result.corrections) == (300.0, 300.0, ())
    assert result.source == "given by the crew for PIW-1"


def test_a_width_from_the_crew_counts_for_its_class_only() -> None:
    known = replace(HELICOPTER, sweep_width_m={"PIW-1": 300.0})
    assert width_nm(known, "LIFE-RAFT-DB-10") == pytest.approx(2.2)


def test_a_sensor_without_a_table_is_blind_to_what_its_crew_gave_no_width_for() -> None:
    drone = replace(DRONE, sweep_width_m={"PIW-1": 185.2})
    result = sweep_width(drone, "LIFE-RAFT-DB-10", CALM, BREEZE_MPS)
    assert result.width_m == 0.0
    assert "counted as blind to it" in result.remarks[0]
    assert sweep_width(drone, "PIW-1", CALM, BREEZE_MPS).width_m == 185.2


def test_uncrewed_craft_borrow_a_table_and_say_so() -> None:
    drone = sweep_width(replace(DRONE, sensor="visual"), "PIW-1", CALM, BREEZE_MPS)
    assert drone.width_m == pytest.approx(nm_to_m(0.1) * 1.5)
    assert "a helicopter's lookouts stand in" in " ".join(drone.remarks)
    boat = replace(SHIP, kind=UnitKind.UNCREWED_SURFACE_CRAFT, eye_height_m=None)
    remarks = " ".join(sweep_width(boat, "PIW-1", CALM, BREEZE_MPS).remarks)
    assert "a vessel's lookouts stand in" in remarks
    assert "height of eye not given" in remarks


def test_stand_ins_ask_the_crew_for_a_width() -> None:
    assert "the crew should give a width" in sweep_width(SHIP, "SLDMB", CALM, BREEZE_MPS).remarks[0]
    assert "give a width" not in sweep_width(SHIP, "PIW-1", CALM, BREEZE_MPS).remarks[0]


def test_the_source_names_table_and_object() -> None:
    source = sweep_width(HELICOPTER, "LIFE-RAFT-DB-10", CALM, BREEZE_MPS).source
    assert "M16130.2F" in source
    assert "helicopter" in source
    assert "Raft 4 person" in source


def test_an_unknown_class_is_a_case_error() -> None:
    with pytest.raises(CaseError, match="RAFT-9"):
        sweep_width(HELICOPTER, "RAFT-9", CALM, BREEZE_MPS)


@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf])
def test_conditions_that_are_no_numbers_are_refused_by_name(bad) -> None:
    with pytest.raises(CaseError, match="visibility_nm"):
        sweep_width(HELICOPTER, "PIW-1", replace(CALM, visibility_m=bad), BREEZE_MPS)
    with pytest.raises(CaseError, match="wave_height_ft"):
        sweep_width(HELICOPTER, "PIW-1", replace(CALM, wave_height_m=bad), BREEZE_MPS)
    with pytest.raises(CaseError, match="wind_kt"):
        sweep_width(HELICOPTER, "PIW-1", CALM, bad)
    with pytest.raises(CaseError, match=r'sweep_width_nm of unit "Destroyer 1" for PIW-1'):
        sweep_width(replace(SHIP, sweep_width_m={"PIW-1": bad}), "PIW-1", CALM, BREEZE_MPS)


@given(
    unit=st.sampled_from([HELICOPTER, SHIP, replace(DRONE, sensor="visual")]),
    type_key=st.sampled_from(sorted(leeway_classes())),
    visibility_m=st.floats(0, 1e5),
    wave_height_m=st.floats(0, 20),
    wind_mps=st.floats(0, 60),
    worn=st.booleans(),
)
def test_any_scene_gives_a_finite_width_that_its_corrections_explain(
    *, unit, type_key, visibility_m, wave_height_m, wind_mps, worn
) -> None:
    scene = Conditions(visibility_m, wave_height_m, flotation_device_worn=worn)
    result = sweep_width(unit, type_key, scene, wind_mps)
    assert 0.0 <= result.width_m <= nm_to_m(43.9 * 1.1) + 1e-6
    product = math.prod(correction.factor for correction in result.corrections)
    assert result.width_m == pytest.approx(result.uncorrected_m * product)


@given(st.floats(0, 20), st.floats(0, 20), st.floats(0, 60), st.floats(0, 60))
def test_worse_weather_never_widens_the_sweep(wave_a, wave_b, wind_a, wind_b) -> None:
    better = replace(CALM, wave_height_m=min(wave_a, wave_b))
    worse = replace(CALM, wave_height_m=max(wave_a, wave_b))
    winds = sorted((wind_a, wind_b))
    assert width_nm(SHIP, "PIW-1", worse, winds[1]) <= width_nm(SHIP, "PIW-1", better, winds[0])


def widths(unit: SearchUnit, *type_keys: str):
    return {key: sweep_width(unit, key, CALM, BREEZE_MPS) for key in type_keys}


def test_a_unit_that_sees_one_of_the_objects_is_used() -> None:
    drone = replace(DRONE, sweep_width_m={"PIW-1": 185.2})
    assert unusable_reason(drone, widths(drone, "PIW-1", "LIFE-RAFT-DB-10")) is None


def test_a_sensor_without_any_width_is_unused_and_the_remedy_is_named() -> None:
    reason = unusable_reason(DRONE, widths(DRONE, "PIW-1", "LIFE-RAFT-DB-10"))
    assert reason is not None
    assert '"electro-optical"' in reason
    assert "sweep_width_nm" in reason


def test_an_aircraft_too_high_to_see_a_person_is_unused() -> None:
    high = replace(HELICOPTER, kind=UnitKind.FIXED_WING, altitude_m=ft_to_m(2000.0))
    reason = unusable_reason(high, widths(high, "PIW-1"))
    assert reason == "its sweep width is zero for PIW-1; change its height, or give sweep_width_nm"
