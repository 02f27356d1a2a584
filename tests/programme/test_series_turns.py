"""The next exercise: when, by whom, and what it takes over."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from made_series import SERIES
from sarex.errors import SeriesError
from sarex.exercise.file.schema import CorrectiveActionTable
from sarex.programme.door import open_sample, series_from_text
from sarex.programme.model import Days, Rule, Series, Status
from sarex.programme.toml_text import series_to_text
from sarex.programme.turns import proposal_to_text, propose, with_proposal

SERIES_NOW = series_from_text(SERIES, name="x")
TODAY = date(2027, 6, 1)


def years(series: Series, today: date, years_on: int | None = None) -> int:
    return propose(series, today, years_on).exercise.days.year


@pytest.mark.parametrize(
    ("today", "years_on", "year"),
    [
        (date(2017, 12, 1), None, 2019),  # two years after the last
        (date(2017, 12, 1), 1, 2018),
        (date(2026, 11, 23), None, 2027),  # the first of the odd years ahead
        (date(2027, 1, 1), None, 2029),  # a year of which no day is known has begun
        (date(2026, 11, 23), 1, 2027),
        (date(2026, 11, 23), 4, 2029),  # 2017 + 3 * 4
    ],
)
def test_the_sample_goes_on_in_step(today: date, years_on: int | None, year: int) -> None:
    assert years(open_sample(), today, years_on) == year


def test_what_is_carried_overdue_is_said_to_be() -> None:
    assert "# overdue: it was due on 2026-03-31" in proposal_to_text(propose(SERIES_NOW, TODAY))
    assert "overdue" not in proposal_to_text(propose(SERIES_NOW, date(2026, 3, 31)))


def test_known_days_keep_their_weekday_and_length() -> None:
    proposal = propose(SERIES_NOW, TODAY)
    days = proposal.exercise.days
    assert days.first is not None
    assert days.last is not None
    assert date(2027, 5, 11).weekday() == days.first.weekday() == 1
    assert abs(days.first - date(2029, 5, 11)).days <= 3
    assert (days.last - days.first).days == 1


def test_29_february_becomes_the_28th() -> None:
    leap = Days(2028, date(2028, 2, 29), date(2028, 2, 29))
    last = replace(SERIES_NOW.exercises[-1], days=leap)
    series = replace(SERIES_NOW, exercises=(SERIES_NOW.exercises[0], last))
    first = propose(series, date(2028, 3, 1), 1).exercise.days.first
    assert first is not None
    assert abs(first - date(2029, 2, 28)).days <= 3
    assert first.weekday() == 1


def test_hosts_alternate_however_often_it_is_planned() -> None:
    series = SERIES_NOW
    for _ in range(6):
        series = with_proposal(series, propose(series, TODAY))
        series = replace(series, exercises=tuple(replace(e, status=Status.HELD) for e in series.exercises))
    assert [each.host for each in series.exercises] == ["KR", "JP", "KR", "JP", "KR", "JP", "KR", "JP"]


def test_turns_are_counted_on_through_exercises_of_unknown_host() -> None:
    unknown = replace(SERIES_NOW.exercises[-1], host=None)
    series = replace(SERIES_NOW, exercises=(SERIES_NOW.exercises[0], unknown))
    assert propose(series, TODAY).turn.host == "KR"  # KR, (JP), KR


def test_without_any_host_the_first_in_order_is_only_a_proposal() -> None:
    turn = propose(open_sample(), TODAY).turn
    assert turn.host == "JP"
    assert "agree" in turn.why


def test_what_was_agreed_goes_before_the_rule_and_is_used_once() -> None:
    hosts = replace(SERIES_NOW.hosts, next="JP")
    series = replace(SERIES_NOW, hosts=hosts)
    proposal = propose(series, TODAY)
    assert proposal.exercise.host == "JP"
    assert with_proposal(series, proposal).hosts.next is None


def test_where_hosts_are_agreed_each_time_none_is_proposed() -> None:
    series = replace(SERIES_NOW, hosts=replace(SERIES_NOW.hosts, rule=Rule.AGREED))
    assert propose(series, TODAY).exercise.host is None


def test_open_actions_are_in_the_next_exercise_and_in_the_snippet() -> None:
    proposal = propose(SERIES_NOW, TODAY)
    assert [each.id for each in proposal.carried] == ["CA-1"]
    written = tomllib.loads(proposal_to_text(proposal))
    (action,) = written["corrective_action"]
    CorrectiveActionTable.model_validate(action)  # the exercise file takes it as it is
    assert (action["id"], action["owner"]) == ("CA-1", "RCC Japan")
    assert action["due"].isoformat() == "2026-03-31T00:00:00+00:00"
    assert written["exercise"][0]["id"] == "SAREX-2029"


def test_what_is_planned_is_not_planned_again() -> None:
    once = with_proposal(SERIES_NOW, propose(SERIES_NOW, TODAY))
    again = propose(once, TODAY)
    assert again.planned_already
    assert again.exercise.id == "SAREX-2029"
    assert with_proposal(once, again) == once
    assert [each.id for each in again.carried] == ["CA-1"]


def test_a_yearly_visit_is_proposed_in_turn_until_it_is_planned() -> None:
    (visit,) = propose(SERIES_NOW, TODAY).meetings
    assert (visit.id, visit.days.year, visit.host, visit.keeps) == ("visits-2028", 2028, "KR", "visits")
    assert propose(with_proposal(SERIES_NOW, propose(SERIES_NOW, TODAY)), TODAY).meetings == ()


def test_the_entry_fits_into_the_file() -> None:
    after = with_proposal(SERIES_NOW, propose(SERIES_NOW, TODAY))
    assert series_from_text(series_to_text(after), name="x") == after


def test_beyond_the_last_year_is_told() -> None:
    last = replace(SERIES_NOW.exercises[-1], days=Days(2150))
    with pytest.raises(SeriesError, match="years end at 2150"):
        propose(replace(SERIES_NOW, exercises=(last,), actions=()), TODAY)
