"""Instants are aware and UTC, or refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.clock import from_posix_s, iso_z, to_posix_s


def test_a_known_instant() -> None:
    """1,000,000,000 s after the epoch was 2001-09-09T01:46:40Z."""
    assert to_posix_s(datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)) == 1e9
    assert iso_z(from_posix_s(1e9)) == "2001-09-09T01:46:40Z"


def test_another_zone_means_the_same_instant() -> None:
    japan = timezone(timedelta(hours=9))
    assert iso_z(datetime(2026, 5, 1, 15, 0, tzinfo=japan)) == "2026-05-01T06:00:00Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_posix_s(datetime(2026, 5, 1))  # noqa: DTZ001


@given(st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_there_and_back(instant) -> None:
    assert abs(from_posix_s(to_posix_s(instant)) - instant) < timedelta(microseconds=2)
    assert datetime.fromisoformat(iso_z(instant)).microsecond == 0
