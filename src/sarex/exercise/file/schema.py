"""What an exercise file may say, in sailors' units: the pydantic models behind `sarex.exercise.file.door`.

As in `sarex.case.schema`, `description` and `examples` are words for error sentences.
"""

from pydantic import Field

from sarex.case.faults import Form
from sarex.case.fields import Flag, Instant, LeewayKey, Nation, Place, Seed, ShortText
from sarex.case.schema_fleet import DangerAreaTable
from sarex.case.strict import Strict
from sarex.exercise.file.schema_fields import (
    CaseSource,
    Id,
    KindWord,
    LanguageWord,
    MeasureWord,
    MinutesFromNought,
    PartWord,
    Persons,
    Text,
    Threshold,
)
from sarex.exercise.file.schema_inject import TEXT_EXAMPLE, InjectTable
from sarex.exercise.model import LANGUAGES

FORMAT = "sarex-exercise/1"


class ExerciseTable(Strict):
    id: ShortText = Field(description="the exercise's number", examples=["SAREX-2026"])
    title: Text = Field(description="the exercise in a few words", examples=[TEXT_EXAMPLE])
    kind: KindWord = Field(description="the kind of exercise", examples=["co-ordination"])
    host: Nation = Field(description="the nation that hosts it", examples=["JP"])
    start: Instant = Field(description="StartEx", examples=["2026-10-14T23:00:00Z"])
    end: Instant = Field(description="EndEx at the latest", examples=["2026-10-15T07:00:00Z"])
    case: CaseSource = Field(
        description="the case file with what the players know at the alert", examples=["case.toml"]
    )
    seed: Seed = Field(default=1, description="the seed of the random numbers", examples=[20261015])
    languages: list[LanguageWord] = Field(
        default_factory=lambda: list(LANGUAGES),
        description="the languages that it is held in",
        examples=[["en", "ja", "ko"]],
    )


class TruthTable(Strict):
    """What is hidden; without a position the truth is drawn from the players' own scenarios."""

    position: Place | None = Field(
        default=None, description="where the object really began to drift", examples=["36-00.0N 131-10.0E"]
    )
    at: Instant | None = Field(
        default=None, description="when it began to drift", examples=["2026-10-14T22:40:00Z"]
    )
    type: LeewayKey | None = Field(
        default=None, description="the leeway class that it really is", examples=["LIFE-RAFT-DB-11"]
    )
    persons: Persons = Field(description="how many persons are with it", examples=[4])
    name: Text = Field(description="what it is, for the debrief", examples=[TEXT_EXAMPLE])


class NationTable(Strict):
    code: Nation = Field(description="its two letters, as the units of the case have them", examples=["JP"])
    name: Text = Field(description="its name", examples=[TEXT_EXAMPLE])
    centre: Text = Field(description="its rescue co-ordination centre", examples=[TEXT_EXAMPLE])
    language: LanguageWord = Field(description="the language its people work in", examples=["ja"])


class RoleTable(Strict):
    id: Id = Field(description="the role's short name", examples=["JP-SMC"])
    nation: Nation | None = Field(default=None, description="the nation it belongs to", examples=["JP"])
    title: Text = Field(description="the role in words", examples=[TEXT_EXAMPLE])
    part: PartWord = Field(description="what it does in the exercise", examples=["player"])
    training_audience: Flag = Field(
        default=False, description="whether the exercise is held to train it", examples=[True]
    )
    coordinator: Flag = Field(
        default=False, description="whether it is its nation's mission co-ordinator", examples=[True]
    )


class CriterionTable(Strict):
    id: Id = Field(description="the criterion's number", examples=["O1.1"])
    text: Text = Field(description="what is looked at", examples=[TEXT_EXAMPLE])
    measure: MeasureWord = Field(
        description="what the log can say of it, or observed", examples=["alert-to-plan"]
    )
    performed: Threshold | None = Field(
        default=None, description="the value that earns P, performed", examples=[30]
    )
    some_challenges: Threshold | None = Field(
        default=None, description="the value that earns S, performed with some challenges", examples=[45]
    )
    major_challenges: Threshold | None = Field(
        default=None, description="the value that earns M, performed with major challenges", examples=[60]
    )


class ObjectiveTable(Strict):
    id: Id = Field(description="the objective's number", examples=["O1"])
    text: Text = Field(description="what is practised", examples=[TEXT_EXAMPLE])
    criterion: list[CriterionTable] = Field(
        description="what it is judged by", examples=["[[objective.criterion]]"]
    )


class ForceTable(Strict):
    unit: ShortText = Field(description="the unit's name in the case", examples=["Rescue ship 1"])
    ready_after_min: MinutesFromNought = Field(
        description="the minutes from its order to being under way", examples=[20]
    )
    lifts: Flag = Field(description="whether it can recover persons from the sea", examples=[True])
    called: Text = Field(description="its name in the languages of the exercise", examples=[TEXT_EXAMPLE])


class ChannelTable(Strict):
    purpose: Text = Field(description="what it is for", examples=[TEXT_EXAMPLE])
    medium: ShortText = Field(description="what it is", examples=["VHF channel 16"])
    between: list[ShortText] = Field(
        default_factory=list,
        description="the roles and units that use it; everybody without it",
        examples=[["JP-SMC", "KR-SMC"]],
    )


class SafetyTable(Strict):
    no_play: ShortText = Field(
        description="the words for what is no part of the exercise", examples=["NO PLAY"]
    )
    real_world: ShortText = Field(description="the words for a real emergency", examples=["REAL WORLD"])
    end: ShortText = Field(description="the words that end the exercise", examples=["ENDEX"])
    briefing: Text = Field(description="what everybody is told about safety", examples=[TEXT_EXAMPLE])


class CorrectiveActionTable(Strict):
    id: Id = Field(description="the corrective action's number", examples=["CA-2017-1"])
    text: Text = Field(description="what is to be done better", examples=[TEXT_EXAMPLE])
    owner: ShortText = Field(description="who does it", examples=["JP-SMC"])
    due: Instant = Field(description="until when", examples=["2026-10-01T00:00:00Z"])
    objective: Id | None = Field(
        default=None, description="the objective of this exercise that shows it", examples=["O1"]
    )
    criterion: Id | None = Field(
        default=None, description="the criterion of this exercise that tests it", examples=["O1.1"]
    )


class ExerciseFile(Strict):
    """The whole file. Lists keep the singular names of the file's `[[inject]]` tables."""

    format: str = Field(description="the version of the format", examples=[FORMAT])
    exercise: ExerciseTable = Field(description="what identifies the exercise", examples=["[exercise]"])
    truth: TruthTable = Field(description="what is hidden from the players", examples=["[truth]"])
    nation: list[NationTable] = Field(description="who takes part", examples=["[[nation]]"])
    role: list[RoleTable] = Field(description="who plays and who runs it", examples=["[[role]]"])
    objective: list[ObjectiveTable] = Field(description="what is practised", examples=["[[objective]]"])
    force: list[ForceTable] = Field(description="how ready the units of the case are", examples=["[[force]]"])
    channel: list[ChannelTable] = Field(description="the communications plan", examples=["[[channel]]"])
    safety: SafetyTable = Field(description="the words that stop everything", examples=["[safety]"])
    inject: list[InjectTable] = Field(description="the events list", examples=["[[inject]]"])
    danger_area: list[DangerAreaTable] = Field(
        default_factory=list, description="areas that open late", examples=["[[danger_area]]"]
    )
    corrective_action: list[CorrectiveActionTable] = Field(
        default_factory=list,
        description="what earlier exercises left to do",
        examples=["[[corrective_action]]"],
    )


EXERCISE_FORM = Form(
    ExerciseFile,
    {
        "nation": "code",
        "role": "id",
        "objective": "id",
        "force": "unit",
        "channel": "medium",
        "inject": "id",
        "danger_area": "name",
        "corrective_action": "id",
    },
    {"polygon": "polygon corner", "exercise.languages": "exercise.language"},
)
