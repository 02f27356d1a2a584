"""The manual's factors."""

import pytest

from sarex.detection.corrections import (
    fatigue_correction,
    flotation_correction,
    speed_correction,
    weather_correction,
)


@pytest.mark.parametrize(
    ("table_object", "wind_kt", "sea_ft", "factor"),
    [
        ("Raft 4 person", 5, 1, 1.0),
        ("Raft 4 person", 20, 1, 0.5),
        ("Raft 4 person", 5, 4, 0.5),
        ("Raft 4 person", 30, 1, 0.25),
        ("Raft 4 person", 5, 6, 0.25),
        ("Raft 4 person", 20, 6, 0.25),
        ("Raft 4 person", 30, 4, 0.25),
        ("Ship 120ft", 5, 1, 1.0),
        ("Ship 120ft", 20, 1, 0.9),
        ("Ship 120ft", 60, 30, 0.9),
        ("Person in Water", 2000, 2000, 0.25),
    ],
)
def test_the_worse_of_wind_and_sea_counts(table_object, wind_kt, sea_ft, factor) -> None:
    """IAMSAR Vol. II, Table N-7."""
    assert weather_correction(table_object, wind_kt, sea_ft).factor == factor


@pytest.mark.parametrize(
    ("wind_kt", "sea_ft", "factor"),
    [(15, 3, 1.0), (25, 5, 0.5), (15.1, 3, 0.5), (15, 3.1, 0.5), (25.1, 5, 0.25)],
)
def test_a_limit_belongs_to_the_calmer_row(wind_kt, sea_ft, factor) -> None:
    """The manual prints "> 15 kt" and "> 25 kt"."""
    assert weather_correction("Person in Water", wind_kt, sea_ft).factor == factor


def test_a_limit_that_went_through_metres_is_still_on_the_limit() -> None:
    assert weather_correction("Person in Water", 15 + 1e-12, 5 + 1e-12).factor == 0.5


@pytest.mark.parametrize(
    ("platform", "table_object", "speed_kt", "factor"),
    [
        ("helicopter", "Person in Water", 45, 1.5),
        ("helicopter", "Person in Water", 60, 1.5),
        ("helicopter", "Person in Water", 61, 1.0),
        ("helicopter", "Person in Water", 90 + 1e-12, 1.0),
        ("helicopter", "Person in Water", 120, 0.8),
        ("helicopter", "Person in Water", 140, 0.7),
        ("fixed_wing", "Person in Water", 150, 1.2),
        ("fixed_wing", "Person in Water", 180, 1.0),
        ("fixed_wing", "Raft 4 person", 200, 0.9),
        ("fixed_wing", "Ship 225ft", 210, 1.0),
        ("vessel", "Person in Water", 15, 1.0),
    ],
)
def test_speed_takes_the_first_row_that_is_not_exceeded(platform, table_object, speed_kt, factor) -> None:
    """COMDTINST M16130.2F, Table H-9."""
    correction, remarks = speed_correction(platform, table_object, speed_kt)
    assert correction.factor == factor
    assert remarks == ()


def test_a_speed_above_the_table_takes_its_last_factor_and_says_so() -> None:
    correction, remarks = speed_correction("helicopter", "Person in Water", 160)
    assert correction.factor == 0.7
    assert "160 kt is above the table" in remarks[0]


def test_tired_crews_see_a_tenth_less() -> None:
    assert fatigue_correction(fatigued=True).factor == 0.9
    assert fatigue_correction(fatigued=False).factor == 1.0


@pytest.mark.parametrize(
    ("platform", "height_ft", "worn", "factor"),
    [
        ("helicopter", 500, True, 4.0),
        ("helicopter", 500 + 1e-12, True, 4.0),
        ("fixed_wing", 300, True, 4.0),
        ("helicopter", 501, True, 1.0),
        ("helicopter", 500, False, 1.0),
        ("vessel", 14, True, 1.0),
    ],
)
def test_a_flotation_device_quadruples_from_low_aircraft_only(platform, height_ft, worn, factor) -> None:
    """COMDTINST M16130.2F, note to Tables H-10 and following."""
    assert flotation_correction(platform, height_ft, device_worn=worn).factor == factor


def test_search_effort_of_the_manuals_worked_chain() -> None:
    """A worked chain of the manual method: 634.5 square miles of effort.

    Helicopter W 2.7 nm, 90 kt, 3 h; vessel W 5.0 nm, 15 kt, 8 h, crew tired; weather 0.5 for a raft.
    """
    weather = weather_correction("Raft 6 person", 20, 4).factor
    by_air = 2.7 * weather * speed_correction("helicopter", "Raft 6 person", 90)[0].factor * 90 * 3
    tired = fatigue_correction(fatigued=True).factor
    by_sea = 5.0 * weather * speed_correction("vessel", "Raft 6 person", 15)[0].factor * tired * 15 * 8
    assert by_air + by_sea == pytest.approx(634.5)
