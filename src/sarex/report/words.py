"""How numbers, times and positions are spelled for sailors; the only place that rounds for reading."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sarex.case.model import Position
from sarex.units import m_to_ft, m_to_nm, mps_to_kt

NBSP = "\u00a0"
"""Between a number and its unit, so that no line ends between them."""
NOTHING_PERCENT = 1e-6
"""What sums of weights are off from 0 and 100 by rounding."""


def percent(probability: float) -> str:
    """A whole percent; one decimal below 10 % and above 99 %, where it matters."""
    value = 100.0 * probability
    if value < NOTHING_PERCENT:
        return f"0{NBSP}%"
    if value < 0.05:
        return f"<{NBSP}0.1{NBSP}%"
    if value < 9.95 or 99.0 < value < 99.95:
        return f"{value:.1f}{NBSP}%"
    return f">{NBSP}99.9{NBSP}%" if 99.95 <= value < 100.0 - NOTHING_PERCENT else f"{value:.0f}{NBSP}%"


def percent_band(low: float, high: float) -> str:
    """Both ends of a band, or one number when they read the same."""
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def degrees_minutes(position: Position) -> str:
    """Latitude and longitude in degrees and minutes to the tenth (about 200 m), as read over the radio."""
    return f"{_angle(position.lat_deg, 2, 'NS')} {_angle(position.lon_deg, 3, 'EW')}"


def _angle(angle_deg: float, digits: int, hemispheres: str) -> str:
    tenths = round(abs(angle_deg) * 600.0)
    whole_deg, tenths = divmod(tenths, 600)
    return f"{whole_deg:0{digits}d}°{tenths // 10:02d}.{tenths % 10}′{hemispheres[angle_deg < 0.0]}"


def nautical_miles(length_m: float) -> str:
    length_nm = m_to_nm(length_m)
    return f"{length_nm:.2f}{NBSP}nm" if length_nm < 10.0 else f"{length_nm:.0f}{NBSP}nm"


def sweep_width(width_m: float) -> str:
    """To the thousandth of a mile below a tenth, where a rounded hundredth would be off by a fifth."""
    width_nm = m_to_nm(width_m)
    return f"{width_nm:.3f}{NBSP}nm" if 0.0 < width_nm < 0.1 else nautical_miles(width_m)


def feet(height_m: float) -> str:
    return f"{m_to_ft(height_m):,.0f}{NBSP}ft"


def knots(speed_mps: float) -> str:
    return f"{mps_to_kt(speed_mps):.0f}{NBSP}kt"


def square_miles(area_m2: float) -> str:
    area_nm2 = area_m2 / 1852.0**2
    return f"{area_nm2:,.0f}{NBSP}nm²" if area_nm2 >= 10.0 else f"{area_nm2:.1f}{NBSP}nm²"


def duration(span: timedelta) -> str:
    """Hours and minutes, or days and whole hours beyond two days; never more than there is."""
    minutes = int(abs(span.total_seconds()) / 60.0 + 0.01)
    if minutes >= 2 * 24 * 60:
        return f"{minutes // 1440}{NBSP}days {minutes % 1440 // 60}{NBSP}h"
    return (
        f"{minutes}{NBSP}min" if minutes < 60 else f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02d}{NBSP}min"
    )


def date_and_time(instant: datetime) -> str:
    moment = _to_minute(instant)
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"


def span(start: datetime, end: datetime) -> str:
    """From when to when, with the date once where one is enough."""
    first, last = _to_minute(start), _to_minute(end)
    if first.date() == last.date():
        return f"{first.day} {first:%b %Y}, {first:%H:%M} to {last:%H:%M} UTC"
    return f"{first.day} {first:%b %Y %H:%M} to {last.day} {last:%b %Y %H:%M} UTC"


class Clock:
    """Times of day for tables: bare while the whole plan lies in one day, else with the day before them."""

    def __init__(self, instants: Sequence[datetime]) -> None:
        days = {_to_minute(instant).date() for instant in instants}
        self._only_day = days.pop() if len(days) == 1 else None

    def __call__(self, instant: datetime) -> str:
        moment = _to_minute(instant)
        return f"{moment:%H:%M}" if moment.date() == self._only_day else f"{_day(moment)} {moment:%H:%M}"

    def between(self, start: datetime, end: datetime) -> str:
        """Both instants, the day once where one is enough."""
        if _to_minute(start).date() == _to_minute(end).date():
            return f"{self(start)} to {_to_minute(end):%H:%M}"
        return f"{self(start)} to {self(end)}"

    def to_second(self, instant: datetime) -> str:
        moment = _to_second(instant)
        if moment.date() == self._only_day:
            return f"{moment:%H:%M:%S}"
        return f"{_day(moment)} {moment:%H:%M:%S}"


def _day(moment: datetime) -> str:
    return f"{moment.day}{NBSP}{moment:%b}"


def _to_minute(instant: datetime) -> datetime:
    """The minute that a clock shows; a hair before a full minute counts as that minute."""
    return _to_second(instant).replace(second=0)


def _to_second(instant: datetime) -> datetime:
    return (instant.astimezone(UTC) + timedelta(milliseconds=500)).replace(microsecond=0)


def joined(items: Sequence[str]) -> str:
    """One, two and three."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
