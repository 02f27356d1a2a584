"""UTC only: aware datetimes at the doors, POSIX seconds in arrays."""

from datetime import UTC, datetime


def to_posix_s(instant: datetime) -> float:
    """Seconds since 1970-01-01T00:00Z of an aware datetime.

    Raises:
        ValueError: the datetime has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; Sarex keeps time in UTC only")
    return instant.timestamp()


def from_posix_s(posix_s: float) -> datetime:
    """The aware UTC datetime of a POSIX time."""
    return datetime.fromtimestamp(posix_s, tz=UTC)


def iso_z(instant: datetime) -> str:
    """ISO 8601 in UTC to the second, with the Z that the file contracts use."""
    rounded = datetime.fromtimestamp(round(to_posix_s(instant)), tz=UTC)
    return rounded.strftime("%Y-%m-%dT%H:%M:%SZ")
