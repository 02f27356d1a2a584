"""The tables in the package are the published ones, to the byte and to the value."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from sarex.tables import (
    leeway_classes,
    speed_corrections,
    survival_times,
    visual_sweep_widths,
    weather_corrections,
    weather_groups,
)

PUBLISHED = [
    "leeway_objects.csv",
    "uscg_visual_sweep_width.csv",
    "uscg_speed_correction.csv",
    "weather_correction.csv",
    "uscg_object_weather_group.csv",
    "derived_optimal_search_factor_point_datum.csv",
    "survival_models.csv",
]


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in path.read_text("utf-8").splitlines() if line[0] != "#"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_packaged_file_is_the_published_one(shared_dir: Path, name: str) -> None:
    packaged = files("sarex.tables").joinpath("data", name).read_bytes()
    assert packaged == (shared_dir / "reference" / "tables" / name).read_bytes()


def test_every_table_has_its_source_written_down() -> None:
    room = files("sarex.tables")
    sources = room.joinpath("SOURCES.md").read_text("utf-8")
    tables = [entry.name for entry in room.joinpath("data").iterdir()]
    assert tables
    assert [name for name in tables if f"`{name}`" not in sources] == []


def test_leeway_of_a_person_in_a_survival_suit() -> None:
    """PIW-4 of Allen (2005): the class whose two sides differ most."""
    suit = leeway_classes()["PIW-4"]
    downwind = (suit.downwind_slope_percent, suit.downwind_offset_cm_s, suit.downwind_std_cm_s)
    right = (
        suit.crosswind_right_slope_percent,
        suit.crosswind_right_offset_cm_s,
        suit.crosswind_right_std_cm_s,
    )
    left = (suit.crosswind_left_slope_percent, suit.crosswind_left_offset_cm_s, suit.crosswind_left_std_cm_s)
    assert downwind == (1.71, 1.12, 3.93)
    assert right == (1.36, -3.3, 1.71)
    assert left == (-0.13, -2.65, 1.62)


def test_all_85_leeway_classes_in_published_order() -> None:
    keys = list(leeway_classes())
    assert (len(keys), keys[0], keys[-1]) == (85, "PIW-1", "MED-WASTE-7")
    assert all(key == leeway_class.key for key, leeway_class in leeway_classes().items())


def test_every_leeway_number_is_the_published_one(shared_dir: Path) -> None:
    for row in rows(shared_dir / "reference" / "tables" / "leeway_objects.csv"):
        read = leeway_classes()[row["key"]]
        numbers = [value for name, value in vars(read).items() if name not in {"key", "description"}]
        assert numbers == [float(value) for value in list(row.values())[2:]], row["key"]
        assert read.description == row["description"]


def test_every_visual_sweep_width_is_the_published_one(shared_dir: Path) -> None:
    published = rows(shared_dir / "reference" / "tables" / "uscg_visual_sweep_width.csv")
    assert len(published) == 3100
    grids = visual_sweep_widths()
    for row in published:
        grid = grids[row["platform"], row["object"]]
        height = grid.heights_ft.index(float(row["height_ft"]))
        visibility = grid.visibilities_nm.index(float(row["visibility_nm"]))
        assert grid.widths_nm[height][visibility] == float(row["sweep_width_nm"]), row


def test_grids_hold_nothing_but_the_published_widths() -> None:
    grids = visual_sweep_widths().values()
    assert sum(len(line) for grid in grids for line in grid.widths_nm) == 3100


def test_every_speed_factor_is_the_published_one(shared_dir: Path) -> None:
    published = rows(shared_dir / "reference" / "tables" / "uscg_speed_correction.csv")
    read = {
        (platform, table_object, step.up_to_kt): step.factor
        for (platform, table_object), steps in speed_corrections().items()
        for step in steps
    }
    assert read == {
        (row["platform"], row["object"], float(row["speed_kt"])): float(row["factor"]) for row in published
    }


def test_weather_factors_of_both_authorities() -> None:
    """IAMSAR Vol. II Table N-7, and the Australian National SAR Manual Table D-5:4."""
    assert [row.factor for row in weather_corrections()] == [1.0, 1.0, 0.5, 0.9, 0.25, 0.9]
    assert [row.factor for row in weather_corrections("AMSA (Australia)")] == [1.0, 1.0, 0.5, 0.8, 0.25, 0.5]


def test_boats_turn_large_at_thirty_feet() -> None:
    groups = weather_groups()
    assert len(groups) == 25
    assert (groups["Sail Boat 25ft"], groups["Sail Boat 30ft"]) == ("small", "large")
    assert (groups["Power Boat 20ft"], groups["Power Boat 33ft"]) == ("small", "large")


def test_survival_times_of_the_uk_survey() -> None:
    """Environmental Ergonomics XII (2007), p. 342, Table 4; ranges without a curve are left out."""
    survey = survival_times()["UKNIIS 2006 (N=1593)"]
    assert [(row.water_temperature_c, row.time_h, row.at_least) for row in survey] == [
        (5.0, 3.6, False),
        (10.0, 5.7, False),
        (15.0, 9.0, False),
        (5.0, 24.0, True),
        (10.0, 24.0, True),
        (15.0, 24.0, True),
    ]
    assert "US SAR Task Force table" not in survival_times()
