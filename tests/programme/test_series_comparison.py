"""Year on year: which way is better, and what cannot be compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_series import action, write_debrief
from sarex.errors import SeriesError
from sarex.exercise.model import Measure
from sarex.exercise.review.scores import SCORE_OF
from sarex.programme.comparison import Change, compare, rating_change, score_change
from sarex.programme.debriefs import Debrief, open_debrief
from sarex.programme.score_words import KNOWN, words_of


def debrief(tmp_path, year: int, **more: object) -> Debrief:
    return open_debrief(write_debrief(tmp_path / f"{year}.json", year, **more))


def test_debriefs_stand_in_order_of_time_and_changes_between_them(tmp_path) -> None:
    found = compare(
        [
            debrief(
                tmp_path, 2029, scores={"alert_to_plan_min": 55.0, "pos_achieved": 0.6}, ratings={"O1": "S"}
            ),
            debrief(
                tmp_path, 2027, scores={"alert_to_plan_min": 62.0, "pos_achieved": 0.7}, ratings={"O1": "M"}
            ),
            debrief(tmp_path, 2031, scores={"alert_to_plan_min": None, "x": 3.0}, ratings={"O1": "U"}),
        ]
    )
    assert [each.id for each in found.debriefs] == ["SAREX-2027", "SAREX-2029", "SAREX-2031"]
    plan, pos, unknown = found.scores
    assert plan.values == (62.0, 55.0, None)
    assert plan.changes == (Change.BETTER, Change.NONE)
    assert pos.changes == (Change.WORSE, Change.NONE)
    assert unknown.values == (None, None, 3.0)
    (rating,) = found.ratings
    assert rating.changes == (Change.BETTER, Change.WORSE)
    assert rating.overall is Change.WORSE


def test_of_one_day_the_order_is_that_in_which_they_are_named(tmp_path) -> None:
    """Rehearsals of one exercise file begin alike; which came first only who names them knows."""
    second = write_debrief(tmp_path / "b.json", 2027)
    second.write_text(second.read_text().replace("SAREX-2027", "A-REHEARSAL"))
    one, other = debrief(tmp_path, 2027), open_debrief(second)
    assert [each.id for each in compare([one, other]).debriefs] == ["SAREX-2027", "A-REHEARSAL"]
    with pytest.raises(SeriesError, match="two debriefs"):
        compare([one, other, one])


def test_open_actions_are_those_that_a_debrief_leaves_open(tmp_path) -> None:
    one = debrief(tmp_path, 2027, corrective_actions=[action("A", "a"), action("B", "b", "closed")])
    found = compare([one, debrief(tmp_path, 2029)])
    assert [[each.id for each in left] for left in found.open_actions] == [["A"], []]


def test_every_measure_of_the_evaluation_guide_has_words_and_the_same_better_way() -> None:
    for measure, name in SCORE_OF.items():
        words = KNOWN[name]
        if words.less_is_better is not None:
            assert words.less_is_better == measure.less_is_better, name
    assert {m for m in Measure if m is not Measure.OBSERVED} == set(SCORE_OF)


@given(st.sampled_from(sorted(KNOWN)), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_better_there_is_worse_back(name: str, before: float, after: float) -> None:
    opposite = {Change.BETTER: Change.WORSE, Change.WORSE: Change.BETTER}
    there, back = score_change(words_of(name), before, after), score_change(words_of(name), after, before)
    assert back is opposite.get(there, there)


def test_no_change_is_the_same_and_nothing_is_no_comparison() -> None:
    words = words_of("pos_achieved")
    assert score_change(words, 0.3, 0.1 + 0.2) is Change.SAME
    assert score_change(words, None, 0.3) is Change.NONE
    assert score_change(words_of("map_inside_50_percent"), 40.0, 60.0) is Change.UNJUDGED
    assert score_change(words_of("of some later version"), 40.0, 60.0) is Change.UNJUDGED


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [("S", "P", Change.BETTER), ("P", "U", Change.WORSE), ("M", "M", Change.SAME), (None, "P", Change.NONE)],
)
def test_p_is_best_and_u_is_worst(before, after, change) -> None:
    assert rating_change(before, after) is change


def test_numbers_are_told_with_unit_sign_and_digits() -> None:
    pos = words_of("pos_achieved")
    assert pos.told(0.8234) == "82.3\u00a0%"
    assert pos.told_change(0.8234, 0.7) == "−12.3"
    assert words_of("hand_overs").told_change(1.0, 3.0) == "+2"
    assert (pos.told(None), pos.told_change(None, 0.5), pos.told_change(0.5, 0.5)) == ("–", "", "")


def test_one_alone_or_the_same_twice_is_told(tmp_path) -> None:
    one = debrief(tmp_path, 2027)
    with pytest.raises(SeriesError, match="cannot be compared"):
        compare([one])
    with pytest.raises(SeriesError, match="Name each exercise once"):
        compare([one, one])
