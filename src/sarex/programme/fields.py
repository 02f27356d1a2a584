"""The kinds of values in a series file that a case file does not know, each with its check."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator

from sarex.case.fields import Whole, between, fault, one_of
from sarex.case.wording import shown
from sarex.programme.model import RATINGS, Rule, Status

_FIRST_YEAR, _LAST_YEAR = 1950, 2150
_LONGEST_TEXT = 2000
_SPACES = re.compile(r"[\n\u00a0\u202f\u3000]")
"""Line breaks, and the spaces of well-set texts: a debrief writes "5 min" with one that does not break."""
_ID = re.compile(r"""[^\s"']{1,80}""")


def _long_text(text: str) -> str:
    if not text.strip():
        raise fault("is empty. Write a text, or leave it out where it may be left out.")
    if len(text) > _LONGEST_TEXT:
        raise fault(f"has {len(text)} characters; at most {_LONGEST_TEXT} fit. Shorten it.")
    if not _SPACES.sub(" ", text).isprintable():
        raise fault(f"is {shown(text)}; only line breaks are allowed among control characters. Remove them.")
    return text.strip()


def _id(text: str) -> str:
    if _ID.fullmatch(text) and text.isprintable():
        return text
    raise fault(
        f"is {shown(text)}; an id is up to 80 letters, digits and signs without spaces or quotes. "
        'Write for example "SAREX-2027".'
    )


def _day(given: object) -> date:
    day = _parsed(given) if isinstance(given, str) else given
    if isinstance(day, datetime):
        raise fault(
            f"is {shown(day)}; a day without a time of day is expected. Write {day.date().isoformat()}."
        )
    if not isinstance(day, date):
        raise fault(f"is {shown(given)}; a day is expected. Write for example 2027-05-11.")
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise fault(
            f"is {shown(day)}; the year must lie between {_FIRST_YEAR} and {_LAST_YEAR}. Correct the year."
        )
    return day


def _parsed(text: str) -> object:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


LongText = Annotated[str, Field(strict=True), AfterValidator(_long_text)]
Id = Annotated[str, Field(strict=True), AfterValidator(_id)]
Day = Annotated[date, PlainValidator(_day)]
Year = Annotated[Whole, between(_FIRST_YEAR, _LAST_YEAR, "", "Write the year with four digits.")]
EveryYears = Annotated[Whole, between(1, 20, " years", "Write 1 for every year, 2 for every other.")]
Rating = Annotated[str, Field(strict=True), one_of(*RATINGS)]
StatusWord = Annotated[str, Field(strict=True), one_of(*Status)]
RuleWord = Annotated[str, Field(strict=True), one_of(*Rule)]
