"""`sarex exercise` at the door: a whole exercise by hand, and what is told of bad use."""

import json

import pytest


@pytest.fixture
def ask(knock):
    """Knock, and get exit status and what was said on both ways."""

    def asking(*arguments):
        answer = knock(*arguments)
        return answer.status, answer.out, answer.err

    return asking


@pytest.fixture
def log(tmp_path):
    return tmp_path / "exercise.sqlite"


@pytest.fixture
def begun(ask, log):
    status, *_ = ask("exercise", "start", "--log", log)
    assert status == 0
    return log


def test_start_says_what_begins(ask, log):
    status, out, _ = ask("exercise", "start", "--log", log)
    assert status == 0
    assert "SAREX-EXAMPLE" in out
    assert "NO PLAY" in out
    assert "people play" in out


def test_time_passes_and_injects_come(ask, begun):
    status, out, _ = ask("exercise", "advance", "25min", "--log", begun)
    assert status == 0
    assert "inject.delivered" in out
    assert "inject.missed" in out
    assert "effect.applied" not in out
    status, out, _ = ask("exercise", "status", "--json", "--log", begun)
    told = json.loads(out)
    assert told["now"] == "2027-05-19T22:25:00Z"
    assert told["figures"]["injects"] == 2
    assert "director" not in told


def test_to_a_time_of_the_clock(ask, begun):
    ask("exercise", "advance", "to", "22:10Z", "--log", begun)
    _, out, _ = ask("exercise", "status", "--json", "--log", begun)
    assert json.loads(out)["now"] == "2027-05-19T22:10:00Z"


def test_the_director_sees_more(ask, begun):
    _, out, _ = ask("exercise", "status", "--json", "--director", "--log", begun)
    assert "I02" in json.loads(out)["director"]["injects_to_come"]


def test_people_play(ask, begun):
    """Acknowledge, co-ordinate, tell, note, hold, resume, stop."""
    steps = [
        ("advance", "21min"),
        ("acknowledge", "I02", "--by", "JP-SMC"),
        ("coordinate", "--by", "JP-SMC"),
        ("sitrep", "First report.", "--by", "JP-SMC"),
        ("message", "Which units can you send?", "--by", "JP-SMC", "--to", "KR-SMC"),
        ("acknowledge", "M01", "--by", "KR-SMC"),
        (
            "inject",
            "--text",
            "A merchant ship offers help.",
            "--to",
            "JP-SMC",
            "--acknowledge-within",
            "5min",
        ),
        ("inject", "I05", "--skip"),
        ("inject", "I03"),
        ("note", "O1", "P", "Quick and clear.", "--by", "JP-EVAL"),
        ("hold", "NO PLAY", "a fishing boat asks for a tow"),
        ("resume",),
        ("stop", "enough for today"),
        ("note", "O1", "s", "On second thoughts.", "--by", "KR-EVAL"),
    ]
    for step in steps:
        status, _, err = ask("exercise", *step, "--log", begun)
        assert status == 0, (step, err)
    _, out, _ = ask("exercise", "status", "--json", "--log", begun)
    told = json.loads(out)
    assert told["phase"] == "over (enough for today)"
    assert told["figures"]["co-ordinator"] == "JP-SMC"
    assert told["figures"]["notes"] == 2


def test_report_writes_a_folder_that_goes_on(ask, begun, tmp_path):
    ask("exercise", "advance", "30min", "--log", begun)
    status, out, _ = ask("exercise", "report", "--out", tmp_path / "out", "--log", begun)
    assert status == 0
    assert "No sighting" in out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"mission.json", "case.json", "tracks.csv", "tracks.gpx"} <= names


@pytest.mark.slow
def test_a_plan_made_by_hand_is_ordered_flown_and_cancelled(ask, begun, tmp_path):
    ask("exercise", "advance", "30min", "--log", begun)
    ask("exercise", "report", "--out", tmp_path / "case", "--log", begun)
    plan = ("plan", tmp_path / "case" / "case.json", "--out", tmp_path / "plan")
    status, _, err = ask(*plan, "--particles", "1000", "--effort", "quick")
    assert status == 0, err
    steps = [
        ("order", tmp_path / "plan", "--propose", "--by", "JP-SMC"),
        ("inbox", "--by", "KR-SMC"),
        ("order", "--accept", "--by", "KR-SMC"),
        ("order", tmp_path / "plan", "--unit", "Helicopter Tsugumi 1", "--by", "JP-SMC"),
        ("advance", "2h"),
        ("order", "--cancel", "--unit", "Helicopter Tsugumi 1", "--by", "JP-SMC"),
        ("advance", "30min"),
    ]
    for step in steps:
        status, _, err = ask("exercise", *step, "--log", begun)
        assert status == 0, (step, err)
    _, out, _ = ask("exercise", "report", "--log", begun)
    assert "Helicopter" in out
    _, out, _ = ask("exercise", "status", "--json", "--log", begun)
    orders = json.loads(out)["orders"]
    assert {order["nation"] for order in orders} == {"JP", "KR"}
    assert any(order["last_heard"].startswith(("cancelled", "home", "off scene")) for order in orders)


BAD = {
    "unknown inject": (("inject", "I99"), "I99"),
    "neither id nor text": (("inject",), "--text"),
    "told to nobody": (("inject", "--text", "Hello"), "--to"),
    "unknown role": (("acknowledge", "I01", "--by", "JP-SMG"), "Did you mean JP-SMC?"),
    "not yet delivered": (("acknowledge", "I02", "--by", "JP-SMC"), "I02"),
    "no unit of the exercise": (("order", "--cancel", "--unit", "Kohaki", "--by", "JP-SMC"), "Kohaki"),
    "nothing to cancel": (("order", "--cancel", "--unit", "Drone Jebi 1", "--by", "KR-SMC"), "no order"),
    "nothing proposed": (("order", "--accept", "--by", "JP-SMC"), "no plan"),
    "no order named": (("order", "--by", "JP-SMC"), "give one of"),
    "two orders at once": (("order", "--accept", "--cancel", "--by", "JP-SMC"), "give one of"),
    "a plan that is not there": (("order", "/nowhere/plan.json", "--by", "JP-SMC"), "not there"),
    "no sighting": (("order", "--recover", "--unit", "Rescue ship Dasom", "--by", "KR-SMC"), "no sighting"),
    "no span": (("advance", "soon"), "30min"),
    "no distance": (("advance",), "--to-end"),
    "twice": (("advance", "30min", "--to-end"), "--to-end"),
    "past": (("advance", "to", "2027-05-19T21:00Z"), "past"),
    "no zone": (("advance", "to", "2027-05-19T23:00"), "time zone"),
    "two speeds": (("advance", "5min", "--real-time", "--speed", "60"), "--speed"),
    "not held": (("resume",), "not held"),
    "another nation's unit": (
        ("order", "--cancel", "--unit", "Patrol ship Kohaku", "--by", "KR-SMC"),
        "JP-SMC",
    ),
    "a liaison officer who co-ordinates": (("coordinate", "--by", "JP-LO"), "KR-SMC"),
    "unknown objective": (("note", "O99", "P", "good", "--by", "JP-EVAL"), "O99"),
    "told to whom the list says": (("inject", "I03", "--to", "JP-SMC"), "--text"),
    "text to skip": (("inject", "--text", "Hello", "--to", "JP-SMC", "--skip"), "--skip"),
    "accepted for one unit": (("order", "--accept", "--unit", "Drone Jebi 1", "--by", "KR-SMC"), "--unit"),
    "nothing to propose": (("order", "--accept", "--propose", "--by", "KR-SMC"), "--propose"),
    "a sighting to cancel": (
        ("order", "--cancel", "--unit", "Drone Jebi 1", "--sighting", "x", "--by", "KR-SMC"),
        "--recover",
    ),
    "unknown rating": (("note", "O1", "A", "good", "--by", "JP-EVAL"), "rating"),
}


@pytest.mark.parametrize(("arguments", "word"), BAD.values(), ids=BAD)
def test_bad_use_is_told_in_a_sentence(ask, begun, arguments, word):
    status, _, err = ask("exercise", *arguments, "--log", begun)
    assert status == 2
    assert word in err
    assert "Traceback" not in err
    assert err.strip().count("\n") == 0


def test_a_log_that_is_there_is_left_alone(ask, begun):
    before = begun.read_bytes()
    status, _, err = ask("exercise", "start", "--log", begun)
    assert status == 2
    assert str(begun.name) in err
    assert begun.read_bytes() == before


def test_no_log_and_a_strange_one(ask, tmp_path):
    assert ask("exercise", "status", "--log", tmp_path / "none.sqlite")[0] == 2
    (tmp_path / "strange.sqlite").write_text("no database")
    assert ask("exercise", "status", "--log", tmp_path / "strange.sqlite")[0] == 2


def test_nothing_after_the_end(ask, begun):
    ask("exercise", "stop", "--log", begun)
    for step in (("advance", "5min"), ("stop",), ("hold", "NO PLAY"), ("inject", "I02")):
        status, _, err = ask("exercise", *step, "--log", begun)
        assert status == 2
        assert "stopped" in err


@pytest.mark.parametrize("said", [("real world",), ("REALWORLD",), ("no", "play", "a tow"), ("STOP IT",), ()])
def test_time_stops_on_whatever_is_said(ask, begun, said):
    status, out, _ = ask("exercise", "hold", *said, "--log", begun)
    assert status == 0
    assert "exercise.held" in out
    assert ask("exercise", "advance", "5min", "--log", begun)[0] == 2


def test_a_real_emergency_is_not_lowered(ask, begun):
    ask("exercise", "hold", "REAL WORLD", "--log", begun)
    status, _, err = ask("exercise", "hold", "NO PLAY", "boat", "--log", begun)
    assert status == 2
    assert "not lowered" in err
    assert "held (REAL WORLD)" in ask("exercise", "status", "--log", begun)[1]


def test_every_inject_is_counted_once(ask, begun):
    """Two at first: the alert answered late, the other answered by one of two; then the other late too."""

    def figures():
        return json.loads(ask("exercise", "status", "--json", "--log", begun)[1])["figures"]

    ask("exercise", "advance", "16min", "--log", begun)
    assert (figures()["injects"], figures()["injects missed"]) == (1, 1)
    told = json.loads(ask("exercise", "status", "--json", "--log", begun)[1])["unacknowledged"]
    for role in told[0]["waiting_for"]:
        ask("exercise", "acknowledge", "I01", "--by", role, "--log", begun)
    words = ("injects acknowledged", "injects acknowledged late", "injects missed")
    assert [figures()[word] for word in words] == [0, 1, 0]
    ask("exercise", "advance", "60min", "--log", begun)
    assert sum(figures()[word] for word in words) <= figures()["injects"]


def test_after_the_end_nothing_waits(ask, begun):
    ask("exercise", "advance", "30min", "--log", begun)
    assert "I01 waits for" in ask("exercise", "status", "--log", begun)[1]
    ask("exercise", "stop", "--log", begun)
    out = ask("exercise", "status", "--log", begun)[1]
    assert "waits for" not in out
    assert "I01 was never acknowledged by" in out


def test_status_says_how_to_reckon_what_was_achieved(ask, begun):
    out = ask("exercise", "status", "--log", begun)[1]
    assert "POS achieved: not reckoned; sarex exercise report" in out


def test_exercise_control_is_warned_of_a_sighting_in_port(ask, begun):
    status, out, _ = ask("exercise", "inject", "I09", "--log", begun)
    assert status == 0
    assert "Mind, I09: Patrol aircraft Gireogi 3 is in port and sees nothing." in out


def test_nothing_while_held(ask, begun):
    ask("exercise", "hold", "REAL WORLD", "--log", begun)
    status, _, err = ask("exercise", "advance", "5min", "--log", begun)
    assert status == 2
    assert "resume" in err


def test_who_writes_while_the_clock_paces_gets_the_time_of_the_clock(ask, begun, monkeypatch):
    """Between two events the log is told how late it is, or others' entries would be dated too early."""
    from sarex.cli import exercise_clock

    marked = []
    told = exercise_clock.Running.advance
    monkeypatch.setattr(
        exercise_clock.Running, "advance", lambda self, until: (marked.append(until), told(self, until))
    )
    status, *_ = ask("exercise", "advance", "4min", "--speed", "120", "--log", begun)
    assert status == 0
    assert len(marked) >= 2


def test_speed(ask, begun):
    status, *_ = ask("exercise", "advance", "6min", "--speed", "3000", "--log", begun)
    assert status == 0
    _, out, _ = ask("exercise", "status", "--json", "--log", begun)
    assert json.loads(out)["now"] == "2027-05-19T22:06:00Z"
