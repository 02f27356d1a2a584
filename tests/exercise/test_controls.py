"""What people may record, and what they are told when they may not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from exercise_runs import example
from scripted_planning import ScriptedPlanning

from sarex.errors import InputError, JournalInputError
from sarex.exercise.play import controls
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.controls import AdHoc, Note
from sarex.exercise.play.launch import start
from sarex.journal import Journal


@pytest.fixture
def running(tmp_path):
    running = start(example(), tmp_path / "log.sqlite", auto=False)
    running.advance(running.state.exercise.start + timedelta(minutes=45))
    yield running
    running.journal.close()


@pytest.fixture
def plan(running):
    brief = Brief.of(running.state.exercise)
    return ScriptedPlanning(brief).propose(running.state.known, running.state.now).document


def test_a_start_that_was_killed_before_its_first_entry_can_be_repeated(tmp_path):
    log = tmp_path / "log.sqlite"
    Journal.create(log).close()
    running = start(example(), log, auto=False)
    assert running.state.seq == 1
    running.journal.close()
    with pytest.raises(JournalInputError, match="exists"):
        start(example(), log, auto=False)


def test_a_real_emergency_is_told_while_something_else_holds(running):
    running.record(lambda state: controls.hold(state, "director", "NO PLAY", "a tow"))
    running.record(lambda state: controls.hold(state, "director", "REAL WORLD", "man overboard"))
    assert running.state.known.held.body["word"] == "REAL WORLD"
    with pytest.raises(InputError, match="held since"):
        controls.hold(running.state, "director", "REAL WORLD", "again")
    running.record(lambda state: controls.resume(state, "director"))
    assert running.state.known.held is None


def test_a_real_emergency_is_not_lowered(running):
    running.record(lambda state: controls.hold(state, "director", "REAL WORLD", "man overboard"))
    with pytest.raises(InputError, match=r'on "REAL WORLD", which is not lowered to "NO PLAY"'):
        controls.hold(running.state, "director", "NO PLAY", "boat")
    assert running.state.known.held.body["word"] == "REAL WORLD"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("real world", "REAL WORLD"),
        ("REALWORLD", "REAL WORLD"),
        ("Real-World", "REAL WORLD"),
        ("ＲＥＡＬ　ＷＯＲＬＤ", "REAL WORLD"),
        ("no play", "NO PLAY"),
        ("NoPlay", "NO PLAY"),
        ("REAL WRLD", "REAL WORLD"),
        ("MAN OVERBOARD", "REAL WORLD"),
        ("", "REAL WORLD"),
    ],
)
def test_a_safety_word_stops_however_it_is_written_and_in_doubt_all_the_same(running, said, word):
    running.record(lambda state: controls.hold(state, "director", said, "boat"))
    assert running.state.known.held.body["word"] == word
    assert "boat" in running.state.known.held.body["text"]
    known = said.casefold().replace(" ", "").replace("-", "")
    assert (said in running.state.known.held.body["text"]) == (known in ("realwrld", "manoverboard", ""))


def test_whoever_says_a_safety_word_is_heard(running):
    running.record(lambda state: controls.hold(state, "JP-SMG", "REAL WORLD", "fire"))
    held = running.state.known.held
    assert held.by == "director"
    assert "JP-SMG" in held.body["text"]


def test_safety_words_need_no_quotes(running):
    safety = running.state.exercise.safety
    assert safety.parted(["no", "play", "a", "tow"]) == ("no play", "a tow")
    assert safety.parted(["Real-World"]) == ("Real-World", "")
    assert safety.parted(["STOP", "IT", "now"]) == ("STOP", "IT now")
    assert safety.parted([]) == ("", "")


def test_each_nation_orders_its_own_units_and_exercise_control_all(running, plan):
    ship = "Patrol ship Kohaku"
    running.record(lambda state: controls.ordered(state, "JP-SMC", plan, None))
    assert {order.nation for order in running.state.known.orders.values()} == {"JP"}
    deeds = (
        lambda by: controls.cancelled(running.state, by, ship, "no"),
        lambda by: controls.ordered(running.state, by, plan, ship),
        lambda by: controls.recover(running.state, by, ship, None),
    )
    for deed in deeds:
        with pytest.raises(InputError, match=f"--by is KR-SMC, of KR, but {ship} is a unit of JP .* JP-SMC"):
            deed("KR-SMC")
    for by in ("JP-OSC", "EXCON"):
        assert controls.cancelled(running.state, by, ship, "yes")


def test_who_is_no_mission_coordinator_does_not_take_the_coordination(running):
    for by in ("JP-LO", "KR-PIO", "JP-OSC"):
        with pytest.raises(InputError, match=r"no mission co-ordinator; .* JP-SMC, KR-SMC"):
            controls.named(running.state, by)
    for by in ("KR-SMC", "EXCON"):
        assert controls.named(running.state, by)


@pytest.mark.parametrize("by", ["OBSERVER", "JP-EVAL", "SIM-PRESS"])
def test_who_looks_on_gives_no_orders(running, plan, by):
    unit = "Rescue ship Dasom"
    deeds = (
        lambda: controls.named(running.state, by),
        lambda: controls.sitrep(running.state, by, "text"),
        lambda: controls.proposed(running.state, by, plan),
        lambda: controls.ordered(running.state, by, plan, None),
        lambda: controls.accepted(running.state, by),
        lambda: controls.recover(running.state, by, unit, None),
        lambda: controls.cancelled(running.state, by, unit, "no"),
    )
    for deed in deeds:
        with pytest.raises(InputError, match=f"--by is {by}, whose part is"):
            deed()


def test_players_do_not_rate_themselves(running):
    with pytest.raises(InputError, match="JP-EVAL"):
        controls.note(running.state, Note("JP-SMC", "O1", "P", "splendid", None))


def test_nothing_is_said_in_an_empty_text(running):
    told = AdHoc(" ", ("JP-SMC",), "EXCON", "VHF radio", None)
    for deed in (
        lambda: controls.sitrep(running.state, "JP-SMC", " "),
        lambda: controls.message(running.state, "JP-SMC", "KR-SMC", "", ""),
        lambda: controls.inject_ad_hoc(running.state, told),
    ):
        with pytest.raises(InputError, match="is empty"):
            deed()


def test_a_message_goes_to_somebody_else(running):
    with pytest.raises(InputError, match="somebody else"):
        controls.message(running.state, "JP-SMC", "JP-SMC", "", "hello")
    with pytest.raises(InputError, match=r'--to is "NOBODY"'):
        controls.message(running.state, "JP-SMC", "NOBODY", "", "hello")


def test_an_ad_hoc_inject_takes_no_name_of_the_list(running):
    injects = running.state.exercise.injects
    taken = replace(injects[-1], id="X01")
    state = replace(running.state, exercise=replace(running.state.exercise, injects=(*injects, taken)))
    told = AdHoc("A merchant ship offers help.", ("JP-SMC",), "EXCON", "VHF radio", None)
    assert controls.inject_ad_hoc(state, told)[0].body["inject"] == "X02"


def test_a_nation_without_units_in_a_plan_accepts_it_all_the_same(running, plan):
    own = plan | {"tasks": [task for task in plan["tasks"] if task["nation"] == "JP"]}
    running.record(lambda state: controls.proposed(state, "JP-SMC", own))
    running.record(lambda state: controls.accepted(state, "KR-SMC"))
    assert set(running.state.known.plan.accepted) == {"JP-SMC", "KR-SMC"}
    with pytest.raises(InputError, match="nothing left to order"):
        controls.accepted(running.state, "KR-SMC")


def test_a_plan_whose_search_is_past_is_not_ordered(running, plan):
    running.record(lambda state: controls.proposed(state, "JP-SMC", plan))
    running.advance(running.state.exercise.end - timedelta(minutes=1))
    for deed in (
        lambda: controls.proposed(running.state, "JP-SMC", plan),
        lambda: controls.accepted(running.state, "KR-SMC"),
        lambda: controls.ordered(running.state, "JP-SMC", plan, None),
    ):
        with pytest.raises(InputError, match="Plan anew for the case"):
            deed()
