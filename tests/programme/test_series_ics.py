"""The calendar, read by a reader of its own and by the letter of RFC 5545."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from icalendar import Calendar

import made_series
from made_series import SERIES
from sarex.errors import SeriesError
from sarex.programme.door import open_sample, series_from_text
from sarex.programme.ics import series_to_ics
from sarex.programme.model import Series
from sarex.programme.record import close_action

NOW = series_from_text(SERIES, name="x")


def events(series: Series) -> dict[str, dict[str, str]]:
    """Summary to properties, by unfolding lines as RFC 5545, section 3.1, says, without any library."""
    unfolded = series_to_ics(series).replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in unfolded:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            found[-1][name] = value
    return {event["SUMMARY"]: event for event in found}


def test_the_days_of_an_exercise_end_the_day_after() -> None:
    event = events(NOW)["SAREX 2027"]
    assert event["DTSTART;VALUE=DATE"] == "20270511"
    assert event["DTEND;VALUE=DATE"] == "20270513"
    assert event["LOCATION"] == "north of the Oki Islands"
    assert event["TRANSP"] == "OPAQUE"


def test_what_has_only_a_year_fills_it_without_taking_time_and_says_so() -> None:
    event = events(NOW)["SAREX 2025 (days not recorded)"]
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20250101", "20260101")
    assert event["TRANSP"] == "TRANSPARENT"


def test_meetings_promises_and_due_dates_are_in_it() -> None:
    found = events(NOW)
    assert found["Visit (days not recorded)"]["DTSTART;VALUE=DATE"] == "20270101"
    assert found["Agreed: Visit each other every year"]["DTSTART;VALUE=DATE"] == "20260130"
    assert found["Due: Agree one format for positions"]["DTSTART;VALUE=DATE"] == "20260331"
    assert len(found) == 5  # what is closed and had no date is not


def test_stamps_come_from_the_file_and_uids_from_the_ids() -> None:
    first = events(NOW)
    assert {event["DTSTAMP"] for event in first.values()} == {"20270601T000000Z"}
    assert series_to_ics(NOW) == series_to_ics(series_from_text(SERIES, name="y"))
    later = close_action(NOW, "CA-1", "SAREX-2027").revised_at(datetime(2027, 7, 1, tzinfo=UTC))
    changed = events(later)
    due = first["Due: Agree one format for positions"]["UID"]
    assert changed["Closed by SAREX-2027: Agree one format for positions"]["UID"] == due
    assert {event["UID"] for event in changed.values()} == {event["UID"] for event in first.values()}
    assert len({event["UID"] for event in first.values()}) == len(first)


def test_lines_are_folded_and_end_as_the_rfc_wants() -> None:
    long = replace(NOW, exercises=tuple(replace(e, title="海難救助 " * 20) for e in NOW.exercises))
    text = series_to_ics(long)
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n", text)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_sample_is_a_calendar() -> None:
    found = events(open_sample())
    assert sum(name.startswith("SAREX") for name in found) == 10
    assert sum(event["DTSTART;VALUE=DATE"] == "20260130" for event in found.values()) == 3


@given(made_series.series())
def test_any_series_is_read_back(series: Series) -> None:
    read = Calendar.from_ical(series_to_ics(series))
    starts = sorted(event.decoded("dtstart") for event in read.walk("VEVENT"))
    wanted = [each.days.first or date(each.days.year, 1, 1) for each in (*series.exercises, *series.meetings)]
    wanted += [each.made for each in series.commitments if each.made is not None]
    wanted += [each.due for each in series.actions if each.due is not None]
    assert starts == sorted(wanted)


def test_an_empty_series_has_no_calendar() -> None:
    empty = replace(NOW, exercises=(), meetings=(), commitments=(), actions=())
    with pytest.raises(SeriesError, match="nothing with a date"):
        series_to_ics(empty)
