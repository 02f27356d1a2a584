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


def kept(knock, case_file, plan, tmp_path, *options):
    return knock("plan", case_file, "--keep", plan, *options, "--out", tmp_path / "kept", "--effort", "quick")


def test_a_unit_in_a_danger_area_is_told_to_move(planned, tmp_path, knock) -> None:
    from door import write_case

    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    (task,) = [task for task in plan["tasks"] if task["unit"] == "Helicopter"]
    outline = task["area"]["coordinates"][0]
    lon, lat = (sum(values[:4]) / 4.0 for values in zip(*outline, strict=True))
    corners = [(lon + east, lat + north) for east, north in ((0, 0.02), (0.02, 0), (0, -0.02), (-0.02, 0))]
    polygon = ", ".join(f"{{ lon = {x:.4f}, lat = {y:.4f} }}" for x, y in corners)
    danger = (
        '[[danger_area]]\nname = "Firing range"\nfrom = 2026-05-01T00:00:00Z\n'
        f"until = 2026-05-01T23:00:00Z\nceiling_ft = 5000\npolygon = [{polygon}]\n[drift]\n"
    )
    changed = write_case(tmp_path, ("[drift]\n", danger))
    done = kept(knock, changed, planned / "plan.json", tmp_path, "--give-up", 100)
    assert done.status == 0, done.err
    assert "Helicopter had to move: " in done.out
    assert "Firing range" in done.out
    assert knock("check", tmp_path / "kept").status == 0


def test_a_plan_whose_area_was_moved_by_hand_is_not_kept(planned, case_file, tmp_path, knock) -> None:
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    for corner in plan["tasks"][0]["area"]["coordinates"][0]:
        corner[1] += 0.5
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = kept(knock, case_file, tmp_path / "plan.json", tmp_path)
    assert done.status == 2
    assert "cannot be kept" in done.err
    assert not (tmp_path / "kept").exists()


def test_what_is_kept_is_a_plan_of_this_case(planned, case_file, tmp_path, knock) -> None:
    case = kept(knock, case_file, case_file, tmp_path)
    assert case.status == 2
    assert 'a file of TOML whose format is "sarex-case/1"' in case.err
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    (tmp_path / "plan.json").write_text(json.dumps({**plan, "case": "OTHER"}), encoding="utf-8")
    other = kept(knock, case_file, tmp_path / "plan.json", tmp_path)
    assert other.status == 2
    assert "OTHER" in other.err
    assert "--case" not in other.err
    alone = knock("plan", case_file, "--give-up", 2, "--out", tmp_path / "kept")
    assert alone.status == 2
    assert "--keep" in alone.err


def test_what_cannot_be_asked_is_refused_before_anything_is_computed(planned, tmp_path, knock) -> None:
    done = knock("what-if", planned, "--out", tmp_path / "gone" / "answers.json")
    assert done.status == 2
    assert done.out == ""
    assert "cannot be written" in done.err
    nowhere = knock("what-if", tmp_path / "nothere")
    assert nowhere.status == 2
    assert "what-if" in nowhere.err
    assert "update" not in nowhere.err
