"""The kinds of values in a case file, each with its check and the sentence that it fails with.

Limits are limits of the plausible; they catch slips of the finger and of the unit.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError

from sarex.case.model import Light, Objective, Position, UnitKind
from sarex.case.positions import NotAPositionError, position_of
from sarex.case.wording import near, shown, suggestion
from sarex.tables import leeway_classes

PLACE_KEYS = ("lon", "lat", "at")
LEEWAY_WINDS = ("over-water", "over-ground")
FARTHEST_NM = 500.0
"""No flare is seen and no direction finder on the water or in the air hears farther."""
SENSORS = ("visual", "electro-optical", "infrared", "night-vision", "radar")
WIDEST_TURN_M = 50_000.0


def fault(predicate: str) -> PydanticCustomError:
    """An error whose text continues a sentence that begins with the field."""
    return PydanticCustomError("sarex", "{predicate}", {"predicate": predicate})


def between(low: float, high: float, unit: str, remedy: str) -> AfterValidator:
    """A number from `low` to `high`, both included."""

    def check(value: float) -> float:
        if low <= value <= high:
            return value
        raise fault(f"is {shown(value)}; it must lie between {shown(low)} and {shown(high)}{unit}. {remedy}")

    return AfterValidator(check)


def above_zero(high: float, unit: str, remedy: str) -> AfterValidator:
    """A number above zero, at most `high`."""

    def check(value: float) -> float:
        if 0.0 < value <= high:
            return value
        raise fault(f"is {shown(value)}; it must be more than 0 and at most {shown(high)}{unit}. {remedy}")

    return AfterValidator(check)


def _sensor(word: str) -> str:
    if word in SENSORS:
        return word
    raise fault(f"is {shown(word)}; a sensor is one of {', '.join(SENSORS)}. {suggestion(word, SENSORS)}")


def _leeway_key(word: str) -> str:
    """A leeway class; an unknown one is answered with those of a like key or a fitting description."""
    classes = leeway_classes()
    if word in classes:
        return word
    described = [
        key for key, known in classes.items() if word and word.casefold() in known.description.casefold()
    ]
    alike = near(word, classes, at_most=3)
    likely = [key for key in classes if key in {*alike, *described[:5]}][:5]
    meant = f" Did you mean {' or '.join(likely)}?" if likely else ""
    raise fault(
        f"is {shown(word)}, which is not one of the {len(classes)} leeway classes.{meant} "
        "Run sarex objects to see them all."
    )


def _printable(longest: int) -> AfterValidator:
    def check(text: str) -> str:
        if not text.strip():
            raise fault("is empty. Write a short text.")
        if len(text) > longest:
            raise fault(f"has {len(text)} characters; at most {longest} fit. Shorten it.")
        if not text.isprintable():
            raise fault(f"is {shown(text)}; line breaks and control characters are not allowed. Remove them.")
        return text

    return AfterValidator(check)


def _instant(given: object) -> datetime:
    moment = _parsed(given) if isinstance(given, str) else given
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise fault(
                f"is {shown(moment)}, without a time zone; times are UTC. "
                f"Write {moment.isoformat()}Z, or give the offset as in {moment.isoformat()}+09:00."
            )
        return _utc(moment)
    if isinstance(moment, date):
        raise fault(
            f"is {shown(moment)}, a date without a time. Write for example {moment.isoformat()}T12:00:00Z."
        )
    raise fault(f"is {shown(given)}; a time is expected. Write for example 2015-11-16T12:00:00Z.")


def _utc(moment: datetime) -> datetime:
    if not 1950 <= moment.year <= 2150:
        raise fault(f"is {shown(moment)}; the year must lie between 1950 and 2150. Correct the year.")
    return moment.astimezone(UTC)


def _parsed(text: str) -> object:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _position(given: object) -> Position:
    try:
        return position_of(given)
    except NotAPositionError as wrong:
        raise fault(str(wrong)) from None


def place_apart(remedy: str) -> Callable[[object], object]:
    """Gathers `lon` and `lat`, or `at`, of a table under `place`; `remedy` says what to write instead."""

    def apart(given: object) -> object:
        if not isinstance(given, dict):
            raise fault(f"is {shown(given)}; {remedy}")
        rest = {key: value for key, value in given.items() if key not in PLACE_KEYS}
        return {"place": {key: value for key, value in given.items() if key in PLACE_KEYS}, **rest}

    return apart


def _range_nm(given: list[float]) -> list[float]:
    if len(given) != 2 or not 0.0 <= given[0] < given[1] <= FARTHEST_NM:
        raise fault(
            f"is {shown(given)}; the nearest and the farthest distance are expected, in order, between 0 and "
            f"{FARTHEST_NM:g} nautical miles. Write for example range_nm = [2, 12]."
        )
    return given


def one_of(*words: str) -> AfterValidator:
    """One of a few words."""

    def check(word: str) -> str:
        if word in words:
            return word
        raise fault(f"is {shown(word)}; it is one of {', '.join(words)}. {suggestion(word, words)}")

    return AfterValidator(check)


def _recall(value: float) -> float:
    if 0.0 <= value < 1.0:
        return value
    raise fault(
        f"is {shown(value)}; it must be at least 0 and less than 1, for no look is certain. "
        "Write for example 0.6."
    )


def _probability(value: float) -> float:
    if 0.0 < value < 1.0:
        return value
    raise fault(f"is {shown(value)}; it must lie between 0 and 1, both excluded. Write for example 0.3.")


def _kind(word: str) -> str:
    kinds = tuple(kind.value for kind in UnitKind)
    if word in kinds:
        return word
    if word.casefold().startswith("satellite"):
        raise fault(
            f"is {shown(word)}; satellites cannot be sent anywhere. Write each of their looks under "
            "[[satellite_look]]."
        )
    raise fault(f"is {shown(word)}; a unit is one of {', '.join(kinds)}. {suggestion(word, kinds)}")


def _nation(code: str) -> str:
    if len(code) == 2 and code.isascii() and code.isalpha() and code.isupper():
        return code
    meant = code.upper() if len(code) == 2 and code.isascii() and code.isalpha() else "JP"
    raise fault(
        f'is {shown(code)}; a nation is two capital letters (ISO 3166). Write for example nation = "{meant}".'
    )


def _list_of_forcing(given: object) -> object:
    return given if isinstance(given, list) else [given]


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
ShortText = Annotated[str, Field(strict=True), _printable(120)]
Instant = Annotated[datetime, PlainValidator(_instant)]
Place = Annotated[Position, PlainValidator(_position)]
LeewayKey = Annotated[str, Field(strict=True), AfterValidator(_leeway_key)]
Weight = Annotated[Number, above_zero(1e6, "", "Give a share such as 0.7, or leave the entry out.")]
ErrorNm = Annotated[
    Number,
    above_zero(
        200.0, " nautical miles", "It is the radius that holds the true position with 50 %; give it as known."
    ),
]
ObserverErrorNm = Annotated[
    Number, between(0.0, 50.0, " nautical miles", "It is the probable error of the observer's own position.")
]
FileName = Annotated[str, Field(strict=True), _printable(4096)]
SweepWidthNm = Annotated[
    Number,
    above_zero(
        60.0, " nautical miles", "Give the width as measured, or leave the class out where it is not known."
    ),
]
SpeedKt = Annotated[Number, above_zero(700.0, " knots", "Give the speed in knots.")]
HeightFt = Annotated[Number, between(0.0, 100_000.0, " feet", "Give the height above the sea in feet.")]
Kind = Annotated[str, Field(strict=True), AfterValidator(_kind)]
Nation = Annotated[str, Field(strict=True), AfterValidator(_nation)]
Sensor = Annotated[str, Field(strict=True), AfterValidator(_sensor)]
ForcingList = Annotated[list[Any], BeforeValidator(_list_of_forcing)]
EnduranceH = Annotated[Number, above_zero(10_000.0, " hours", "Give it in hours, way home included.")]
Seed = Annotated[Whole, between(0, 2**63 - 1, "", "Any whole number that is not negative will do.")]
EyeHeightFt = Annotated[
    Number, between(3.0, 200.0, " feet", "Give the lookout's height of eye above the sea in feet.")
]
TurnRadiusM = Annotated[
    Number, between(0.0, WIDEST_TURN_M, " metres", "Give the radius of its turns at search speed in metres.")
]
VisibilityNm = Annotated[
    Number,
    between(
        0.1, 30.0, " nautical miles", "The sweep-width tables end at 30; write 30 where one sees farther."
    ),
]
WaveHeightFt = Annotated[Number, between(0.0, 70.0, " feet", "Give the significant wave height in feet.")]
WindKt = Annotated[Number, between(0.0, 150.0, " knots", "Give the wind on scene in knots.")]
Particles = Annotated[Whole, between(100, 20_000_000, "", "20000 is usual.")]
Percent = Annotated[Number, between(0.0, 100.0, " percent", "4 is the published value.")]
Refloating = Annotated[
    Number, between(0.0, 100.0, " percent", "Write 0 where what has stranded stays ashore.")
]
RightPercent = Annotated[Number, between(0.0, 100.0, " percent", "50 is usual.")]
CurrentErrorMps = Annotated[Number, between(0.0, 2.0, " m/s", "0.284 is usual.")]
CurrentErrorGrowth = Annotated[Number, between(0.0, 2.0, "", "0.452 is usual.")]
LeewayWind = Annotated[str, Field(strict=True), one_of(*LEEWAY_WINDS)]
BearingDeg = Annotated[Number, between(0.0, 360.0, " degrees", "Give the true direction.")]
BearingErrorDeg = Annotated[
    Number, above_zero(45.0, " degrees", "It is the standard deviation of the bearing; 3 is a fair compass.")
]
RangeNm = Annotated[list[Number], AfterValidator(_range_nm)]
Probability = Annotated[Number, AfterValidator(_probability)]
Realizations = Annotated[Whole, between(2, 200, "", "Give the number of the ensemble's members.")]
WindErrorMps = Annotated[Number, between(0.0, 15.0, " m/s", "2.0 is usual.")]
ErrorMemoryH = Annotated[Number, above_zero(1000.0, " hours", "10.3 is usual.")]
LightWord = Annotated[str, Field(strict=True), one_of(*Light)]
ObjectiveWord = Annotated[str, Field(strict=True), one_of(*Objective)]
Sorties = Annotated[
    Whole, between(1, 50, "", "Give how often it may go out inside the window; 1 where it goes once.")
]
TurnaroundH = Annotated[
    Number, between(0.0, 240.0, " hours", "Give the time between its return and its next departure.")
]
TurnRateDegPerS = Annotated[
    Number, between(0.1, 60.0, " degrees per second", "3 is the standard rate of aircraft.")
]
BankDeg = Annotated[Number, between(5.0, 60.0, " degrees", "25 is usual.")]
TacticalDiameterM = Annotated[
    Number, between(2.0, 5_000.0, " metres", "Give it in metres; its half is taken as the radius of turn.")
]
DraughtM = Annotated[Number, above_zero(30.0, " metres", "Give the draught in metres.")]
DepthM = Annotated[
    Number, between(0.0, 100.0, " metres", "Give the least depth in metres; no craft draws more than 30.")
]
MostWindKt = Annotated[
    Number, above_zero(150.0, " knots", "Leave it out where no wind keeps the unit in port.")
]
MostWaveFt = Annotated[Number, above_zero(70.0, " feet", "Leave it out where no sea keeps the unit in port.")]
Recall = Annotated[Number, AfterValidator(_recall)]
WaterTemperatureC = Annotated[
    Number, between(-2.0, 40.0, " degrees Celsius", "Give the temperature of the water in degrees Celsius.")
]
