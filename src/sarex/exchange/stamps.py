"""Times in files: ISO 8601, UTC, with as many digits as the reader needs."""

from datetime import UTC, datetime, timedelta

from sarex.clock import to_posix_s

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rounded_to_ms(instant: datetime) -> datetime:
    """The instant to the nearest millisecond: at 180 kt a second is 93 m, a millisecond 9 cm."""
    return _EPOCH + timedelta(milliseconds=round(to_posix_s(instant) * 1000.0))


def iso_ms_z(instant: datetime) -> str:
    """ISO 8601 in UTC to the millisecond, for leg times, so that legs join without a gap."""
    return rounded_to_ms(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")
