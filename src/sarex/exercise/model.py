"""An exercise as it is written: who plays, what is practised, what happens when, and what is hidden.

Everything is SI and UTC; the door (`sarex.exercise.file.door`) translates from what people write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from unicodedata import normalize

from sarex.case.model import Case, DangerArea, Position

LANGUAGES = ("en", "ja", "ko")


@dataclass(frozen=True)
class Words:
    """A text in one or more languages; English where another is missing, else the first there is."""

    by_language: Mapping[str, str]
    """Language code ("en", "ja", "ko") to text; at least one."""

    def said_in(self, language: str) -> str:
        texts = self.by_language
        return texts.get(language) or texts.get("en") or next(iter(texts.values()))


class Kind(StrEnum):
    """Kinds of exercise (IAMSAR volume I, chapter 3)."""

    COMMUNICATIONS = "communications"
    CO_ORDINATION = "co-ordination"
    FULL_SCALE = "full-scale"


class Part(StrEnum):
    """What a role does in the exercise (HSEEP)."""

    PLAYER = "player"
    CONTROLLER = "controller"
    EVALUATOR = "evaluator"
    OBSERVER = "observer"
    SIMULATION_CELL = "simulation-cell"


@dataclass(frozen=True)
class Nation:
    code: str
    """As the units of the case name it, such as "JP"."""
    name: Words
    centre: Words
    """Its rescue co-ordination centre."""
    language: str


@dataclass(frozen=True)
class Role:
    """Somebody who plays or runs the exercise."""

    id: str
    nation: str | None
    """None for those who belong to neither, such as joint exercise control."""
    title: Words
    part: Part
    training_audience: bool = False
    coordinator: bool = False
    """Whether it is the search and rescue mission co-ordinator of its nation."""


class Measure(StrEnum):
    """What the log can say of a criterion by itself."""

    ALERT_TO_COORDINATOR = "alert-to-coordinator"
    ALERT_TO_SITREP = "alert-to-sitrep"
    ALERT_TO_PLAN = "alert-to-plan"
    ALERT_TO_UNDER_WAY = "alert-to-under-way"
    ALERT_TO_ON_SCENE = "alert-to-on-scene"
    ALERT_TO_DETECTION = "alert-to-detection"
    ALERT_TO_RECOVERY = "alert-to-recovery"
    ALERT_TO_TRIAGE = "alert-to-triage"
    MESSAGE_LATENCY = "message-latency"
    """Median minutes from a message between the nations to its acknowledgement."""
    INJECTS_ACKNOWLEDGED = "injects-acknowledged"
    """Percent of the injects that ask for it."""
    SEPARATION = "separation"
    """Encounters of two units inside the distances of the rules; number."""
    DANGER_AREA_INCURSIONS = "danger-area-incursions"
    """Number."""
    COVERAGE_FLOWN = "coverage-flown"
    """Coverage flown over coverage planned, percent."""
    POS_ACHIEVED = "pos-achieved"
    """Cumulative POS of what was flown over that of what was planned, percent."""
    DOUBLE_TASKED = "double-tasked"
    """Minutes in which a unit had two tasks."""
    HAND_OVER = "hand-over"
    """Hand-overs of survivors or tasks between the nations; number."""
    OBSERVED = "observed"
    """Only an evaluator can say."""

    @property
    def less_is_better(self) -> bool:
        return self not in (
            Measure.INJECTS_ACKNOWLEDGED,
            Measure.COVERAGE_FLOWN,
            Measure.POS_ACHIEVED,
            Measure.HAND_OVER,
            Measure.OBSERVED,
        )


@dataclass(frozen=True)
class Criterion:
    """One line of the evaluation guide: what is looked at, and what earns P, S or M (else U)."""

    id: str
    text: Words
    measure: Measure
    performed: float | None = None
    """Threshold for P, in the unit of the measure (minutes, percent, number); None where observed."""
    some_challenges: float | None = None
    """For S."""
    major_challenges: float | None = None
    """For M."""


@dataclass(frozen=True)
class Objective:
    id: str
    text: Words
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Force:
    """How ready a unit of the case is, and what it can do besides searching."""

    unit: str
    ready_after: timedelta
    """From order to under way."""
    lifts: bool
    """Whether it can recover persons from the sea."""
    called: Words
    """Its name in the languages of the exercise."""


@dataclass(frozen=True)
class Channel:
    """A line of the communications plan."""

    purpose: Words
    medium: str
    """Such as "VHF channel 16" or "e-mail"."""
    between: tuple[str, ...]
    """Roles or units; empty for everybody."""


@dataclass(frozen=True)
class Safety:
    """Words that stop everything, and what is said about them."""

    no_play: str
    """What is no part of the exercise, "NO PLAY"."""
    real_world: str
    """A real emergency, "REAL WORLD"."""
    end: str
    briefing: Words

    def stops_on(self, said: str) -> str:
        """The safety word that somebody means; in doubt the graver one, so that everything stops."""
        return self.no_play if plain_word(said) == plain_word(self.no_play) else self.real_world

    def parted(self, said: Sequence[str]) -> tuple[str, str]:
        """A safety word, perhaps said in several, and what is said after it."""
        for number in range(1, len(said) + 1):
            word = " ".join(said[:number])
            if plain_word(word) in (plain_word(self.no_play), plain_word(self.real_world)):
                return word, " ".join(said[number:])
        return " ".join(said[:1]), " ".join(said[1:])


def plain_word(said: str) -> str:
    """A safety word without case, width of letters, spaces and hyphens, as people in a hurry write it."""
    folded = normalize("NFKC", said).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


@dataclass(frozen=True)
class DangerAreaOpens:
    """A danger area that the players learn of when the inject reaches them."""

    area: DangerArea


@dataclass(frozen=True)
class UnitBreaksDown:
    unit: str
    lasts: timedelta | None
    """None: for the rest of the exercise."""


@dataclass(frozen=True)
class RadioDies:
    """The unit flies on, and nobody hears it until its radio works again or it is home."""

    unit: str
    lasts: timedelta | None


@dataclass(frozen=True)
class ObjectCapsizes:
    """The object drifts as another leeway class from now on."""

    type_key: str


@dataclass(frozen=True)
class ObjectMoves:
    """The object is moved, as when exercise control tows a dummy."""

    toward_deg: float
    distance_m: float


@dataclass(frozen=True)
class PlayersLearn:
    """What the players know changes: this case stands from now on (a better fix, a witness)."""

    case: Case


@dataclass(frozen=True)
class FalseSighting:
    """A unit reports what is not the object, and its crew goes and stays there as with the object."""

    unit: str
    position: Position | None
    """None: near where the unit then is; in port it sees nothing."""
    probable_error_m: float
    credibility: float
    withdrawn_after: timedelta | None
    """When it is looked at and found to be something else; None: never."""


Effect = (
    DangerAreaOpens | UnitBreaksDown | RadioDies | ObjectCapsizes | ObjectMoves | PlayersLearn | FalseSighting
)


@dataclass(frozen=True)
class Inject:
    """One row of the master scenario events list."""

    id: str
    at: datetime
    """When it is due; injects that follow another are already placed in time."""
    storyline: str
    sender: str
    """Role id, or the name of somebody outside the exercise."""
    to: tuple[str, ...]
    """Role ids."""
    medium: str
    language: str
    """In which it is spoken; the text may be there in others for those who read along."""
    text: Words
    expected_action: Words
    objective: str | None
    acknowledge_within: timedelta | None
    """None where nobody need answer."""
    effect: Effect | None = None
    alert: bool = False
    """Whether it is the distress alert, from which times are counted."""


@dataclass(frozen=True)
class TruthSettings:
    """Where the object really begins, and what it is. The path comes from `sarex.exercise.truth`."""

    position: Position | None
    """None: drawn from the law of one of the players' scenarios."""
    at: datetime | None
    """When it began to drift; None as above."""
    type_key: str | None
    """Leeway class; None: drawn from the scenario's objects."""
    persons: int
    name: Words
    """What it is, for the debrief."""


@dataclass(frozen=True)
class Exercise:
    """A whole exercise, checked."""

    id: str
    title: Words
    kind: Kind
    host: str
    start: datetime
    """StartEx."""
    end: datetime
    """EndEx at the latest."""
    seed: int
    case: Case
    """What the players know at the alert."""
    truth: TruthSettings
    nations: tuple[Nation, ...]
    roles: tuple[Role, ...]
    objectives: tuple[Objective, ...]
    forces: tuple[Force, ...]
    injects: tuple[Inject, ...]
    """In order of time."""
    channels: tuple[Channel, ...]
    safety: Safety
    languages: tuple[str, ...] = LANGUAGES
    corrective_actions: tuple["CorrectiveAction", ...] = field(default=())
    """From earlier exercises, to be closed by this one."""

    def force(self, unit_name: str) -> Force:
        return next(force for force in self.forces if force.unit == unit_name)

    def role(self, role_id: str) -> Role:
        return next(role for role in self.roles if role.id == role_id)

    @property
    def alert(self) -> Inject:
        return next(inject for inject in self.injects if inject.alert)


@dataclass(frozen=True)
class CorrectiveAction:
    """What is to be done better, by whom and until when."""

    id: str
    text: Words
    owner: str
    due: datetime
    objective: str | None
    criterion: str | None = None
    """The criterion of the evaluation guide that tests it; only then does a rating alone close it."""
