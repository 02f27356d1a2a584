"""The joint exercise that ships: whole, plausible, in three languages, and far from anything disputed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import shapely

from sarex import mission
from sarex.case.model import Case, LastKnownPosition
from sarex.exercise.file.door import example_path, open_exercise
from sarex.exercise.model import (
    DangerAreaOpens,
    Exercise,
    FalseSighting,
    Measure,
    Part,
    PlayersLearn,
    RadioDies,
    UnitBreaksDown,
    Words,
)
from sarex.geo import WGS84

HANGUL = re.compile(r"[\uac00-\ud7a3]")
KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return open_exercise(example_path())


@pytest.fixture(scope="module")
def better(exercise: Exercise) -> Case:
    return next(inject.effect.case for inject in exercise.injects if isinstance(inject.effect, PlayersLearn))


def texts_of(exercise: Exercise) -> Iterator[Words]:
    yield from (exercise.title, exercise.truth.name, exercise.safety.briefing)
    yield from (words for nation in exercise.nations for words in (nation.name, nation.centre))
    yield from (role.title for role in exercise.roles)
    yield from (force.called for force in exercise.forces)
    yield from (channel.purpose for channel in exercise.channels)
    yield from (action.text for action in exercise.corrective_actions)
    for objective in exercise.objectives:
        yield objective.text
        yield from (criterion.text for criterion in objective.criteria)
    for inject in exercise.injects:
        yield from (inject.text, inject.expected_action)


def test_every_text_is_in_three_languages_and_in_their_letters(exercise: Exercise) -> None:
    texts = list(texts_of(exercise))
    assert len(texts) > 90
    for words in texts:
        assert set(words.by_language) == {"en", "ja", "ko"}
        english, japanese, korean = (words.by_language[key] for key in ("en", "ja", "ko"))
        assert not HANGUL.search(english + japanese), words
        assert not KANA_OR_KANJI.search(english + korean), words
        assert KANA_OR_KANJI.search(japanese), words
        assert HANGUL.search(korean), words


def test_numbers_are_the_same_in_every_language(exercise: Exercise) -> None:
    """Times, channels and frequencies of four figures or with a decimal point."""
    for words in texts_of(exercise):
        numbers = {
            language: sorted(re.findall(r"\d{4}|\d+\.\d", text))
            for language, text in words.by_language.items()
        }
        if "36-" not in words.by_language["en"] and "35-" not in words.by_language["en"]:
            assert numbers["en"] == numbers["ja"] == numbers["ko"], words


def test_radio_texts_are_marked_as_exercise(exercise: Exercise) -> None:
    for inject in exercise.injects:
        for language, mark in (("en", "EXERCISE"), ("ja", "訓練"), ("ko", "훈련")):
            text = inject.text.by_language[language]
            assert text.startswith(mark), inject.id
            assert text.endswith((f"{mark}.", f"{mark}。")), inject.id


def test_safety_words_stand_in_every_briefing(exercise: Exercise) -> None:
    safety = exercise.safety
    for text in safety.briefing.by_language.values():
        assert {safety.no_play, safety.real_world, safety.end} <= set(
            re.findall(r"NO PLAY|REAL WORLD|ENDEX", text)
        )


def test_it_holds_what_a_joint_exercise_needs(exercise: Exercise) -> None:
    assert timedelta(hours=6) <= exercise.end - exercise.start <= timedelta(hours=8)
    assert 5 <= len(exercise.case.units) <= 7
    assert {unit.nation for unit in exercise.case.units} == {"JP", "KR"}
    assert 14 <= len(exercise.injects) <= 18
    assert 5 <= len(exercise.objectives) <= 6
    effects = [type(inject.effect) for inject in exercise.injects]
    for kind in (UnitBreaksDown, RadioDies, FalseSighting, DangerAreaOpens, PlayersLearn):
        assert kind in effects
    assert set(Part) == {role.part for role in exercise.roles}
    measured = {line.measure for objective in exercise.objectives for line in objective.criteria}
    assert Measure.HAND_OVER in measured
    assert {inject.language for inject in exercise.injects} == {"en", "ja", "ko"}


def test_whoever_flies_lifts_nobody_and_each_nation_has_a_ship_that_does(exercise: Exercise) -> None:
    lifting = {force.unit for force in exercise.forces if force.lifts}
    flying = {unit.name for unit in exercise.case.units if unit.kind.flies}
    assert not lifting & flying
    assert {unit.nation for unit in exercise.case.units if unit.name in lifting} == {"JP", "KR"}


def test_the_first_fix_is_wrong_and_the_better_one_is_right(exercise: Exercise, better: Case) -> None:
    truth = exercise.truth.position
    first = exercise.case.scenarios[0].origin.ellipse  # type: ignore[union-attr]
    second = better.scenarios[0].origin
    assert truth is not None
    assert isinstance(second, LastKnownPosition)

    def away_m(position: object) -> float:
        return float(WGS84.inv(position.lon_deg, position.lat_deg, truth.lon_deg, truth.lat_deg)[2])  # type: ignore[attr-defined]

    assert away_m(first.position) > 2.0 * first.semi_major_m, "chance of 6 % or less"
    assert away_m(second.position) < second.probable_error_m


def test_nothing_comes_near_disputed_waters_or_land(exercise: Exercise, better: Case) -> None:
    """All positions lie south of 36.6 N; the shipped texts name no disputed place and no name of the sea."""
    for case in (exercise.case, better):
        assert all(unit.position.lat_deg < 36.6 for unit in case.units)
    areas = [i.effect.area for i in exercise.injects if isinstance(i.effect, DangerAreaOpens)]
    assert all(corner.lat_deg < 36.6 for area in areas for corner in area.polygon)
    shipped = " ".join(
        file.read_text(encoding="utf-8").casefold() for file in example_path().parent.glob("*.toml")
    )
    for name in ("dokdo", "takeshima", "竹島", "독도", "sea of japan", "east sea", "日本海", "동해"):
        assert name not in shipped


def test_the_danger_area_is_told_before_it_is_active(exercise: Exercise) -> None:
    inject = next(inject for inject in exercise.injects if isinstance(inject.effect, DangerAreaOpens))
    assert isinstance(inject.effect, DangerAreaOpens)
    assert inject.at < inject.effect.area.active_from
    area = shapely.Polygon([(corner.lon_deg, corner.lat_deg) for corner in inject.effect.area.polygon])
    truth = exercise.truth.position
    assert truth is not None
    assert not area.buffer(0.15).contains(shapely.Point(truth.lon_deg, truth.lat_deg))


def test_the_example_lies_in_the_package() -> None:
    assert example_path().is_file()
    assert example_path().parent == Path(open_exercise.__code__.co_filename).parent / "data"


@pytest.mark.slow
@pytest.mark.parametrize("which", ["first", "better"])
def test_both_cases_plan_with_a_fair_chance(exercise: Exercise, better: Case, which: str) -> None:
    """Neither hopeless nor sure, so that there is something to decide; quick and with few particles."""
    whole = exercise.case if which == "first" else better
    case = replace(whole, drift=replace(whole.drift, particles=2000))
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    plan = mission.plan_search(
        case,
        environment,
        belief,
        mission.Effort(lines=2, tries=80, rounds=10, moves=40, shakes=3, polish=4, particles=3000),
    )
    assert {planned.unit.name for planned in plan.unit_plans} == {unit.name for unit in case.units}
    assert 0.3 < plan.quality.pos < 0.9
