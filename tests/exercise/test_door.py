"""The door of an exercise: what the file says is what the exercise is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sarex.case import case_to_mapping, open_case
from sarex.errors import ExerciseError
from sarex.exercise.file.door import (
    example_path,
    exercise_from_mapping,
    exercise_to_mapping,
    open_exercise,
)
from sarex.exercise.model import (
    DangerAreaOpens,
    FalseSighting,
    Measure,
    ObjectCapsizes,
    ObjectMoves,
    PlayersLearn,
    RadioDies,
    UnitBreaksDown,
)

START = datetime(2027, 5, 19, 22, 0, tzinfo=UTC)


@pytest.fixture
def kept() -> dict[str, Any]:
    """The example as a log keeps it."""
    return exercise_to_mapping(example_path())


def opened(kept: dict[str, Any]) -> Any:
    return exercise_from_mapping(kept, base_dir=Path("nowhere"), name="kept")


def effect_of(kept: dict[str, Any], effect: dict[str, Any]) -> Any:
    """The effect of an inject that has another one in the example."""
    row = next(row for row in kept["inject"] if row["id"] == "I13")
    row["effect"] = effect
    return next(inject for inject in opened(kept).injects if inject.id == "I13").effect


def test_times_count_from_start_from_another_inject_or_from_nothing(kept: dict[str, Any]) -> None:
    kept["inject"][3] |= {"at": "2027-05-20T08:00:00+09:00"}
    due = {inject.id: inject.at - START for inject in opened(kept).injects}
    assert due["I02"] == timedelta(minutes=20)
    assert due["I03"] == timedelta(minutes=35), "fifteen minutes after I02"
    assert due["I04"] == timedelta(minutes=60), "eight in the morning in Japan and Korea is 2300 UTC"
    assert due["I16"] == timedelta(hours=6), "ninety minutes after I15 at T+04:30"


def test_injects_come_in_order_of_time(kept: dict[str, Any]) -> None:
    kept["inject"].reverse()
    injects = opened(kept).injects
    assert [inject.at for inject in injects] == sorted(inject.at for inject in injects)
    assert injects[0].id == "I01"


def test_inject_that_follows_no_matter_in_which_order_they_stand(kept: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in kept["inject"]}
    rows["I05"].pop("at")
    rows["I05"] |= {"after": "I16", "delay_min": 0}
    due = {inject.id: inject.at for inject in opened(kept).injects}
    assert due["I05"] == due["I16"]


def test_effects_are_in_si() -> None:
    effects = {inject.id: inject.effect for inject in open_exercise(example_path()).injects}
    assert effects["I06"] == UnitBreaksDown("Patrol ship Kohaku", timedelta(hours=2))
    assert effects["I13"] == RadioDies("Helicopter Tsugumi 1", timedelta(minutes=30))
    area, sighting, learnt = effects["I07"], effects["I09"], effects["I11"]
    assert isinstance(area, DangerAreaOpens)
    assert area.area.ceiling_m == pytest.approx(60_000 * 0.3048)
    assert isinstance(sighting, FalseSighting)
    assert sighting.probable_error_m == 1852.0
    assert sighting.position is None
    assert sighting.withdrawn_after == timedelta(minutes=45)
    assert isinstance(learnt, PlayersLearn)
    assert learnt.case == open_case(example_path().with_name("joint-better-fix.toml"))


def test_a_false_sighting_may_have_a_place(kept: dict[str, Any]) -> None:
    seen = {"kind": "false-sighting", "unit": "Drone Jebi 1", "error_nm": 1.0, "credibility": 0.5}
    effect = effect_of(kept, seen | {"position": "36-02.0N 131-02.0E"})
    assert (effect.position.lon_deg, effect.position.lat_deg) == pytest.approx((131 + 2 / 60, 36 + 2 / 60))
    assert effect.withdrawn_after is None


def test_effects_on_the_object(kept: dict[str, Any]) -> None:
    moved = {"kind": "object-moves", "toward_deg": 270.0, "distance_nm": 2}
    assert effect_of(kept, moved) == ObjectMoves(270.0, 3704.0)
    capsized = {"kind": "object-capsizes", "type": "LIFE-RAFT-DB-21"}
    assert effect_of(kept, capsized) == ObjectCapsizes("LIFE-RAFT-DB-21")


def test_what_lasts_no_given_time_lasts_for_good(kept: dict[str, Any]) -> None:
    assert effect_of(kept, {"kind": "radio-dies", "unit": "Drone Jebi 1"}) == RadioDies("Drone Jebi 1", None)


def test_plain_text_stands_for_every_language(kept: dict[str, Any]) -> None:
    kept["exercise"]["title"] = "SAREX"
    assert dict(opened(kept).title.by_language) == {"en": "SAREX", "ja": "SAREX", "ko": "SAREX"}


def test_one_language_is_enough_where_the_exercise_has_one(kept: dict[str, Any]) -> None:
    kept["exercise"]["languages"] = ["en"]
    kept["exercise"]["title"] = {"en": "SAREX"}
    for table in (*kept["nation"], *kept["inject"]):
        table["language"] = "en"
    exercise = opened(kept)
    assert exercise.languages == ("en",)
    assert exercise.title.said_in("ja") == "SAREX"


def test_sender_outside_the_exercise(kept: dict[str, Any]) -> None:
    kept["inject"][4].pop("from")
    kept["inject"][4]["from_outside"] = "Master of a ferry"
    assert next(i for i in opened(kept).injects if i.id == "I05").sender == "Master of a ferry"


def test_truth_may_be_left_to_chance(kept: dict[str, Any]) -> None:
    for key in ("position", "at", "type"):
        del kept["truth"][key]
    truth = opened(kept).truth
    assert (truth.position, truth.at, truth.type_key, truth.persons) == (None, None, None, 5)


@pytest.mark.parametrize(
    ("measure", "thresholds", "fits"),
    [
        (Measure.ALERT_TO_PLAN, (10, 20, 30), True),
        (Measure.ALERT_TO_PLAN, (30, 20, 10), False),
        (Measure.SEPARATION, (0, 0, 0), True),
        (Measure.HAND_OVER, (2, 1, 1), True),
        (Measure.HAND_OVER, (1, 2, 2), False),
        (Measure.COVERAGE_FLOWN, (90, 80, 70), True),
        (Measure.COVERAGE_FLOWN, (90, 70, 80), False),
    ],
)
def test_thresholds_run_from_better_to_worse(
    kept: dict[str, Any], measure: Measure, thresholds: tuple[int, int, int], fits: bool
) -> None:
    keys = ("performed", "some_challenges", "major_challenges")
    line = kept["objective"][0]["criterion"][0]
    line |= {"measure": measure.value, **dict(zip(keys, thresholds, strict=True))}
    if fits:
        assert opened(kept).objectives[0].criteria[0].performed == thresholds[0]
    else:
        with pytest.raises(ExerciseError, match="Put them in order"):
            opened(kept)


def test_kept_exercise_needs_no_file_and_is_the_same(kept: dict[str, Any]) -> None:
    through_json = json.loads(json.dumps(kept, ensure_ascii=False, allow_nan=False))
    assert opened(through_json) == open_exercise(example_path())


def test_cases_are_kept_whole(kept: dict[str, Any]) -> None:
    folder = example_path().parent
    assert kept["exercise"]["case"] == case_to_mapping(open_case(folder / "joint-first-fix.toml"))
    learnt = next(row for row in kept["inject"] if row["id"] == "I11")["effect"]["case"]
    assert learnt == case_to_mapping(open_case(folder / "joint-better-fix.toml"))


def test_kept_exercise_opens_from_a_json_file(kept: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "exercise.json"
    file.write_text(json.dumps(kept), encoding="utf-8")
    assert open_exercise(file) == open_exercise(example_path())


def test_fault_in_a_kept_case_is_told_where_it_stands(kept: dict[str, Any]) -> None:
    kept["exercise"]["case"]["unit"][0]["nation"] = "Japan"
    with pytest.raises(ExerciseError, match=r'kept: exercise.case: .*unit "Patrol ship Kohaku": nation'):
        opened(kept)


def test_keeping_leaves_the_file_as_it_was() -> None:
    before = example_path().read_bytes()
    exercise_to_mapping(example_path())
    assert example_path().read_bytes() == before
