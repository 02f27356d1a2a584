"""Every broken exercise file gives one sentence that names the field, the rule and the remedy."""

import shutil
from pathlib import Path

import pytest
from broken_exercises import BROKEN, BROKEN_CASES, WHOLE

from broken_cases import JARGON
from sarex.errors import ExerciseError, InputError
from sarex.exercise.file.door import (
    example_path,
    exercise_from_mapping,
    exercise_to_mapping,
    open_exercise,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with its case files, to be broken."""
    for file in example_path().parent.glob("*.toml"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path


def refusal_of(file: Path) -> str:
    with pytest.raises(ExerciseError) as refusal:
        open_exercise(file)
    return str(refusal.value)


def check_sentence(sentence: str, file: Path, field: str, words: str) -> None:
    assert field in sentence
    assert words in sentence
    assert sentence.startswith((f"{file.name}: ", str(file)))
    assert sentence.endswith((".", "?", ")"))
    assert JARGON.search(sentence) is None
    assert "\n" not in sentence
    assert len(sentence) < 420


def test_the_whole_example_opens(folder: Path) -> None:
    assert open_exercise(folder / "joint.toml").id == "SAREX-EXAMPLE"


@pytest.mark.parametrize("what", BROKEN)
def test_broken_exercise_is_refused_in_a_sentence(what: str, folder: Path) -> None:
    old, new, field, words = BROKEN[what]
    assert old in WHOLE
    file = folder / "joint.toml"
    file.write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
    check_sentence(refusal_of(file), file, field, words)


@pytest.mark.parametrize("what", BROKEN_CASES)
def test_broken_case_of_an_exercise_is_refused_in_a_sentence(what: str, folder: Path) -> None:
    name, old, new, field, words = BROKEN_CASES[what]
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    check_sentence(refusal_of(folder / "joint.toml"), folder / "joint.toml", field, words)


@pytest.mark.parametrize("case", ["joint-first-fix.toml", "joint-better-fix.toml"])
def test_a_seed_that_players_get_with_their_case_is_refused(folder: Path, case: str) -> None:
    """With it they could draw the truth."""
    text = (folder / case).read_text(encoding="utf-8")
    own = next(line for line in text.splitlines() if line.startswith("seed"))
    (folder / case).write_text(text.replace(own, "seed = 20270520"), encoding="utf-8")
    sentence = refusal_of(folder / "joint.toml")
    check_sentence(sentence, folder / "joint.toml", "exercise.seed", "seed of its own")
    with pytest.raises(ExerciseError, match="seed of its own"):
        exercise_to_mapping(folder / "joint.toml")


def test_a_log_from_before_seeds_had_to_differ_still_opens(folder: Path) -> None:
    kept = exercise_to_mapping(folder / "joint.toml")
    kept["exercise"]["case"]["case"]["seed"] = kept["exercise"]["seed"]
    assert exercise_from_mapping(kept, base_dir=folder, name="kept").seed == 20270520


def test_nobody_who_lifts_is_refused(folder: Path) -> None:
    file = folder / "joint.toml"
    file.write_text(WHOLE.replace("lifts = true", "lifts = false"), encoding="utf-8")
    check_sentence(refusal_of(file), file, "force: lifts", "take survivors on board")


def test_unit_of_no_nation_listed_is_refused(folder: Path) -> None:
    boat = 'name = "Patrol boat Byeolbit"\nnation = '
    for case in ("joint-first-fix.toml", "joint-better-fix.toml"):
        text = (folder / case).read_text(encoding="utf-8")
        (folder / case).write_text(text.replace(f'{boat}"KR"', f'{boat}"NO"'), encoding="utf-8")
    field = 'exercise.case: unit "Patrol boat Byeolbit": nation is "NO"'
    check_sentence(refusal_of(folder / "joint.toml"), folder / "joint.toml", field, "Known here: JP, KR.")


def test_area_that_the_players_know_already_is_refused(folder: Path) -> None:
    area = WHOLE[WHOLE.index("[[danger_area]]") :].split("\n\n", maxsplit=1)[0]
    case = folder / "joint-better-fix.toml"
    case.write_text(case.read_text(encoding="utf-8") + "\n" + area + "\n", encoding="utf-8")
    check_sentence(refusal_of(folder / "joint.toml"), folder / "joint.toml", "danger_area", "know already")


def test_only_the_first_fault_is_told_at_length_and_the_others_are_named(folder: Path) -> None:
    file = folder / "joint.toml"
    broken = WHOLE.replace("persons = 5", "persons = 5.5").replace('real_world = "REAL WORLD"\n', "")
    file.write_text(broken, encoding="utf-8")
    assert refusal_of(file).endswith("(Also to be mended: safety.real_world.)")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"format = ", "not valid TOML"),
        (b"x = 1\nx = 2\n", "several injects are written with [[inject]]"),
    ],
)
def test_unreadable_file_is_refused_in_a_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "exercise.toml"
    file.write_bytes(content)
    sentence = refusal_of(file)
    assert words in sentence
    assert "case" not in sentence.replace(str(tmp_path), "")
    assert JARGON.search(sentence) is None


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert "Correct the path of the exercise file" in refusal_of(tmp_path / "nowhere.toml")
    assert "exercise.toml" in refusal_of(tmp_path)


def test_what_cannot_be_opened_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="does not exist"):
        exercise_to_mapping(tmp_path / "nowhere.toml")


def test_the_error_is_one_of_input() -> None:
    assert issubclass(ExerciseError, InputError)
