"""`sarex check` as people and programs meet it: what it prints, and with which status it ends."""

import json

import pytest
from door import run_sarex, snapshot, write_case

FIGURES = "POS, POC, POD and coverage are what the legs come to"
BEYOND = "no two areas overlap at the same height"


def as_it_was(_content) -> None:
    """No change."""


@pytest.fixture
def edited(planned, tmp_path):
    """The plan in a folder of its own, changed by hand."""

    def write(change, name="edited.json"):
        content = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
        change(content)
        path = tmp_path / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


def test_a_plan_of_our_own_keeps_every_rule(planned) -> None:
    before = snapshot(planned)
    done = run_sarex("check", planned / "plan.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "EXERCISE" in done.stdout
    assert "all rules kept" in done.stdout
    assert snapshot(planned) == before


def test_a_folder_is_as_good_as_its_plan(planned, knock) -> None:
    assert knock("check", planned).status == 0


def test_a_late_leg_is_told_with_unit_place_and_time(planned, edited) -> None:
    def shorten(content):
        legs = content["tasks"][0]["legs"]
        shorten.leg = next(leg for leg in legs if leg["searching"])
        begin, end = shorten.leg["start_time"], shorten.leg["end_time"]
        shorten.leg["end_time"] = begin[:-4] + "900Z" if begin[:19] != end[:19] else end

    path = edited(shorten)
    done = run_sarex("check", path, "--case", planned)
    assert done.returncode == 1, done.stdout + done.stderr
    begins = shorten.leg["start_time"]
    row = next(line for line in done.stdout.splitlines() if "m/s" in line)
    assert begins[11:16] in row
    assert "Helicopter" in done.stdout
    (lon_deg, lat_deg), (end_lon_deg, end_lat_deg) = shorten.leg["start"], shorten.leg["end"]
    assert any(f"{int(degrees)}°" in row for degrees in (lat_deg, end_lat_deg))
    assert any(f"{int(degrees)}°" in row for degrees in (lon_deg, end_lon_deg))
    assert "violations" in done.stdout


def test_programs_get_json(planned, edited, knock) -> None:
    def lower(content):
        content["tasks"][0]["pos"] = 1.5

    answer = knock("check", edited(lower), "--case", planned, "--json")
    told = json.loads(answer.out)
    assert answer.status == 1
    assert told["format"] == "sarex-check/1"
    (violation,) = told["violations"]
    assert violation["rule"] == "probabilities lie between 0 and 1"
    assert violation["units"] == ["Helicopter"]
    assert violation["time"].endswith("Z")
    assert violation["amount"] == 0.5
    assert len(violation["position"]) == 2
    assert sum(rule["violations"] for rule in told["rules_checked"]) == 1


def test_pos_is_reckoned_again_where_the_belief_is_at_hand(planned, edited, knock) -> None:
    """Beside the plan, or in the folder of the case; a stated POS that is not that of the legs is told."""
    stated = json.loads((planned / "plan.json").read_text(encoding="utf-8"))["pos"]
    answer = knock("check", planned)
    assert answer.status == 0
    assert f"POS reckoned again: {stated:.1%}; the plan states {stated:.1%}" in answer.out

    def better(content):
        content["pos"] += 0.02
        content["pos_high"] += 0.02

    path = edited(better)
    told = json.loads(knock("check", path, "--case", planned, "--json").out)
    assert [violation["rule"] for violation in told["violations"]] == [FIGURES, FIGURES]
    assert told["violations"][0]["position"] is None
    assert (
        f"{stated + 0.02:.1%}; its legs and sweep widths come to {stated:.1%}"
        in told["violations"][0]["what"]
    )
    assert told["pos_again"]["reckoned"] == pytest.approx(stated, abs=1e-4)
    assert told["rules_checked"][-1] == {"rule": FIGURES, "violations": 2}


def test_the_next_plan_is_reckoned_on_what_is_left(updated, knock) -> None:
    told = json.loads(knock("check", updated[0], "--json").out)
    assert told["pos_again"]["reckoned"] == pytest.approx(told["pos_again"]["stated"], abs=1e-4)
    assert told["violations"] == []


def test_pos_that_is_not_reckoned_again_is_said_to_be(edited, case_file, knock) -> None:
    path = edited(as_it_was)
    assert "no drift.nc beside the plan" in knock("check", path, "--case", case_file).out
    (path.parent / "drift.nc").write_bytes(b"not this")
    answer = knock("check", path, "--case", case_file, "--json")
    told = json.loads(answer.out)
    assert answer.status == 0
    assert told["pos_again"]["reckoned"] is None
    assert "no whole drift file" in told["pos_again"]["why_not"]
    assert FIGURES not in [rule["rule"] for rule in told["rules_checked"]]


def test_a_belief_of_another_case_is_not_used(planned, edited, tmp_path, knock) -> None:
    other = write_case(tmp_path, ('id = "DOOR-1"', 'id = "DOOR-2"'))
    path = edited(lambda content: content.update(case="DOOR-2"))
    (path.parent / "drift.nc").write_bytes((planned / "drift.nc").read_bytes())
    assert 'is of EXERCISE "DOOR-1", not of' in knock("check", path, "--case", other).out


def test_two_units_brought_together(planned, edited, knock) -> None:
    """The ship is given the helicopter's height by an edit of the helicopter's: down to 100 ft."""

    def same(content):
        first, second = content["tasks"]
        first["altitude_ft"] = 100
        second["area"] = first["area"]

    answer = knock("check", edited(same), "--case", planned, "--json")
    told = json.loads(answer.out)
    assert answer.status == 1
    overlap = [v for v in told["violations"] if v["rule"] == BEYOND]
    assert [v["units"] for v in overlap] == [["Helicopter", "Ship"]]


def test_the_case_may_be_a_file(edited, case_file, knock) -> None:
    assert knock("check", edited(as_it_was), "--case", case_file).status == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content.update(case="ELSE"), "ELSE"),
        (lambda content: content["tasks"][0].update(unit="Submarine"), "Submarine"),
        (lambda content: content["tasks"][0].pop("legs"), "legs"),
        (lambda content: content["tasks"][0]["area"].update(coordinates=[]), "coordinates"),
        (lambda content: content.update(format="sarex-plan/9"), "sarex-plan/9"),
        (lambda content: content["tasks"][0]["sweep_width_nm"].update({"PIV-1": 1.0}), "mean PIW-1?"),
    ],
    ids=["case", "unit", "legs", "area", "format", "class"],
)
def test_a_file_that_cannot_be_checked(change, words, planned, edited, knock) -> None:
    answer = knock("check", edited(change), "--case", planned)
    assert answer.status == 2
    assert words in answer.err
    assert answer.err.startswith("sarex: ")
    assert answer.err.count("\n") == 1
    assert answer.out == ""


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1, 2]", b'{"format": NaN}'])
def test_a_broken_file_as_a_process(content, planned, tmp_path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    done = run_sarex("check", path, "--case", planned)
    assert done.returncode == 2
    assert done.stderr.startswith("sarex: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_no_file_and_no_case(planned, edited, knock, tmp_path) -> None:
    gone = knock("check", tmp_path / "nowhere.json")
    assert gone.status == 2
    assert "is not there" in gone.err
    alone = knock("check", edited(as_it_was))
    assert alone.status == 2
    assert "--case" in alone.err


def test_another_case_of_the_same_name_is_checked_by_its_own_limits(planned, tmp_path, knock) -> None:
    """The plan was good for a helicopter with three hours of endurance; with half an hour it is not."""
    tired = write_case(tmp_path, ("endurance_h = 3.0", "endurance_h = 0.5"))
    answer = knock("check", planned, "--case", tired, "--json")
    assert answer.status == 1
    rules = {violation["rule"] for violation in json.loads(answer.out)["violations"]}
    assert "endurance holds the way home" in rules
