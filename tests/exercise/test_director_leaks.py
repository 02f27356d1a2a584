"""The truth is in nothing that players can read: entries, status, reports, until it is found."""

import json
import re
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from exercise_runs import begun, example_with_a_place, uninterrupted, whole
from scripted_planning import running_scripted

from sarex.case.model import Position
from sarex.cli.exercise_report import write_report
from sarex.cli.exercise_words import status_to_json
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.surroundings import gather_environment
from sarex.exercise.crews.mistakes import FALSE_CREDIBILITY
from sarex.exercise.crews.reports import TRUE_CREDIBILITY
from sarex.exercise.play import controls
from sarex.exercise.play.launch import start
from sarex.exercise.play.running import open_state
from sarex.exercise.play.surroundings import surrounding_case
from sarex.exercise.truth import true_path
from sarex.journal import Audience, Journal

NUMBER = re.compile(r"-?\d+\.\d{3,}")
EVERY_S = 10.0
"""An object that drifts at 1 m/s makes 10 m in that time."""


@pytest.fixture(scope="module")
def path():
    exercise = open_state(Journal.open(uninterrupted())).exercise
    environment = gather_environment(surrounding_case(exercise))
    return true_path(exercise.case, exercise.truth, environment, exercise.seed, exercise.end)


def pairs_in(text):
    """Numbers of three decimals or more that follow each other, either way round."""
    numbers = [float(found) for found in NUMBER.findall(text)]
    for first, second in pairwise(numbers):
        yield first, second
        yield second, first


def tells(path, text, until):
    """Places in a text that are the object's, to the fourth decimal (11 m), at some time until an instant."""
    times_s = np.arange(path.times_s[0], to_posix_s(until), EVERY_S)
    steps = np.rint(path.lonlat_at(times_s) * 1e4).astype(int)
    known = {(x + i, y + j) for x, y in steps.tolist() for i in (-1, 0, 1) for j in (-1, 0, 1)}
    return [pair for pair in pairs_in(text) if (round(pair[0] * 1e4), round(pair[1] * 1e4)) in known]


def found_at(entries):
    return next(entry.at for entry in entries if entry.kind == "crew.detected")


def test_the_search_for_leaks_finds_one(path):
    place = path.position_at(path.times_s[30])
    assert tells(path, json.dumps({"position": [place.lon_deg, place.lat_deg]}), path_end(path))
    assert tells(path, f"{place.lat_deg:.5f} {place.lon_deg:.5f}", path_end(path))


def path_end(path):
    return from_posix_s(path.times_s[-1])


def test_no_entry_for_everybody_tells_the_truth_before_it_is_found(path):
    entries = whole(uninterrupted())
    found = found_at(entries)
    for entry in entries:
        if entry.audience is Audience.EVERYBODY and entry.at < found:
            assert not tells(path, json.dumps(dict(entry.body)), found), entry.key


def test_the_directors_entries_do_tell(path):
    entries = whole(uninterrupted())
    detected = next(entry for entry in entries if entry.kind == "crew.detected")
    assert detected.audience is Audience.DIRECTOR


@pytest.mark.parametrize("hours", [2.0, 4.0, 6.0])
def test_neither_status_nor_report_tells(tmp_path, path, hours):
    """A search in the wrong place: nothing is found, and nothing is told."""
    running = running_scripted(begun(tmp_path / "log.sqlite"), Position(131.9, 36.3))
    running.advance(running.state.exercise.start + timedelta(hours=hours))
    state = running.state
    assert state.holders == {}
    assert hours < 4.0 or any(order.tracks for order in state.known.orders.values())
    products = status_to_json(state, director=False)
    write_report(state, tmp_path / "out")
    for file in sorted((tmp_path / "out").iterdir()):
        products += file.read_text(encoding="utf-8")
    assert "tracks.csv" in {file.name for file in (tmp_path / "out").iterdir()}
    assert not tells(path, products, state.exercise.end)


def test_the_exercises_seed_reaches_nothing_that_players_read(tmp_path):
    """Truth and crews follow from it."""
    running = running_scripted(begun(tmp_path / "log.sqlite"), Position(131.9, 36.3))
    running.advance(running.state.exercise.start + timedelta(hours=5))
    state = running.state
    seed = str(state.exercise.seed)
    cases = [state.exercise.case, state.known.case]
    assert state.exercise.seed not in [case.seed for case in cases]
    write_report(state, tmp_path / "out")
    products = [file.read_text(encoding="utf-8") for file in sorted((tmp_path / "out").iterdir())]
    assert any(f'"seed": {state.known.case.seed}' in text for text in products), "that of their case does"
    everybody = [entry for entry in running.journal.read() if entry.audience is Audience.EVERYBODY]
    products += [json.dumps(dict(entry.body)) + entry.key for entry in everybody]
    for text in (*products, status_to_json(state, director=False)):
        assert seed not in text


def test_names_of_sightings_do_not_tell_true_from_false():
    entries = whole(uninterrupted())
    names = [entry.body["name"] for entry in entries if entry.kind == "report.sighting"]
    false = {entry.body["name"] for entry in entries if entry.kind == "crew.falsely_saw"}
    assert false & set(names)
    assert all(re.fullmatch(r".+, sighting \d+", name) for name in names)


def test_what_a_unit_takes_for_the_object_in_port_has_no_name_of_the_list(tmp_path):
    """The name of an inject would say that exercise control made it up."""
    running = start(example_with_a_place(), tmp_path / "port.sqlite", auto=False)
    running.record(lambda state: controls.inject_now(state, running.director, "I09", skip=False))
    (name,) = running.state.known.sightings
    assert re.fullmatch(r".+, sighting \d+", name)
    assert "I09" not in status_to_json(running.state, director=False).partition("sightings")[2]
    running.advance(running.state.exercise.end)
    assert running.state.known.sightings[name].withdrawn_at is not None


def test_what_crews_think_of_sightings_does_not_tell_true_from_false():
    least_true, most_false = TRUE_CREDIBILITY[0], FALSE_CREDIBILITY[1]
    assert least_true < most_false


def test_nothing_of_the_directors_is_in_the_players_state():
    state = open_state(Journal.open(uninterrupted()))
    shown = repr(state.known)
    for word in ("crew.", "effect.applied", "ObjectMoves", "TruthSettings"):
        assert word not in shown
