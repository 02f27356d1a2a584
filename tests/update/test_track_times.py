"""Logs in local time are recognised by the search that they do not fit."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sarex.case.model import SearchWindow
from sarex.errors import PlanError
from sarex.update.model import RecordedTrack
from sarex.update.on_scene import PlannedTask
from sarex.update.track_times import in_its_time

BEGIN = datetime(2026, 5, 1, 3, tzinfo=UTC)
WINDOW = SearchWindow(BEGIN, BEGIN + timedelta(hours=12))
PLANNED = (
    PlannedTask(
        "Ship", (BEGIN + timedelta(hours=1)).timestamp(), (BEGIN + timedelta(hours=3)).timestamp(), {}
    ),
)


def recorded(after_h, length_h=2.5, lon_deg=135.0):
    begin_s = (BEGIN + timedelta(hours=after_h)).timestamp()
    time_s = begin_s + np.linspace(0.0, length_h * 3600.0, 50)
    lonlat = np.column_stack([np.full(50, lon_deg), np.linspace(37.0, 37.2, 50)])
    return RecordedTrack("Ship", time_s, lonlat, None, None, ())


def test_a_track_of_its_time_is_left_as_it_is() -> None:
    track = recorded(0.8)
    assert in_its_time(track, WINDOW, PLANNED) is track
    assert in_its_time(recorded(8.0), WINDOW).remarks == ()


@pytest.mark.parametrize(("ahead_h", "spelt"), [(14, "+14"), (-9, "-9")])
def test_a_track_outside_the_window_is_asked_for_its_clock(ahead_h, spelt) -> None:
    with pytest.raises(PlanError, match="wholly outside the search window") as refused:
        in_its_time(recorded(0.8 + ahead_h), WINDOW, PLANNED)
    assert f"Are these local times ({spelt} h)?" in str(refused.value)


def test_without_a_plan_the_zone_of_the_place_is_meant() -> None:
    with pytest.raises(PlanError, match=r"local times \(\+9 h\).*\(\+09:00\)"):
        in_its_time(recorded(12.5), WINDOW)


def test_a_track_of_another_day_fits_no_clock() -> None:
    with pytest.raises(PlanError, match="no shift by whole hours"):
        in_its_time(recorded(80.0), WINDOW, PLANNED)


def test_within_the_window_but_not_when_planned_it_is_remarked() -> None:
    (remark,) = in_its_time(recorded(0.8 + 9.0), WINDOW, PLANNED).remarks
    assert "outside the planned time on scene" in remark
    assert "(+9 h)" in remark
