"""What happens in an exercise, and that it does not depend on how it is run."""

from datetime import timedelta

import numpy as np
import pytest
import shapely
from exercise_runs import (
    begun,
    example,
    example_with_a_place,
    in_steps,
    run_to_end,
    story,
    uninterrupted,
    whole,
)
from scripted_planning import ScriptedPlanning, running_scripted

from sarex.clock import to_posix_s
from sarex.exercise.play import controls, events
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.launch import running_in, start
from sarex.exercise.play.running import open_state
from sarex.journal import Audience, Journal


@pytest.fixture(scope="module")
def entries():
    return whole(uninterrupted())


@pytest.mark.parametrize("minutes", [7.0, 41.5])
def test_steps_change_nothing(tmp_path, entries, minutes):
    running = in_steps(begun(tmp_path / "steps.sqlite"), minutes)
    running.journal.close()
    assert story(whole(tmp_path / "steps.sqlite")) == story(entries)


def test_a_new_director_at_every_event_changes_nothing(tmp_path, entries):
    log = begun(tmp_path / "anew.sqlite")
    end = open_state(Journal.open(log)).exercise.end
    for _ in range(25):
        running = running_scripted(log)
        running.step(end)
        running.journal.close()
    reached = whole(log)
    assert story(reached) == story(entries)[: len(reached)]


def test_time_never_goes_back(entries):
    times = [entry.at for entry in entries]
    assert times == sorted(times)


def test_the_example_finds_lifts_and_ends(entries):
    kinds = [entry.kind for entry in entries]
    wanted = (
        "coordinator.named",
        "sitrep.sent",
        "plan.proposed",
        "order.given",
        "report.under_way",
        "report.on_scene",
        "crew.detected",
        "report.sighting",
        "survivors.recovered",
        "survivors.triaged",
        "exercise.stopped",
    )
    firsts = [kinds.index(kind) for kind in wanted]
    assert firsts == sorted(firsts)
    assert kinds[-1] == "exercise.stopped"


def test_found_by_one_nation_or_unit_and_lifted_by_one_that_can(entries):
    state = open_state(Journal.open(uninterrupted()))
    recovered = next(entry for entry in entries if entry.kind == "survivors.recovered")
    assert state.exercise.force(recovered.body["unit"]).lifts
    assert recovered.body["persons"] == state.exercise.truth.persons


def test_every_inject_ends_acknowledged_missed_or_skipped(entries):
    state = open_state(Journal.open(uninterrupted()))
    assert state.pending_injects == ()
    for inject in state.exercise.injects:
        seen = state.known.injects.get(inject.id)
        if seen is None:
            assert inject.id in state.skipped
            continue
        answered = set(seen.acknowledged) | set(seen.missed)
        assert inject.acknowledge_within is None or answered == set(seen.to)


def test_missed_means_after_the_limit_and_unanswered_until_then(entries):
    delivered = {entry.body["inject"]: entry for entry in entries if entry.kind == "inject.delivered"}
    missed = [entry for entry in entries if entry.kind == "inject.missed"]
    assert missed
    for entry in missed:
        told = delivered[entry.body["inject"]]
        late = {
            each.body["by"]
            for each in entries
            if each.kind == "inject.acknowledged"
            and each.body["inject"] == entry.body["inject"]
            and each.at <= entry.at
        }
        assert entry.at == told.at + timedelta(seconds=told.body["acknowledge_within_s"])
        assert not late & set(entry.body["roles"])


def test_effects_reach_who_they_should(entries):
    kinds = {entry.kind for entry in entries}
    assert {
        "effect.applied",
        "case.learnt",
        "report.broke_down",
        "report.repaired",
        "report.false_alarm",
    } <= kinds
    applied = [entry for entry in entries if entry.kind == "effect.applied"]
    assert all(entry.audience is Audience.DIRECTOR for entry in applied)


def test_a_unit_has_one_task_at_a_time(entries):
    """Between under way and home or cancelled, crews really carry out one order."""
    busy: dict[str, str] = {}
    for entry in entries:
        unit, order = entry.body.get("unit"), entry.body.get("order")
        if entry.kind in ("crew.under_way", "crew.on_scene"):
            assert busy.get(unit, order) == order
            busy[unit] = order
        ends = entry.kind in ("crew.home", "crew.flew") or entry.kind == "order.cancelled"
        if ends and order in busy.values():
            busy = {name: held for name, held in busy.items() if held != order}


def test_where_the_next_order_takes_over_the_track_goes_on(entries):
    """A unit that is sent elsewhere sets out from where it really was."""
    flown = {entry.body["order"]: entry.body["points"] for entry in entries if entry.kind == "crew.flew"}
    taken = [
        (entry.body["order"], entry.body["why"].removeprefix("superseded by "))
        for entry in entries
        if entry.kind == "order.cancelled" and entry.body["why"].startswith("superseded by ")
    ]
    assert taken
    for before, after in taken:
        if flown.get(before) and flown.get(after):
            (t0, *place, _), (t1, *start, _) = flown[before][-1], flown[after][0]
            assert t1 - t0 < 60.0
            assert start == pytest.approx(place, abs=0.05)


@pytest.mark.parametrize("minutes", [4, 12, 55, 85])
def test_an_order_that_comes_before_another_begins_takes_its_place(tmp_path, minutes):
    """In port, on its way or on scene: a unit does one thing at a time, and sets out once."""
    unit = "Rescue ship Dasom"
    running = start(example_with_a_place(), tmp_path / "replaced.sqlite", auto=False)
    brief = Brief.of(running.state.exercise)
    running.advance(running.state.exercise.start + timedelta(minutes=45))
    proposal = ScriptedPlanning(brief).propose(running.state.known, running.state.now)
    running.record(lambda state: controls.ordered(state, "KR-SMC", proposal.document, unit))
    running.advance(running.state.now + timedelta(minutes=minutes))
    running.record(lambda state: controls.inject_now(state, running.director, "I09", skip=False))
    running.record(lambda state: controls.recover(state, "KR-SMC", unit, None))
    running.advance(running.state.exercise.end)
    entries = [entry for entry in running.journal.read() if entry.body.get("unit") == unit]
    kinds = [(entry.kind, entry.body["order"]) for entry in entries]
    first, second = f"1.1 {unit}", f"R1 {unit}"
    assert sum(kind == "crew.under_way" for kind, _ in kinds) == 1
    assert ("crew.home", first) not in kinds
    assert ("crew.on_scene", second) in kinds
    assert running.state.known.orders[first].cancelled_at is not None
    points = [point for entry in entries if entry.kind == "crew.flew" for point in entry.body["points"]]
    times = [point[0] for point in points]
    assert times == sorted(times)
    assert min(point[0] for point in points) >= to_posix_s(running.state.exercise.start)


def test_nothing_happens_while_held_and_the_same_afterwards(tmp_path, entries):
    log = begun(tmp_path / "held.sqlite")
    running = running_scripted(log)
    running.advance(running.state.exercise.start + timedelta(minutes=50))
    running.record(lambda state: controls.hold(state, "director", "NO PLAY", "an engine fire aboard Kohaku"))
    before = running.state.seq
    running.advance(running.state.exercise.end)
    assert running.state.seq == before
    running.record(lambda state: controls.resume(state, "director"))
    running.advance(running.state.exercise.end)
    held = [line for line in story(whole(log)) if line[1] not in ("exercise.held", "exercise.resumed")]
    assert held == story(entries)


def test_an_inject_released_early_comes_once(tmp_path):
    log = begun(tmp_path / "early.sqlite")
    running = running_scripted(log)
    running.record(lambda state: controls.inject_now(state, running.director, "I07", skip=False))
    running.record(lambda state: controls.inject_now(state, running.director, "I05", skip=True))
    running.advance(running.state.exercise.end)
    state = running.state
    assert state.known.injects["I07"].at == state.exercise.start
    assert "I05" not in state.known.injects
    assert state.pending_injects == ()


def test_stopped_by_hand_closes_what_is_open(tmp_path):
    running = running_scripted(begun(tmp_path / "stopped.sqlite"))
    running.advance(running.state.exercise.start + timedelta(hours=2))
    running.record(lambda state: controls.stop(state, running.director, "director", "rain"))
    state = running.state
    assert state.pending_injects == ()
    assert state.known.stopped is not None
    out = [entry for entry in running.journal.read() if entry.kind == "crew.flew"]
    assert {entry.body["unit"] for entry in out} >= {"Patrol ship Kohaku", "Helicopter Tsugumi 1"}
    running.advance(state.exercise.end)
    assert running.state.seq == state.seq


def test_a_unit_that_gets_ready_in_port_tells_of_a_false_sighting_once(tmp_path):
    """It has an order and is not under way: it is the director who speaks for it, not its crew as well."""
    unit = "Patrol aircraft Gireogi 3"
    running = start(example_with_a_place(), tmp_path / "once.sqlite", auto=False)
    brief = Brief.of(running.state.exercise)
    running.advance(running.state.exercise.start + timedelta(minutes=30))
    proposal = ScriptedPlanning(brief).propose(running.state.known, running.state.now)
    running.record(lambda state: controls.ordered(state, "KR-SMC", proposal.document, unit))
    running.advance(running.state.now + timedelta(minutes=12))
    assert running.state.known.orders[f"1.1 {unit}"].acknowledged_at is not None
    running.record(lambda state: controls.inject_now(state, running.director, "I09", skip=False))
    running.advance(running.state.now + timedelta(hours=1, minutes=30))
    given = events.lonlat(running.state.exercise.injects[8].effect.position)
    told = [events.lonlat(each.position) for each in running.state.known.sightings.values()]
    assert told.count(given) == 1


def test_a_unit_that_is_sent_across_an_open_danger_area_goes_round(tmp_path):
    """Nobody laid a plan for the way to a sighting: the crew finds its own round what it knows is closed."""
    unit = "Patrol boat Byeolbit"
    running = start(example(), tmp_path / "round.sqlite", auto=False)
    area = running.state.exercise.injects[6].effect.area
    running.advance(area.active_from)
    state = running.state
    middle = np.mean([(each.lon_deg, each.lat_deg) for each in area.polygon], axis=0).tolist()
    home = next(each.home for each in state.exercise.case.units if each.name == unit)
    beyond = [2.0 * middle[0] - home.lon_deg, 2.0 * middle[1] - home.lat_deg]
    task = {"position": beyond, "sighting": "x"}
    draft = events.order_given(f"R1 {unit}", state.now, "KR-SMC", (unit, "KR"), "recover", task)
    running.record(lambda _: [draft])
    running.advance(state.now + timedelta(hours=2))
    running.record(lambda state: controls.stop(state, running.director, "director", "enough"))
    flew = next(entry for entry in running.journal.read() if entry.kind == "crew.flew")
    track = shapely.LineString([point[1:3] for point in flew.body["points"]])
    closed = shapely.Polygon([(each.lon_deg, each.lat_deg) for each in area.polygon])
    assert shapely.LineString([(home.lon_deg, home.lat_deg), beyond]).intersects(closed)
    assert track.length > 0.3
    assert not track.intersects(closed)


def test_people_can_play_without_a_planner(tmp_path):
    """Without --auto nobody plans; injects come and are missed."""
    running = start(example(), tmp_path / "people.sqlite", auto=False)
    running.advance(running.state.exercise.end)
    kinds = {entry.kind for entry in running.journal.read()}
    assert not kinds & {"plan.proposed", "order.given", "inject.acknowledged", "coordinator.named"}
    assert "inject.missed" in kinds
    assert running.state.known.stopped is not None


def test_the_log_needs_no_exercise_file(tmp_path, entries):
    """The exercise is in its log whole."""
    log = begun(tmp_path / "log.sqlite")
    with Journal.open(log) as journal:
        running = running_in(journal)
        assert running.state.exercise == open_state(Journal.open(uninterrupted())).exercise
    run_to_end(log)
    assert story(whole(log)) == story(entries)
