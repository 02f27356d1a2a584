"""Look-ups at the nodes, between them and outside."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.detection.visual_table import SUSPECT_CELLS, read_visual_table
from sarex.tables import visual_sweep_widths, weather_groups

platforms = st.sampled_from(["fixed_wing", "helicopter", "vessel"])
objects = st.sampled_from(sorted(weather_groups()))


def test_all_3100_nodes_give_the_published_width(shared_dir: Path) -> None:
    path = shared_dir / "reference" / "tables" / "uscg_visual_sweep_width.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if line[0] != "#"]
    checked = 0
    for row in csv.DictReader(lines):
        height, visibility = float(row["height_ft"]), float(row["visibility_nm"])
        reading = read_visual_table(row["platform"], row["object"], height, visibility)
        suspect = (row["platform"], row["object"], height, visibility) in SUSPECT_CELLS
        assert reading.width_nm == float(row["sweep_width_nm"]), row
        assert len(reading.remarks) == suspect, row
        checked += 1
    assert checked == 3100


@pytest.mark.parametrize(
    ("platform", "table_object", "height_ft", "visibility_nm", "width_nm"),
    [
        ("helicopter", "Raft 4 person", 500, 10, 2.2),
        ("fixed_wing", "Raft 4 person", 1000, 10, 1.8),
        ("vessel", "Raft 4 person", 14, 10, 4.0),
        ("vessel", "Person in Water", 8, 10, 0.3),
        ("helicopter", "Ship ≥ 300ft", 500, 10, 14.3),
    ],
)
def test_published_widths(platform, table_object, height_ft, visibility_nm, width_nm) -> None:
    """Copied from COMDTINST M16130.2F, Tables H-10 to H-19."""
    assert read_visual_table(platform, table_object, height_ft, visibility_nm).width_nm == width_nm


def test_halfway_between_four_nodes_is_their_mean() -> None:
    halfway = read_visual_table("vessel", "Raft 1 person", 11, 7.5)
    assert halfway.width_nm == pytest.approx((1.7 + 2.3 + 2.3 + 3.1) / 4)
    assert halfway.remarks == ()


@given(platforms, objects, st.floats(0, 5000), st.lists(st.floats(0, 60), min_size=2, max_size=8))
def test_clearer_air_never_narrows_the_sweep(platform, table_object, height_ft, visibilities_nm) -> None:
    widths = [
        read_visual_table(platform, table_object, height_ft, visibility).width_nm
        for visibility in sorted(visibilities_nm)
    ]
    assert all(after >= before - 1e-12 for before, after in pairwise(widths))


@given(platforms, objects, st.floats(0, 5000), st.floats(0, 60))
def test_a_width_lies_between_nothing_and_the_largest_of_the_tables(
    platform, table_object, height_ft, visibility_nm
) -> None:
    width_nm = read_visual_table(platform, table_object, height_ft, visibility_nm).width_nm
    assert 0.0 <= width_nm <= 43.9 + 1e-9


@pytest.mark.parametrize(("height_ft", "held_ft"), [(100, 300), (5000, 3000)])
def test_altitudes_outside_the_table_hold_its_end_and_say_so(height_ft, held_ft) -> None:
    outside = read_visual_table("helicopter", "Raft 6 person", height_ft, 10)
    assert outside.width_nm == read_visual_table("helicopter", "Raft 6 person", held_ft, 10).width_nm
    assert len(outside.remarks) == 1
    assert f"altitude {height_ft} ft" in outside.remarks[0]
    assert f"{held_ft}" in outside.remarks[0]


def test_a_destroyers_bridge_is_read_as_a_larger_vessel() -> None:
    bridge = read_visual_table("vessel", "Raft 4 person", 45, 10)
    assert bridge.width_nm == 4.0
    assert bridge.remarks == (
        "height of eye 45 ft is above the table; its highest, 14 ft, is used, for all larger vessels",
    )


def test_very_clear_air_is_read_at_the_end_of_the_table() -> None:
    """Aircraft tables end at 30 nm, vessel tables at 20."""
    assert "30 nm" in read_visual_table("helicopter", "Raft 4 person", 500, 80).remarks[0]
    assert "20 nm" in read_visual_table("vessel", "Raft 4 person", 14, 30).remarks[0]
    assert read_visual_table("helicopter", "Raft 4 person", 500, 30).remarks == ()


def test_fog_narrows_the_sweep_in_proportion_down_to_nothing() -> None:
    at_one = read_visual_table("vessel", "Raft 4 person", 14, 1)
    in_fog = read_visual_table("vessel", "Raft 4 person", 14, 0.25)
    assert in_fog.width_nm == pytest.approx(at_one.width_nm / 4)
    assert "visibility 0.25 nm is below the table" in in_fog.remarks[0]
    assert read_visual_table("vessel", "Raft 4 person", 14, 0).width_nm == 0.0


@pytest.mark.parametrize(
    ("platform", "table_object", "height_ft", "visibility_nm"),
    [
        ("fixed_wing", "Sail Boat 40ft", 1000, 15),
        ("fixed_wing", "Power Boat 53ft", 2500, 15),
        ("helicopter", "Sail Boat 40ft", 500, 10),
        ("helicopter", "Sail Boat 40ft", 600, 12),
        ("fixed_wing", "Sail Boat 40ft", 900, 15),
    ],
)
def test_the_three_suspect_values_are_used_and_remarked_on(
    platform, table_object, height_ft, visibility_nm
) -> None:
    remarks = read_visual_table(platform, table_object, height_ft, visibility_nm).remarks
    assert len(remarks) == 1
    assert "out of line with its neighbours" in remarks[0]


def test_feet_that_went_through_metres_still_meet_the_node() -> None:
    through_metres = 500 * 0.3048 / 0.3048 * (1 + 1e-15)
    assert read_visual_table("helicopter", "Sail Boat 40ft", through_metres, 10).width_nm == 8.3


@given(platforms, objects, st.floats(0, 5000), st.floats(1, 30))
def test_between_nodes_the_width_lies_between_those_of_the_nodes(
    platform, table_object, height_ft, visibility_nm
) -> None:
    """Linear interpolation never leaves the range of the published cells around the point."""
    grid = visual_sweep_widths()[platform, table_object]
    rows = _around(grid.heights_ft, height_ft)
    columns = _around(grid.visibilities_nm, visibility_nm)
    cells = [grid.widths_nm[row][column] for row in rows for column in columns]
    width_nm = read_visual_table(platform, table_object, height_ft, visibility_nm).width_nm
    assert min(cells) - 1e-9 <= width_nm <= max(cells) + 1e-9


def _around(nodes: tuple[float, ...], value: float) -> set[int]:
    """The last node at or below the value and the first at or above it; an end where there is none."""
    below = [index for index, node in enumerate(nodes) if node <= value + 1e-6]
    above = [index for index, node in enumerate(nodes) if node >= value - 1e-6]
    return {below[-1] if below else 0, above[0] if above else len(nodes) - 1}
