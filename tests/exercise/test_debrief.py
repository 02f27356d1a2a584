"""The debrief as a whole: what is put together from the log, the belief and the truth."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from exercise_runs import uninterrupted, whole

from made_log import (
    FIRST,
    SEEN_AT,
    after,
    first_tasks,
    made_debrief,
    made_exercise,
    made_log,
    made_truth,
)
from sarex.clock import to_posix_s
from sarex.errors import InputError
from sarex.exercise.review.belief import Believer, gathered
from sarex.exercise.review.debrief import debrief, debrief_with, exercise_of, truth_of
from sarex.exercise.review.frames import frame_times
from sarex.exercise.review.model import Debrief
from sarex.exercise.review.pos import cumulative, exact_case, together
from sarex.exercise.review.ratings import EarlierAction, Finding, Letter, Note, Rating
from sarex.exercise.review.scores_log import orders
from sarex.exercise.review.scores_ratings import earlier_actions, proposals
from sarex.exercise.review.tracks import ordered_track
from sarex.update import update_belief
from sarex.update.model import SearchResult


def test_a_log_without_a_start_is_refused() -> None:
    with pytest.raises(InputError, match="does not begin with the start of an exercise"):
        debrief(made_log()[1:])
    with pytest.raises(InputError, match="sarex exercise start"):
        exercise_of(())


def test_pictures_run_from_the_alert_to_triage() -> None:
    found = made_debrief().frames
    assert found[0].at == after(0)
    assert found[-1].at == SEEN_AT + timedelta(minutes=95)
    assert len(found) <= 40
    steps = {b.at - a.at for a, b in pairwise(found[1:-1])}
    assert steps == {timedelta(minutes=30)}


def test_whole_steps_of_the_clock_between() -> None:
    found = frame_times(after(0), after(300))
    assert [at.minute % 15 for at in found[1:-1]] == [0] * (len(found) - 2)


def test_nobody_maps_what_is_found() -> None:
    found = made_debrief().frames
    assert all((frame.score is None) == (frame.at >= SEEN_AT) for frame in found)
    assert all(bool(frame.contours) == (frame.at < SEEN_AT) for frame in found)


def test_the_truth_of_a_picture_is_that_of_its_instant() -> None:
    truth = made_truth()
    for frame in made_debrief().frames:
        expected = truth.lonlat_at(np.array([to_posix_s(frame.at)]))[0]
        np.testing.assert_allclose(frame.truth_lonlat_deg, expected)


def test_units_stand_where_their_tracks_have_them() -> None:
    at = FIRST + timedelta(minutes=30)
    frame = next(frame for frame in made_debrief().frames if frame.at == at)
    oki = next(unit for unit in frame.units if unit.name == "Patrol ship Oki")
    # half an hour at 14 kt along the first leg of 14 nm: half-way, to the track's two minutes
    leg = first_tasks()["Patrol ship Oki"]["legs"][0]
    middle = 0.5 * (np.array(leg["start"]) + np.array(leg["end"]))
    np.testing.assert_allclose(oki.lonlat_deg, middle, atol=0.002)
    assert oki.searching


def test_pos_planned_is_what_an_update_would_have_taken() -> None:
    """POS of the first round on the belief it was ordered on, by the update itself."""
    exercise = made_exercise()
    believer = Believer(made_log(), exercise, Path(), gathered, after(0), SEEN_AT)
    belief = believer.ensemble_at(after(65))
    given = [order for order in orders(made_log()) if order.plan == 1]
    tracks = tuple(track for order in given for track in ordered_track(order, np.inf))
    _, lesson = update_belief(belief, SearchResult(tracks))
    reached = cumulative(belief, tracks, [after(100), after(2000)])
    assert reached[0] == 0.0
    assert reached[1] == pytest.approx(lesson.pos, rel=1e-9)


def test_rounds_are_put_together_as_chances_while_still_undetected() -> None:
    belief = Believer(made_log(), made_exercise(), Path(), gathered, after(0), SEEN_AT).ensemble_at(after(0))
    later = replace(belief, weight=0.6 * belief.weight)
    # 0.4 found before; then 0.3 of all, half of what is left: 0.4 + 0.3
    known = together([(belief, np.array([0.4, 0.4])), (later, np.array([0.0, 0.3]))])
    np.testing.assert_allclose(known, [0.4, 0.7])
    # the second belief knows nothing of the first round: 1 - 0.6 x 0.7, not 0.4 + 0.3
    unknown = together([(belief, np.array([0.4, 0.4])), (belief, np.array([0.0, 0.3]))])
    np.testing.assert_allclose(unknown, [0.4, 0.58])


def test_each_plan_tells_what_it_promised_and_what_stood_of_it() -> None:
    first, second = made_debrief().rounds
    assert (first.plan, first.promised, first.tasks, first.broken_off) == (1, 0.5, 5, 0)
    assert (second.tasks, second.broken_off) == (2, 0)  # the find ends both, nobody else
    assert 0.0 < second.achieved <= second.planned + 1e-9


def test_curves_never_fall_and_end_with_the_find() -> None:
    curve = made_debrief().curve
    assert curve.times[-1] == SEEN_AT
    assert curve.clairvoyant is not None
    for values in (curve.planned, curve.achieved, curve.clairvoyant):
        assert (np.diff(values) >= -1e-9).all()
        assert 0.0 <= values[-1] <= 1.0
    assert curve.final_achieved <= curve.final_planned + 1e-9
    assert curve.final_clairvoyant is not None
    assert curve.final_clairvoyant > curve.final_planned


def test_the_belief_learns_from_what_was_reported_and_not_before() -> None:
    exercise = made_exercise()
    believer = Believer(made_log(), exercise, Path(), gathered, after(0), SEEN_AT)
    assert believer.ensemble_at(FIRST + timedelta(minutes=30)).undetected == pytest.approx(1.0)
    later = believer.ensemble_at(FIRST + timedelta(hours=6)).undetected
    assert later < 0.9


def test_the_belief_knows_nothing_that_only_the_director_may_read() -> None:
    exercise = made_exercise()
    open_entries = tuple(e for e in made_log() if not e.kind.startswith("crew."))
    at = FIRST + timedelta(hours=6)
    whole, part = (
        Believer(entries, exercise, Path(), gathered, after(0), SEEN_AT).ensemble_at(at)
        for entries in (made_log(), open_entries)
    )
    np.testing.assert_array_equal(whole.weight, part.weight)


def test_a_clairvoyant_knows_the_beginning_and_nothing_else_new() -> None:
    exercise, truth = made_exercise(), made_truth()
    case = exact_case(exercise.case, truth)
    (scenario,) = case.scenarios
    assert scenario.origin.position == truth.position_at(truth.times_s[0])
    assert [share.type_key for share in scenario.objects] == [truth.types[0].type_key]
    assert case.units == exercise.case.units
    assert case.forcing == exercise.case.forcing
    assert replace(case.drift, particles=exercise.case.drift.particles) == exercise.case.drift


def test_ratings_with_their_evidence() -> None:
    ratings = {rating.objective.id: rating for rating in made_debrief().ratings}
    found = {
        finding.criterion.id: (finding.value, finding.letter)
        for rating in ratings.values()
        for finding in rating.findings
    }
    assert found["named"] == (12.0, Letter.PERFORMED)
    assert found["messages"] == (20.0, Letter.MAJOR_CHALLENGES)  # one of three was never answered
    assert found["found"] == (810.0, Letter.SOME_CHALLENGES)
    assert found["briefed"] == (None, Letter.SOME_CHALLENGES)  # the evaluator's note
    assert found["apart"] == (0.0, Letter.PERFORMED)
    assert ratings["safe"].letter is Letter.SOME_CHALLENGES  # the worst decides
    assert ratings["safe"].findings[2].notes[0].text == "Crews were briefed late."


def test_a_worse_note_overrules_the_measure_and_a_better_one_does_not() -> None:
    finding = made_debrief().ratings[0].findings[1]
    note = made_debrief().ratings[2].findings[2].notes[0]
    assert replace(finding, notes=(replace(note, letter=Letter.UNABLE),)).letter is Letter.UNABLE
    assert replace(finding, notes=(replace(note, letter=Letter.PERFORMED),)).letter is finding.measured
    assert replace(finding, notes=(replace(note, letter=None),)).letter is finding.measured


def test_every_finding_short_of_performed_gets_an_action() -> None:
    proposed = made_debrief().proposals
    assert [each.finding.criterion.id for each in proposed] == ["messages", "found", "briefed"]
    assert not any(each.whole for each in proposed)
    assert {each.owner for each in proposed} == {"smc-kr"}  # of the host
    assert [each.id for each in proposed] == ["MADE-2026-1", "MADE-2026-2", "MADE-2026-3"]


def test_earlier_actions_stay_open_where_their_objective_leaves_something_to_be_done() -> None:
    """Both objectives are rated S, and new actions are proposed for them."""
    earlier = made_debrief().earlier
    assert [(each.action.id, each.closed) for each in earlier] == [("2017-1", False), ("2017-2", False)]
    assert all(each.rating is not None and each.deciding and each.note is None for each in earlier)


@pytest.mark.parametrize("letter", Letter)
def test_the_rating_of_its_objective_only_proposes_to_close_an_earlier_action(letter: Letter) -> None:
    """Its evidence may be on other things: a P for who stays apart says nothing of warnings passed on."""
    found = noted(Note("eval", after(1), letter, "all of it"))
    first = made_exercise().objectives[0].id
    theirs = {each.id: each.objective == first for each in made_exercise().corrective_actions}
    assert any(theirs.values())
    assert not any(each.closed for each in found.values())
    proposed = {key: each.proposed for key, each in found.items()}
    assert proposed == {key: of_first and letter is Letter.PERFORMED for key, of_first in theirs.items()}


@pytest.mark.parametrize("letter", [*Letter, None])
def test_the_criterion_that_tests_an_earlier_action_closes_it(letter: Letter | None) -> None:
    exercise = made_exercise()
    objective = exercise.objectives[0]
    others = tuple(
        Finding(c, 0.0, not_done=False, measured=Letter.PERFORMED, notes=()) for c in objective.criteria
    )
    tested = replace(others[1], measured=letter, value=None if letter is None else 1.0)
    (action,) = [each for each in exercise.corrective_actions if each.objective == objective.id]
    named = replace(exercise, corrective_actions=(replace(action, criterion=tested.criterion.id),))
    (found,) = earlier_actions(named, [Rating(objective, (others[0], tested), ())])
    assert (found.closed, found.proposed) == (letter is Letter.PERFORMED, False)
    assert found.deciding == (() if letter is None else (tested,))
    note = Note("eval", after(2), Letter.MAJOR_CHALLENGES, f"{action.id}: not yet")
    (overruled,) = earlier_actions(named, [Rating(objective, (others[0], tested), (note,))])
    assert not overruled.closed


def noted(*notes: Note) -> dict[str, EarlierAction]:
    """Earlier actions where the first objective has these notes and nothing else was rated."""
    exercise = made_exercise()
    ratings = tuple(
        Rating(each, (), notes if number == 0 else ()) for number, each in enumerate(exercise.objectives)
    )
    return {each.action.id: each for each in earlier_actions(exercise, ratings)}


def test_no_earlier_action_closes_where_nothing_was_rated() -> None:
    assert [each.closed for each in noted().values()] == [False, False]
    unrated = Note("eval", after(1), None, "2017-1: not looked at")
    assert [each.closed for each in noted(unrated).values()] == [False, False]


def test_a_note_that_names_an_earlier_action_decides() -> None:
    first = Note("eval", after(1), Letter.MAJOR_CHALLENGES, "2017-2: no list was kept")
    found = noted(first)
    assert not found["2017-2"].closed
    last = Note("eval", after(2), Letter.PERFORMED, "Now seen (2017-2).")
    found = noted(last, first)
    assert found["2017-2"].closed
    assert found["2017-2"].note == last
    assert noted(replace(last, text="See 2017-21, 12017-2"))["2017-2"].note is None


def test_what_is_noted_on_an_objective_as_a_whole_gets_an_action() -> None:
    exercise = made_exercise()
    note = Note("eval", after(1), Letter.MAJOR_CHALLENGES, "Nobody led.")
    (proposed,) = proposals(exercise, [Rating(exercise.objectives[0], (), (note,))], after(900))
    assert proposed.finding.letter is Letter.MAJOR_CHALLENGES
    assert proposed.finding.notes == (note,)
    on_earlier = replace(note, text="2017-1: nobody led.")
    assert proposals(exercise, [Rating(exercise.objectives[0], (), (on_earlier,))], after(900)) == ()


def test_tasks_tell_what_the_find_cut_short() -> None:
    tasks = {each.order: each for each in made_debrief().tasks}
    first = tasks["1-Patrol ship Oki"]
    assert first.coverage_planned == pytest.approx(1.0, abs=0.01)
    assert first.coverage_flown == pytest.approx(1.0, abs=0.02)
    # 12 nm legs with 1.5 nm between at 14 kt: until 09:40, 160 min, 33.0 of 48 nm of legs are behind it
    cut = tasks["2-Patrol ship Oki"]
    assert cut.searched_planned_m / 1852.0 == pytest.approx(160.0 / 60.0 * 14.0 - 3.0, abs=1.6)
    assert cut.searched_flown_m == pytest.approx(cut.searched_planned_m, rel=0.05)


def test_the_same_log_gives_the_same_scores() -> None:
    made_debrief.cache_clear()
    first = made_debrief()
    made_debrief.cache_clear()
    second = made_debrief()
    assert first.scores == second.scores
    assert first.curve == second.curve
    assert first.ratings == second.ratings


def so_far(minutes: float) -> Debrief:
    """The debrief of the log as far as it had come."""
    exercise = made_exercise()
    entries = tuple(entry for entry in made_log() if entry.at <= after(minutes))
    return debrief_with(entries, exercise, Path(), gathered(exercise.case), made_truth())


def test_before_anything_is_searched_nothing_is_blamed() -> None:
    found = so_far(40)
    assert not found.stopped
    assert found.tasks == ()
    assert found.curve.final_planned == 0.0
    assert found.curve.clairvoyant is None
    letters = {f.criterion.id: f.letter for rating in found.ratings for f in rating.findings}
    assert letters["named"] is Letter.PERFORMED
    assert {letters[name] for name in ("coverage", "found", "apart", "clear", "briefed")} == {None}


def test_what_was_due_and_never_came_is_unable_once_it_is_over() -> None:
    exercise = made_exercise()
    kept = tuple(e for e in made_log() if e.at <= after(40) or e.kind == "exercise.stopped")
    found = debrief_with(kept, exercise, Path(), gathered(exercise.case), made_truth())
    finding = next(f for rating in found.ratings for f in rating.findings if f.criterion.id == "found")
    assert finding.not_done
    assert finding.letter is Letter.UNABLE


def test_the_truth_of_the_debrief_is_the_directors() -> None:
    """Where crews of a run really saw the object, and where the debrief says that it was."""
    entries = whole(uninterrupted())
    exercise, _ = exercise_of(entries)
    truth = truth_of(entries, exercise, gathered(exercise.case))
    seen = [entry for entry in entries if entry.kind == "crew.detected"]
    assert seen
    for entry in seen:
        position = truth.position_at(entry.at)
        np.testing.assert_allclose((position.lon_deg, position.lat_deg), entry.body["position"], atol=2e-4)
