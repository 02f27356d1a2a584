"""What a debrief says, as values: no words of any language but those of the exercise itself.

Room `report` says it in English, Japanese or Korean; the series compares it from year to year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sarex.case.model import Case, DangerArea, Position
from sarex.environment.model import Environment
from sarex.exercise.model import Exercise, Inject
from sarex.exercise.path import TruePath
from sarex.exercise.review.ratings import EarlierAction, Proposal, Rating
from sarex.probability.map import Contour


class Step(StrEnum):
    """What has to happen after an alert, in this order (IAMSAR volume II, stages of a SAR operation)."""

    ALERT = "alert"
    COORDINATOR = "coordinator"
    SITREP = "sitrep"
    PLAN = "plan"
    UNDER_WAY = "under-way"
    ON_SCENE = "on-scene"
    DETECTION = "detection"
    RECOVERY = "recovery"
    TRIAGE = "triage"


@dataclass(frozen=True)
class Milestone:
    """When a step was first done."""

    step: Step
    at: datetime | None
    """None where it was not done before the log ended."""
    after: timedelta | None
    """Since the alert."""
    by: str
    """Unit, role or nation; empty where not done."""


class InjectStatus(StrEnum):
    """What became of a row of the master scenario events list."""

    PLANNED = "planned"
    """Not yet due when the log ended."""
    DELIVERED = "delivered"
    """Nobody was asked to answer."""
    ACKNOWLEDGED = "acknowledged"
    """By everybody that it went to, in time."""
    LATE = "late"
    """By everybody, but by somebody after the time for it."""
    MISSED = "missed"
    """Somebody that it went to never answered."""
    SKIPPED = "skipped"
    WAITING = "waiting"
    """Asked for an answer, and the log ended inside the time for it."""


@dataclass(frozen=True)
class InjectRow:
    inject: Inject
    status: InjectStatus
    delivered_at: datetime | None
    acknowledged: Mapping[str, datetime]
    """By role."""

    @property
    def acknowledged_at(self) -> datetime | None:
        """When the last of them answered; None where one did not."""
        if not self.acknowledged or set(self.inject.to) - set(self.acknowledged):
            return None
        return max(self.acknowledged.values())


@dataclass(frozen=True)
class Latency:
    """How long messages between two nations, or injects to one, waited for an acknowledgement."""

    sender: str
    """Code of a nation; empty for exercise control and for those outside the exercise."""
    receiver: str
    injects: bool
    """Whether these are injects; else messages of the players."""
    waits: tuple[timedelta, ...]
    """Of all that were sent, shortest first; of one that nobody answered until now, or until the end."""
    unanswered: int = 0

    @property
    def between_nations(self) -> bool:
        """Whether these are messages from one nation to another."""
        return not self.injects and bool(self.sender and self.receiver) and self.sender != self.receiver

    @property
    def sent(self) -> int:
        return len(self.waits)

    @property
    def acknowledged(self) -> int:
        return self.sent - self.unanswered

    @property
    def median(self) -> timedelta | None:
        return median(self.waits)


def median(waits: Sequence[timedelta]) -> timedelta | None:
    """The middle one, or midway between the two; None of none."""
    told, middle = sorted(waits), len(waits) // 2
    if not told:
        return None
    return told[middle] if len(told) % 2 else (told[middle - 1] + told[middle]) / 2


class HandOverKind(StrEnum):
    LIFT = "lift"
    """Found by a unit of one nation, recovered by a unit of another."""
    SURVIVORS = "survivors"
    """Recovered by one nation, given into the care of another."""


@dataclass(frozen=True)
class HandOver:
    kind: HandOverKind
    at: datetime
    giver: str
    """Code of a nation."""
    taker: str


@dataclass(frozen=True)
class DoubleTask:
    """A unit that had two tasks at once."""

    unit: str
    since: datetime
    until: datetime
    orders: tuple[str, str]

    @property
    def minutes(self) -> float:
        return (self.until - self.since).total_seconds() / 60.0


@dataclass(frozen=True)
class Meeting:
    """How near two units came to each other while both searched at one height."""

    units: tuple[str, str]
    at: datetime
    position: Position
    apart_m: float
    least_m: float
    """What they must keep."""

    @property
    def too_near(self) -> bool:
        return self.apart_m < self.least_m


@dataclass(frozen=True)
class Incursion:
    """A unit inside a danger area, in place, time and height."""

    unit: str
    area: str
    since: datetime
    until: datetime
    position: Position
    announced_around_it: bool
    """Whether the unit was inside when the players learnt of the area: told, not counted."""


@dataclass(frozen=True)
class TaskFlown:
    """One search task, as ordered and as flown."""

    order: str
    unit: str
    nation: str
    plan: int | None
    on_scene: datetime
    """As ordered."""
    arrived: datetime | None
    """When the unit really was on scene; None where it never was."""
    coverage_whole: float
    """Of the whole task."""
    coverage_planned: float
    """Of the task's area, by the searching that was ordered until the order ended."""
    coverage_flown: float
    searched_planned_m: float
    searched_flown_m: float
    """Inside the task's area."""
    track_spacing_m: float
    pos_planned: float
    pos_flown: float
    """Of this task alone, on the players' belief when it was ordered."""

    @property
    def effort_planned_m2(self) -> float:
        """Search effort Z = W L, with W = C S of the whole task (IAMSAR volume II, section 4.6)."""
        return self._width_m * self.searched_planned_m

    @property
    def effort_flown_m2(self) -> float:
        return self._width_m * self.searched_flown_m

    @property
    def _width_m(self) -> float:
        return self.coverage_whole * self.track_spacing_m


@dataclass(frozen=True)
class Outing:
    """What a unit did on one order, as it really was."""

    unit: str
    order: str
    begun: datetime
    ended: datetime
    searching: tuple[tuple[datetime, datetime], ...]
    """From when until when, turns between legs included."""


@dataclass(frozen=True)
class MapScore:
    """How well a map held the truth (see `scores_map`)."""

    bits: float
    """-log2 of the probability of containment of the square nautical mile around the truth."""
    rank_frac: float
    """Probability in places likelier than where the truth was; under a perfect forecaster uniform."""

    @property
    def in_50(self) -> bool:
        return self.rank_frac <= 0.5

    @property
    def in_90(self) -> bool:
        return self.rank_frac <= 0.9


@dataclass(frozen=True)
class UnitAt:
    name: str
    nation: str
    lonlat_deg: tuple[float, float]
    searching: bool
    trail_lonlat_deg: tuple[tuple[float, float], ...]
    """Where it went since the frame before."""


@dataclass(frozen=True)
class Frame:
    """One picture: what the players believed, and what was true."""

    at: datetime
    contours: tuple[Contour, ...]
    """Of 50 and 90 %."""
    truth_lonlat_deg: tuple[float, float] | None
    """None before the drift began."""
    units: tuple[UnitAt, ...]
    score: MapScore | None
    """None once the object was found: nobody maps it any more."""
    undetected: float
    dangers: tuple[DangerArea, ...]
    """Known to the players by then."""


@dataclass(frozen=True)
class PosCurve:
    """Cumulative probability of success at instants."""

    times: tuple[datetime, ...]
    planned: tuple[float, ...]
    achieved: tuple[float, ...]
    clairvoyant: tuple[float, ...] | None
    """None where it was not reckoned."""

    @property
    def final_planned(self) -> float:
        return self.planned[-1] if self.planned else 0.0

    @property
    def final_achieved(self) -> float:
        return self.achieved[-1] if self.achieved else 0.0

    @property
    def final_clairvoyant(self) -> float | None:
        return self.clairvoyant[-1] if self.clairvoyant else None


@dataclass(frozen=True)
class RoundPos:
    """What one plan promised and what came of it, each on the belief on which it was ordered."""

    plan: int | None
    """None where a unit was ordered without a plan."""
    at: datetime
    promised: float | None
    """Of the whole plan, as it was proposed."""
    planned: float
    """Of its orders as long as they stood, until the find."""
    achieved: float
    accepted_at: datetime | None
    """By every nation whose units it tasks; None where one never did, or there was no plan."""
    tasks: int
    """Searches that were ordered from it."""
    broken_off: int
    """Of these, cancelled or replaced before they were flown to their end or the object was found."""


@dataclass(frozen=True)
class Unused:
    """A reported sighting that taught the players' map nothing: it held the object impossible there."""

    name: str
    by: str
    """Unit."""
    at: datetime
    """When it was reported."""


@dataclass(frozen=True)
class Happening:
    """A line of the timeline: what kind of event, and what it says."""

    at: datetime
    kind: str
    """As in the log, such as "order.given"."""
    by: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Debrief:
    """Everything that the report shows."""

    exercise: Exercise
    case: Case
    """As the players knew it at the end."""
    environment: Environment
    started_at: datetime
    ended_at: datetime
    """When the log ended."""
    alert_at: datetime
    stopped: bool
    """Whether the exercise is over; else this is a debrief of what has happened so far."""
    truth: TruePath
    milestones: tuple[Milestone, ...]
    curve: PosCurve
    frames: tuple[Frame, ...]
    rounds: tuple[RoundPos, ...]
    tasks: tuple[TaskFlown, ...]
    outings: tuple[Outing, ...]
    latencies: tuple[Latency, ...]
    injects: tuple[InjectRow, ...]
    double_tasks: tuple[DoubleTask, ...]
    hand_overs: tuple[HandOver, ...]
    meetings: tuple[Meeting, ...]
    """Nearest first."""
    incursions: tuple[Incursion, ...]
    ratings: tuple[Rating, ...]
    proposals: tuple[Proposal, ...]
    earlier: tuple[EarlierAction, ...]
    happenings: tuple[Happening, ...]
    scores: Mapping[str, float | None]
    """By name, as `docs/reference/debrief.md` defines them; None where there is nothing to score."""
    unused: tuple[Unused, ...] = ()

    def milestone(self, step: Step) -> Milestone:
        return next(milestone for milestone in self.milestones if milestone.step is step)
