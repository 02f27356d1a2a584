"""What a series file may say: the pydantic models behind `sarex.programme.door`.

Each field carries the words for its error sentences: `description` says what it is, `examples` what to write.
"""

from pydantic import Field

from sarex.case.faults import Form
from sarex.case.fields import FileName, Instant, Nation, Number, ShortText
from sarex.case.strict import Strict
from sarex.programme.fields import Day, EveryYears, Id, LongText, Rating, RuleWord, StatusWord, Year
from sarex.programme.model import Rule

FORMAT = "sarex-series/1"


class SeriesTable(Strict):
    id: Id = Field(description="the short name of the series", examples=["SAREX"])
    title: ShortText = Field(
        description="the series in a few words", examples=["Japan-Korea search and rescue exercise"]
    )
    revised: Instant = Field(description="when the file was last changed", examples=["2026-01-30T09:00:00Z"])
    every_years: EveryYears = Field(
        default=2, description="how many years lie between two exercises", examples=[2]
    )
    remarks: LongText | None = Field(default=None, description="remarks", examples=["text"])


class HostsTable(Strict):
    rule: RuleWord = Field(
        default=Rule.IN_TURN.value, description="who hosts next: in-turn or agreed", examples=["in-turn"]
    )
    order: list[Nation] = Field(description="the hosts in their order", examples=['["JP", "KR"]'])
    next: Nation | None = Field(
        default=None, description="the host that was agreed for the next exercise", examples=["JP"]
    )


class DatedTable(Strict):
    """Something with days, or no more than a year."""

    id: Id = Field(description="its own id", examples=["SAREX-2027"])
    title: ShortText = Field(description="a few words", examples=["SAREX 2027"])
    status: StatusWord = Field(description="held or planned", examples=["planned"])
    year: Year | None = Field(default=None, description="the year, where no day is known", examples=[2027])
    start: Day | None = Field(default=None, description="the first day", examples=["2027-05-11"])
    end: Day | None = Field(default=None, description="the last day", examples=["2027-05-12"])
    host: Nation | None = Field(default=None, description="who hosts it", examples=["JP"])
    location: ShortText | None = Field(
        default=None, description="where", examples=["north of the Oki Islands"]
    )
    remarks: LongText | None = Field(default=None, description="remarks", examples=["text"])


class ExerciseTable(DatedTable):
    forces: list[ShortText] = Field(
        default=[], description="who took or will take part", examples=['["two destroyers of Japan"]']
    )
    debrief: FileName | None = Field(
        default=None,
        description="the debrief's JSON file, from the folder of this file",
        examples=["2027/debrief.json"],
    )
    scores: dict[str, Number] = Field(
        default={}, description="the debrief's scores", examples=["{ pos-achieved = 82.0 }"]
    )
    ratings: dict[str, Rating] = Field(
        default={}, description="the debrief's ratings", examples=['{ locate = "P" }']
    )


class MeetingTable(DatedTable):
    keeps: Id | None = Field(
        default=None, description="the id of the commitment that it keeps", examples=["yearly-visits"]
    )


class CommitmentTable(Strict):
    id: Id = Field(description="its own id", examples=["yearly-visits"])
    text: LongText = Field(
        description="what was promised", examples=["Ministers visit each other every year"]
    )
    made: Day | None = Field(default=None, description="the day it was made", examples=["2026-01-30"])
    due: Day | None = Field(default=None, description="the day it is due", examples=["2027-12-31"])
    every_years: EveryYears | None = Field(
        default=None, description="that it is to be kept every so many years", examples=[1]
    )
    kept_by: Id | None = Field(
        default=None, description="the exercise or meeting that kept it for good", examples=["SAREX-2027"]
    )
    remarks: LongText | None = Field(default=None, description="remarks", examples=["text"])


class ActionTable(Strict):
    id: Id = Field(description="its own id", examples=["CA-1"])
    text: LongText = Field(
        description="what is to be done", examples=["Agree one format for positions over the radio"]
    )
    found_by: Id = Field(description="the exercise that asked for it", examples=["SAREX-2027"])
    owner: ShortText | None = Field(default=None, description="who does it", examples=["RCC Japan"])
    due: Day | None = Field(default=None, description="until when", examples=["2028-03-31"])
    objective: ShortText | None = Field(
        default=None, description="the objective it belongs to", examples=["communications"]
    )
    criterion: ShortText | None = Field(
        default=None, description="the criterion that tests it", examples=["O2.1"]
    )
    closed_by: Id | None = Field(
        default=None, description="the exercise or meeting that closed it", examples=["SAREX-2029"]
    )
    remarks: LongText | None = Field(default=None, description="remarks", examples=["text"])


class SeriesFile(Strict):
    """The whole file."""

    format: str = Field(description="the format of the file", examples=[FORMAT])
    series: SeriesTable = Field(description="the series itself", examples=["[series]"])
    hosts: HostsTable = Field(description="the hosts and their rule", examples=["[hosts]"])
    exercise: list[ExerciseTable] = Field(default=[], description="the exercises", examples=["[[exercise]]"])
    meeting: list[MeetingTable] = Field(default=[], description="the meetings", examples=["[[meeting]]"])
    commitment: list[CommitmentTable] = Field(
        default=[], description="the commitments", examples=["[[commitment]]"]
    )
    corrective_action: list[ActionTable] = Field(
        default=[], description="the corrective actions", examples=["[[corrective_action]]"]
    )


SERIES_FORM = Form(
    SeriesFile, dict.fromkeys(("exercise", "meeting", "commitment", "corrective_action"), "id"), {}
)
