"""The kinds of values in an exercise file that a case file does not know, each with its check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sarex.case.fields import Instant, Number, ShortText, Whole, above_zero, between, fault, one_of
from sarex.case.wording import shown, suggestion
from sarex.exercise.model import LANGUAGES, Kind, Measure, Part

LONGEST_TEXT = 4000
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_SPACES = re.compile(r"[\n\u00a0\u202f\u3000]")
"""Line breaks, and the spaces of well-set texts."""
_OFFSET = re.compile(r"T\s*(?P<sign>[+-])\s*(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)")
_TEXT_EXAMPLE = '{ en = "Found", ja = "発見", ko = "발견" }'


@dataclass(frozen=True)
class SaidInEvery:
    """One text that stands for all languages of the exercise."""

    text: str


Said = SaidInEvery | dict[str, str]
"""A text as it is given: one for every language, or by language."""


def _said(given: object) -> Said:
    if isinstance(given, str):
        return SaidInEvery(_checked_text("", given))
    if not isinstance(given, Mapping) or not given:
        raise fault(
            f"is {shown(given)}; a text, or one for each language, is expected. "
            f"Write for example {_TEXT_EXAMPLE}."
        )
    for language in given:
        if language not in LANGUAGES:
            raise fault(
                f"has a text in {shown(language)}, which is not a known language. "
                f"{suggestion(str(language), LANGUAGES)}"
            )
    return {language: _checked_text(f" in {language}", given[language]) for language in given}


def _checked_text(where: str, text: object) -> str:
    """A text without control characters other than line breaks, trimmed."""
    if not isinstance(text, str):
        raise fault(f"is {shown(text)}{where}; a text is expected. Put it in quotes.")
    if not text.strip():
        raise fault(f"is empty{where}. Write a text.")
    if len(text) > LONGEST_TEXT:
        raise fault(f"has {len(text)} characters{where}; at most {LONGEST_TEXT} fit. Shorten it.")
    if not _SPACES.sub(" ", text).isprintable():
        raise fault(f"holds control characters{where}; only line breaks are allowed. Remove them.")
    return text.strip()


def _moment(given: object) -> datetime | timedelta:
    """A time since StartEx ("T+00:20"), or an absolute one."""
    if not isinstance(given, str):
        return _absolute(given)
    offset = _OFFSET.fullmatch(given.strip().upper())
    if offset is not None:
        since = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return -since if offset["sign"] == "-" else since
    if given.strip()[:1].upper() == "T":
        raise fault(
            f"is {shown(given)}; a time since StartEx is hours and minutes. Write for example "
            'at = "T+00:20" for twenty minutes after StartEx.'
        )
    return _absolute(given)


def _absolute(given: object) -> datetime:
    """As any time of a case file; the sentence tells of both forms."""
    try:
        return _INSTANT.validate_python(given)
    except ValidationError as invalid:
        said: PydanticCustomError | Any = invalid.errors(include_url=False)[0]["msg"]
        raise fault(f'{said} Or count from StartEx, as in at = "T+00:20".') from None


def _case_source(given: object) -> str | dict[str, Any]:
    """The name of a case file, or a whole case as a log keeps it."""
    if isinstance(given, str) and given.strip() and "\0" not in given:
        return given
    if isinstance(given, Mapping):
        return dict(given)
    raise fault(f'is {shown(given)}; the name of a case file is expected. Write for example "case.toml".')


def _code(word: str) -> str:
    if word == word.strip() and " " not in word:
        return word
    raise fault(
        f'is {shown(word)}; an id has no spaces. Write for example "{word.strip().replace(" ", "-")}".'
    )


Text = Annotated[SaidInEvery | dict[str, str], PlainValidator(_said)]
Moment = Annotated[datetime | timedelta, PlainValidator(_moment)]
CaseSource = Annotated[str | dict[str, Any], PlainValidator(_case_source)]
Id = Annotated[ShortText, AfterValidator(_code)]
KindWord = Annotated[str, Field(strict=True), one_of(*Kind)]
PartWord = Annotated[str, Field(strict=True), one_of(*Part)]
MeasureWord = Annotated[str, Field(strict=True), one_of(*Measure)]
LanguageWord = Annotated[str, Field(strict=True), one_of(*LANGUAGES)]
Minutes = Annotated[
    Number, above_zero(20_160.0, " minutes", "Give it in minutes; an exercise lasts 14 days at most.")
]
MinutesFromNought = Annotated[
    Number, between(0.0, 20_160.0, " minutes", "Give it in minutes; an exercise lasts 14 days at most.")
]
Threshold = Annotated[Number, between(0.0, 100_000.0, "", "Give it in the unit of its measure.")]
Persons = Annotated[Whole, between(0, 10_000, "", "Give the number of persons in the object's care.")]
MovedNm = Annotated[Number, above_zero(200.0, " nautical miles", "Give how far the object is moved.")]
Credibility = Annotated[
    Number, between(0.0, 1.0, "", "Give how far the sighting is believed, such as 0.5 for half.")
]
EFFECT_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "danger-area-opens": (("area",), ()),
    "unit-breaks-down": (("unit",), ("lasts_min",)),
    "radio-dies": (("unit",), ("lasts_min",)),
    "object-capsizes": (("type",), ()),
    "object-moves": (("toward_deg", "distance_nm"), ()),
    "players-learn": (("case",), ()),
    "false-sighting": (("unit", "error_nm", "credibility"), ("position", "withdrawn_after_min")),
}
"""Per kind of effect the keys that it needs, and those that it may have."""
EffectWord = Annotated[str, Field(strict=True), one_of(*EFFECT_KEYS)]
