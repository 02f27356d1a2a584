"""Every leeway class has a table object, and the choices err on the small side."""

from itertools import pairwise
from pathlib import Path

import pytest

from sarex.detection import leeway_rows, table_object_for
from sarex.errors import CaseError
from sarex.tables import leeway_classes, object_mapping, visual_sweep_widths, weather_groups


def widths_nm(table_object: str) -> list[float]:
    platforms = ("fixed_wing", "helicopter", "vessel")
    grids = [visual_sweep_widths()[platform, table_object] for platform in platforms]
    return [width for grid in grids for line in grid.widths_nm for width in line]


def mean_width_nm(type_key: str) -> float:
    widths = widths_nm(table_object_for(type_key).table_object)
    return sum(widths) / len(widths)


def test_every_class_is_mapped_to_an_object_of_the_tables() -> None:
    mapping = object_mapping()
    assert list(mapping) == list(leeway_classes())
    assert {entry.table_object for entry in mapping.values()} <= set(weather_groups())


def test_every_choice_has_a_reason() -> None:
    assert [key for key, entry in object_mapping().items() if len(entry.reason) < 10] == []


@pytest.mark.parametrize("key", [f"PIW-{i}" for i in range(1, 7)])
def test_persons_in_the_water_are_no_stand_ins(key: str) -> None:
    entry = table_object_for(key)
    assert (entry.table_object, entry.stand_in) == ("Person in Water", False)


@pytest.mark.parametrize(
    ("key", "capacity"),
    [
        ("LIFE-RAFT-DB-10", 4),
        ("LIFE-RAFT-DB-13", 4),
        ("LIFE-RAFT-DB-19", 15),
        ("LIFE-RAFT-SB-10", 1),
        ("AVIATION-1", 4),
        ("AVIATION-2", 46),
        ("LIFE-CAPSULE", 22),
        ("OVATEK-CRAFT-1", 4),
        ("OVATEK-CRAFT-3", 7),
    ],
)
def test_a_raft_is_never_taken_for_a_larger_one(key: str, capacity: int) -> None:
    """Capacities are the smallest that the published description allows."""
    kind, persons, _ = table_object_for(key).table_object.split()
    assert kind == "Raft"
    assert int(persons) <= capacity


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("LIFE-RAFT-DB-21", "LIFE-RAFT-DB-10"),
        ("LIFE-RAFT-DB-22", "LIFE-RAFT-DB-10"),
        ("LIFE-RAFT-SB-9", "LIFE-RAFT-SB-6"),
        ("LIFE-RAFT-NB-2", "LIFE-RAFT-NB-4"),
        ("LIFE-RAFT-DB-11", "LIFE-RAFT-DB-18"),
        ("SAILBOAT-2", "SAILBOAT-1"),
        ("SAILBOAT-5", "SAILBOAT-1"),
        ("SAILBOAT-8", "SAILBOAT-7"),
        ("SKIFF-1", "SPORT-BOAT"),
        ("SPORT-FISHER", "FISHING-VESSEL-1"),
        ("FISHING-VESSEL-1", "FISHING-VESSEL-3"),
        ("FISHING-VESSEL-3", "COASTAL-FREIGHTER"),
        ("PERSON-POWERED-VESSEL-2", "PERSON-POWERED-VESSEL-1"),
        ("CONTAINER-1", "CONTAINER-2"),
    ],
)
def test_what_shows_less_is_given_less(smaller: str, larger: str) -> None:
    assert mean_width_nm(smaller) < mean_width_nm(larger)


def test_a_general_class_promises_no_more_than_its_subdivisions() -> None:
    fishing = [mean_width_nm(f"FISHING-VESSEL-{i}") for i in range(1, 7)]
    assert fishing[0] == min(fishing)


@pytest.mark.parametrize(
    "key", ["SLDMB", "SEPIRB", "SEWAGE", "MED-WASTE-7", "OIL-DRUM", "MINE", "BAIT-BOX-1"]
)
def test_things_that_the_tables_do_not_know_get_the_smallest_object_and_a_flag(key: str) -> None:
    entry = table_object_for(key)
    assert entry.stand_in
    assert widths_nm(entry.table_object) == [
        min(cell) for cell in zip(*map(widths_nm, weather_groups()), strict=True)
    ]


def test_rafts_of_the_tables_grow_with_capacity() -> None:
    """What the choice of the smaller raft rests on; one cell of 150 is out of line in the source."""
    rafts = [name for name in weather_groups() if name.startswith("Raft")]
    reversals = sum(
        small > large
        for smaller, larger in pairwise(rafts)
        for small, large in zip(widths_nm(smaller), widths_nm(larger), strict=True)
    )
    assert reversals == 1


def test_an_unknown_class_names_the_nearest() -> None:
    with pytest.raises(CaseError, match=r'"PIW1" is not one of the 85 leeway classes; did you mean PIW-1\?'):
        table_object_for("PIW1")


def test_a_class_like_no_other_says_where_the_list_runs() -> None:
    with pytest.raises(CaseError, match="from PIW-1 to MED-WASTE-7"):
        table_object_for("ÆØÅ")


def test_rows_for_the_list_of_search_objects() -> None:
    rows = leeway_rows()
    assert [row.key for row in rows] == list(leeway_classes())
    assert rows[1].description == "PIW, vertical PFD type III conscious"
    assert rows[6].table_object == "Raft 4 person"
    assert not rows[6].stand_in


def test_the_page_of_leeway_classes_is_in_step() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "leeway-classes.md").read_text("utf-8")
    lines = page.splitlines()
    for row in leeway_rows():
        mark = " (stand-in)" if row.stand_in else ""
        end = f" | {row.table_object}{mark} | {row.reason} |"
        assert any(line.startswith(f"| `{row.key}` |") and line.endswith(end) for line in lines), row.key
