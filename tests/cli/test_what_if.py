"""`sarex what-if` and `sarex plan --keep` as people and programs meet them."""

import json

import pytest


@pytest.fixture(scope="module")
def answers(planned, tmp_path_factory):
    from door import run_sarex

    path = tmp_path_factory.mktemp("answers") / "answers.json"
    done = run_sarex("what-if", planned, "--out", path)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(path.read_text(encoding="utf-8"))


def test_every_question_is_answered_in_the_mark_of_the_case(planned, answers) -> None:
    printed, told = answers
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    units = {task["unit"] for task in plan["tasks"]}
    assert "EXERCISE" in printed
    assert told["exercise"] is True
    assert told["pos"] == plan["pos"]
    asked = {answer["what_if"] for answer in told["answers"]}
    assert {"wind veers 30°", "wind backs 30°", "everything two hours later"} < asked
    assert {f"{name} fails" for name in units} < asked
    for answer in told["answers"]:
        assert answer["pos_best"] >= answer["pos_replanned"] - 1e-9
        assert set(answer["would_move"]) <= {"Helicopter", "Ship"}


def test_with_narrower_sweeps_the_plan_has_the_low_end_of_its_band(planned, answers) -> None:
    """The report's band is computed from the same 30 %, by another road."""
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    narrower = next(one for one in answers[1]["answers"] if one["what_if"] == "sweep widths 30 % smaller")
    assert narrower["pos_as_planned"] == pytest.approx(plan["pos_low"], abs=0.002)


def test_a_folder_without_a_plan_is_told_so(case_file, tmp_path, knock) -> None:
    folder = tmp_path / "drifted"
    assert knock("drift", case_file, "--out", folder).status == 0
    done = knock("what-if", folder)
    assert done.status == 2
    assert "plan.json" in done.out + done.err


def test_every_task_says_why_and_what_more_is_worth(planned) -> None:
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    report = (planned / "report.html").read_text(encoding="utf-8")
    for task in plan["tasks"]:
        assert 2 <= len(task["why"]) <= 4
        assert task["why"][0].startswith("Its area holds")
        assert 0.0 < task["worth"]["adds"] <= task["pos"] + 1e-6
        assert task["worth"]["another_unit"] >= 0.0
    assert report.count("Why there") == len(plan["tasks"])


def test_a_plan_that_is_flown_is_kept(planned, case_file, tmp_path, knock) -> None:
    done = knock(
        "plan", case_file, "--keep", planned / "plan.json", "--give-up", 20, "--effort", "quick",
        "--out", tmp_path / "kept",
    )  # fmt: skip
    assert done.status == 0
    assert "nobody" in done.out + done.err
    before, after = (
        json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        for folder in (planned, tmp_path / "kept")
    )
    assert after["pos"] == pytest.approx(before["pos"], abs=0.002)
    for one, other in zip(before["tasks"], after["tasks"], strict=True):
        assert one["commence_search_point"] == pytest.approx(other["commence_search_point"], abs=1e-4)


@pytest.mark.parametrize("points", ["-1", "101", "nan"])
def test_what_is_given_up_is_a_share(points, planned, case_file, tmp_path, knock) -> None:
    done = knock(
        "plan", case_file, "--keep", planned / "plan.json", "--give-up", points, "--out", tmp_path / "kept"
    )
    assert done.status == 2
    assert "--give-up" in done.out + done.err
