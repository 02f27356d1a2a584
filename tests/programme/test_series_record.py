"""Debriefs taken in: nothing that is to be done better is lost, and nothing is closed by mistake."""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_log import made_debrief
from made_series import SERIES, action, debrief_mapping, write_debrief
from sarex.errors import ExerciseError, SeriesError
from sarex.exercise.file.schema import CorrectiveActionTable
from sarex.exercise.file.translate_goals import corrective_actions_of
from sarex.exercise.review.ratings import Letter, Rating
from sarex.exercise.review.scores_ratings import earlier_actions
from sarex.programme.debriefs import Debrief, ReportedAction, open_debrief
from sarex.programme.door import series_from_text
from sarex.programme.model import Series, Status
from sarex.programme.record import Recorded, close_action, record_debrief
from sarex.programme.toml_text import series_to_text
from sarex.programme.turns import proposal_to_text, propose, with_proposal
from sarex.report.debrief_json import debrief_to_json

NOW = series_from_text(SERIES, name="x")
AGREE = "Agree one format for positions"


def recorded(tmp_path: Path, series: Series = NOW, year: int = 2029, **more: object) -> Recorded:
    return record_debrief(
        series, open_debrief(write_debrief(tmp_path / "d.json", year, **more)), file="d.json"
    )


def test_an_exercise_is_entered_with_its_scores(tmp_path) -> None:
    found = recorded(tmp_path, scores={"pos_achieved": 0.82, "none": None}, ratings={"O1": "P", "O2": None})
    entered = found.series.exercise("SAREX-2029")
    assert entered is found.exercise
    assert entered.status is Status.HELD
    assert (entered.days.first, entered.days.last) == (date(2029, 5, 10), date(2029, 5, 12))
    assert (entered.host, entered.debrief) == ("KR", "d.json")
    assert (entered.scores, entered.ratings) == ({"pos_achieved": 0.82}, {"O1": "P"})


def test_a_planned_exercise_becomes_held_and_keeps_its_location(tmp_path) -> None:
    planned = with_proposal(NOW, propose(NOW, date(2027, 6, 1)))
    text = series_to_text(planned).replace(
        'title = "SAREX 2029"', 'title = "Plan"\nlocation = "off Tsushima"'
    )
    found = recorded(tmp_path, series_from_text(text, name="x"))
    assert len(found.series.exercises) == len(planned.exercises)
    assert (found.exercise.title, found.exercise.location) == ("SAREX 2029", "off Tsushima")


def test_what_the_debrief_closes_is_closed_by_it(tmp_path) -> None:
    found = recorded(tmp_path, corrective_actions=[action("CA-1", f" {AGREE.upper()} ", "closed")])
    assert [each.id for each in found.closed] == ["CA-1"]
    assert found.series.open_actions == ()


def test_texts_set_with_spaces_that_do_not_break_are_taken(tmp_path) -> None:
    found = recorded(tmp_path, corrective_actions=[action("CA-9", "Target 5\u00a0min, 90\u202f%")])
    assert found.found[0].text == "Target 5\u00a0min, 90\u202f%"
    assert series_from_text(series_to_text(found.series), name="x") == found.series


def test_what_the_debrief_does_not_mention_is_carried_on_and_told(tmp_path) -> None:
    found = recorded(tmp_path, corrective_actions=[action("CA-9", "Something new")])
    assert [each.id for each in found.not_told] == ["CA-1"]
    assert [each.id for each in found.found] == ["CA-9"]
    assert {each.id for each in propose(found.series, date(2029, 6, 1)).carried} == {"CA-1", "CA-9"}


def test_an_action_told_of_again_is_the_same_with_its_new_date(tmp_path) -> None:
    found = recorded(tmp_path, corrective_actions=[action("CA-1", AGREE, due="2030-01-31T00:00:00Z")])
    assert found.found == ()
    (known,) = [each for each in found.series.actions if each.id == "CA-1"]
    assert (known.due, known.owner, known.found_by) == (date(2030, 1, 31), "KR-SMC", "SAREX-2025")


def test_a_closing_that_is_only_proposed_is_left_to_people(tmp_path) -> None:
    told = action("CA-1", AGREE, closing_proposed=True, carried=True, evidence="nobody entered a danger area")
    found = recorded(tmp_path, corrective_actions=[told])
    assert found.closed == ()
    assert [(each.id, evidence) for each, evidence in found.proposed] == [
        ("CA-1", "nobody entered a danger area")
    ]
    assert [each.id for each in found.carried_on] == ["CA-1"]
    assert close_action(found.series, "CA-1", "SAREX-2029").open_actions == ()


def test_an_action_closed_by_hand_before_the_debrief_is_recorded_stays_closed(tmp_path) -> None:
    closed = close_action(NOW, "CA-1", "visit-2027")
    told = action("CA-1", AGREE, carried=True)
    found = recorded(tmp_path, closed, corrective_actions=[told])
    assert found.series.actions == closed.actions


def test_what_was_carried_into_it_was_not_found_by_it(tmp_path) -> None:
    told = [
        action("CA-7", "From a meeting", carried=True, closing_proposed=True, evidence="x"),
        action("CA-8", "From another", "closed", carried=True),
        action("CA-9", "Something new", criterion="O2.1"),
    ]
    found = recorded(tmp_path, corrective_actions=told)
    assert [each.id for each in found.found] == ["CA-9"]
    assert [each.id for each in found.brought] == ["CA-7", "CA-8"]
    assert [each.id for each in found.closed] == ["CA-8"]
    assert [each.id for each in found.carried_on] == ["CA-1", "CA-7"]
    assert [each.id for each, _ in found.proposed] == ["CA-7"]
    assert [each.id for each in found.not_told] == ["CA-1"]
    assert found.found[0].criterion == "O2.1"
    assert series_from_text(series_to_text(found.series), name="x") == found.series


def test_an_action_goes_from_the_exercise_that_found_it_to_the_one_that_closes_it(tmp_path) -> None:
    """Debrief, series, plan of the next, its exercise file, its debrief and the series again."""
    first = made_debrief()
    path = tmp_path / "first.json"
    path.write_text(debrief_to_json(first, "en"), encoding="utf-8")
    series = record_debrief(
        NOW, replace(open_debrief(path), id="SAREX-2029", start=_at(2029), end=_at(2029)), file=None
    ).series
    (snippet,) = [
        table
        for table in tomllib.loads(proposal_to_text(propose(series, date(2029, 6, 1))))["corrective_action"]
        if table.get("criterion") == "messages"
    ]
    given = corrective_actions_of(
        [CorrectiveActionTable.model_validate(snippet)], first.exercise.objectives, ["en"]
    )
    exercise = replace(first.exercise, corrective_actions=given)
    for letter, closed in ((Letter.SOME_CHALLENGES, False), (Letter.PERFORMED, True)):
        ratings = [_rated(rating, letter) for rating in first.ratings]
        second = replace(first, exercise=exercise, earlier=earlier_actions(exercise, ratings), proposals=())
        path.write_text(debrief_to_json(second, "en"), encoding="utf-8")
        told = replace(open_debrief(path), id="SAREX-2031", start=_at(2031), end=_at(2031))
        found = record_debrief(series, told, file=None)
        assert [each.id for each in found.closed] == ([given[0].id] if closed else [])
        assert found.proposed == ()


def test_an_action_may_name_only_a_criterion_below_its_objective() -> None:
    objectives = made_debrief().exercise.objectives
    table = {"id": "CA-1", "text": "x", "owner": "x", "due": _at(2029), "criterion": "messages"}
    (free,) = corrective_actions_of([CorrectiveActionTable.model_validate(table)], objectives, ["en"])
    assert free.criterion == "messages"
    for wrong in ({"objective": "safe"}, {"criterion": "massages"}):
        told = CorrectiveActionTable.model_validate(table | wrong)
        with pytest.raises(ExerciseError, match=r'corrective_action "CA-1": criterion is "m.ssages"'):
            corrective_actions_of([told], objectives, ["en"])


def _at(year: int) -> datetime:
    return datetime(year, 5, 10, tzinfo=UTC)


def _rated(rating: Rating, letter: Letter) -> Rating:
    """With every criterion measured as one letter."""
    found = tuple(replace(each, measured=letter, notes=()) for each in rating.findings)
    return replace(rating, findings=found, notes=())


def test_another_action_under_a_known_id_is_kept_beside_it(tmp_path) -> None:
    found = recorded(tmp_path, corrective_actions=[action("CA-1", "Quite another thing")])
    assert {each.id for each in found.series.open_actions} == {"CA-1", "SAREX-2029:CA-1"}


def test_a_fault_that_comes_back_is_open_anew(tmp_path) -> None:
    found = recorded(tmp_path, corrective_actions=[action("CA-2", "Rehearse lifting by night")])
    assert [each.id for each in found.found] == ["SAREX-2029:CA-2"]
    assert "SAREX-2029:CA-2" in {each.id for each in found.series.open_actions}


def test_no_action_is_closed_on_another_s_word(tmp_path) -> None:
    with pytest.raises(SeriesError, match="Make the texts alike"):
        recorded(tmp_path, corrective_actions=[action("CA-1", "Quite another thing", "closed")])


def test_it_is_recorded_once(tmp_path) -> None:
    once = recorded(tmp_path, scores={"a": 1.0}).series
    with pytest.raises(SeriesError, match="recorded already"):
        recorded(tmp_path, once)


def test_a_plan_of_that_year_under_another_name_is_asked_about(tmp_path) -> None:
    planned = with_proposal(NOW, propose(NOW, date(2027, 6, 1)))
    with pytest.raises(SeriesError, match="--as SAREX-2029; if not, --as JOINT"):
        recorded(tmp_path, planned, id="JOINT")
    debrief = open_debrief(write_debrief(tmp_path / "j.json", 2029, id="JOINT"))
    one = record_debrief(planned, debrief, file=None, recorded_as="SAREX-2029").series
    two = record_debrief(planned, debrief, file=None, recorded_as="JOINT").series
    assert (len(one.exercises), len(two.exercises)) == (3, 4)


def test_an_unknown_host_is_told(tmp_path) -> None:
    with pytest.raises(SeriesError, match="none of the hosts JP, KR"):
        recorded(tmp_path, host="US")


def test_closing_by_hand() -> None:
    assert close_action(NOW, "CA-1", "visit-2027").open_actions == ()
    for wrong, said in (
        (("CA-7", "SAREX-2027"), "Open ones: CA-1"),
        (("CA-2", "SAREX-2027"), "was closed by"),
        (("CA-1", "SAREX-2031"), "does not hold"),
    ):
        with pytest.raises(SeriesError, match=said):
            close_action(NOW, *wrong)


_told = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(["one", "two"]), st.booleans()),
    max_size=3,
    unique_by=lambda told: told[0],
)


@given(st.lists(_told, min_size=1, max_size=5))
def test_no_action_is_ever_lost(years: list[list[tuple[str, str, bool]]]) -> None:
    """Each is carried into every exercise after the one that found it, up to the one that closed it."""
    series = series_from_text(SERIES[: SERIES.index("[[meeting]]")], name="x")
    told_of: set[tuple[str, str]] = set()
    for number, told in enumerate(years):
        year = 2029 + 2 * number
        mapping = debrief_mapping(year)
        actions = tuple(ReportedAction(i, text, None, None, None, closed) for i, text, closed in told)
        start = date(year, 5, 10)
        debrief = _debrief(mapping, start, actions)
        try:
            found = record_debrief(series, debrief, file=None)
        except SeriesError:
            assert any(closed for _, _, closed in told)  # the only thing that is refused here
            continue
        series = found.series
        told_of |= {(each[0], each[1]) for each in told}
        series = series_from_text(series_to_text(series), name="x")
    assert {text for _, text in told_of} == {each.text for each in series.actions}
    order = [each.id for each in series.exercises]
    for each in series.actions:
        end = len(order) - 1 if each.closed_by is None else order.index(each.closed_by)
        into = [name for name in order if each in series.carried_into(name)]
        assert into == order[order.index(each.found_by) + 1 : end + 1]
    assert set(propose(series, date(2050, 1, 1)).carried) == set(series.open_actions)


def _debrief(mapping: dict[str, object], start: date, actions: tuple[ReportedAction, ...]) -> Debrief:
    from datetime import UTC, datetime

    at = datetime(start.year, start.month, start.day, tzinfo=UTC)
    return Debrief(str(mapping["id"]), "An exercise", "KR", at, at, {"a": 1.0}, {}, actions)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "sarex-plan/1"}, 'format is "sarex-plan/1"'),
        ({"start": "2029-05-10"}, "start is"),
        ({"start": "2029-05-10T00:00:00"}, "must say its time zone"),
        ({"end": "2029-05-01T00:00:00Z"}, "before start"),
        ({"id": "a b"}, "without spaces"),
        ({"scores": {"a": "1"}}, "scores.a"),
        ({"scores": {"a": float("nan")}}, "finite"),
        ({"ratings": {"O1": "Q"}}, "ratings.O1"),
        ({"corrective_actions": [action("A", "x"), action("A", "y")]}, "stands twice"),
        ({"corrective_actions": [action("A", "x", "done")]}, "'open' or 'closed'"),
        ({"corrective_actions": [{"id": "A"}]}, "is missing"),
        ({"corrective_actions": {}}, "it must be a list"),
    ],
)
def test_a_bad_debrief_is_told_in_a_sentence(tmp_path, change, said) -> None:
    path = write_debrief(tmp_path / "d.json", 2029, **change)
    with pytest.raises(SeriesError) as refused:
        open_debrief(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", json.dumps({})])
def test_what_is_no_debrief_is_told(tmp_path, text) -> None:
    (tmp_path / "d.json").write_text(text)
    with pytest.raises(SeriesError, match="sarex exercise debrief"):
        open_debrief(tmp_path / "d.json")
