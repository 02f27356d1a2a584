"""What an exercise file may say of its events: injects and their effects.

As in `sarex.case.schema`, `description` and `examples` are words for error sentences.
"""

from pydantic import Field

from sarex.case.fields import BearingDeg, ErrorNm, Flag, LeewayKey, Place, ShortText
from sarex.case.strict import Strict
from sarex.exercise.file.schema_fields import (
    CaseSource,
    Credibility,
    EffectWord,
    Id,
    LanguageWord,
    Minutes,
    MinutesFromNought,
    Moment,
    MovedNm,
    Text,
)

TEXT_EXAMPLE = '{ en = "...", ja = "...", ko = "..." }'


class EffectTable(Strict):
    """What an inject does to the truth or to what the players know; `kind` says which keys belong to it."""

    kind: EffectWord = Field(description="what happens", examples=["radio-dies"])
    area: ShortText | None = Field(
        default=None, description="the danger area that opens", examples=["Splash area"]
    )
    unit: ShortText | None = Field(
        default=None, description="the unit that it happens to", examples=["Rescue ship 1"]
    )
    lasts_min: Minutes | None = Field(default=None, description="how many minutes it lasts", examples=[30])
    type: LeewayKey | None = Field(
        default=None,
        description="the leeway class as which the object drifts on",
        examples=["LIFE-RAFT-DB-21"],
    )
    toward_deg: BearingDeg | None = Field(
        default=None, description="the true direction in which the object is moved", examples=[90]
    )
    distance_nm: MovedNm | None = Field(
        default=None, description="how far the object is moved in nautical miles", examples=[3.0]
    )
    case: CaseSource | None = Field(
        default=None, description="the case file that the players have from now on", examples=["second.toml"]
    )
    position: Place | None = Field(
        default=None,
        description="where the false sighting is; without it near where the unit then is",
        examples=["{ lon = 131.2, lat = 36.1 }"],
    )
    error_nm: ErrorNm | None = Field(
        default=None, description="the probable error of that position in nautical miles", examples=[1.0]
    )
    credibility: Credibility | None = Field(
        default=None, description="how far the sighting is believed, 0 to 1", examples=[0.5]
    )
    withdrawn_after_min: Minutes | None = Field(
        default=None, description="after how many minutes it is withdrawn", examples=[45]
    )


class InjectTable(Strict):
    """One row of the master scenario events list."""

    id: Id = Field(description="the inject's number", examples=["I01"])
    at: Moment | None = Field(default=None, description="when it is due", examples=["T+00:20"])
    after: Id | None = Field(default=None, description="the inject that it follows", examples=["I03"])
    delay_min: MinutesFromNought | None = Field(
        default=None, description="how many minutes after that one it is due", examples=[15]
    )
    storyline: ShortText = Field(description="the storyline that it belongs to", examples=["distress alert"])
    sender: Id | None = Field(
        default=None, alias="from", description="the role that says it", examples=["EXCON"]
    )
    from_outside: ShortText | None = Field(
        default=None, description="who says it, if not one of the roles", examples=["Ferry master"]
    )
    to: list[Id] = Field(description="the roles that it goes to", examples=[["JP-SMC", "KR-SMC"]])
    medium: ShortText = Field(description="how it reaches them", examples=["e-mail"])
    language: LanguageWord = Field(description="the language in which it is spoken", examples=["en"])
    text: Text = Field(description="what is said", examples=[TEXT_EXAMPLE])
    expected_action: Text = Field(description="what the players are expected to do", examples=[TEXT_EXAMPLE])
    objective: Id | None = Field(default=None, description="the objective it serves", examples=["O1"])
    acknowledge_within_min: Minutes | None = Field(
        default=None, description="within how many minutes it is to be acknowledged", examples=[10]
    )
    alert: Flag = Field(
        default=False, description="true for the distress alert, from which times count", examples=[True]
    )
    effect: EffectTable | None = Field(
        default=None,
        description="what it does",
        examples=['{ kind = "radio-dies", unit = "Rescue ship 1", lasts_min = 30 }'],
    )
