"""What a case file may say, in sailors' units: the pydantic models behind `sarex.case.door`.

Each field carries the words for its error sentences: `description` says what it is, `examples` what to
write.
"""

from pydantic import Field, model_validator

from sarex.case.fields import (
    LEEWAY_WINDS,
    BearingDeg,
    BearingErrorDeg,
    CurrentErrorGrowth,
    CurrentErrorMps,
    ErrorMemoryH,
    ErrorNm,
    FileName,
    Flag,
    ForcingList,
    Instant,
    LeewayKey,
    LeewayWind,
    ObjectiveWord,
    ObserverErrorNm,
    Particles,
    Percent,
    Place,
    Probability,
    RangeNm,
    Realizations,
    Refloating,
    RightPercent,
    Seed,
    ShortText,
    Weight,
    WindErrorMps,
    place_apart,
)
from sarex.case.model import Objective
from sarex.case.schema_fleet import ConditionsTable, DangerAreaTable, LookTable, ShoalTable, UnitTable
from sarex.case.strict import Strict

FORMAT = "sarex-case/1"
OBSERVER_ERROR_NM = 0.1
"""Of a position by satellite navigation (IAMSAR II, appendix N, table of navigational fix errors)."""
BEARING_EXAMPLE = "{ lon = 4.5, lat = 59.6, bearing_deg = 310, bearing_error_deg = 3, range_nm = [2, 12] }"
FIX_EXAMPLE = "{ lon = 4.5, lat = 59.6, major_nm = 3.0, minor_nm = 1.5, major_toward_deg = 40 }"


class CaseTable(Strict):
    id: ShortText = Field(description="the case number", examples=["EX-2015-0001"])
    title: ShortText | None = Field(
        default=None, description="the case in a few words", examples=["Raft west of Bergen"]
    )
    exercise: Flag = Field(
        description="true for an EXERCISE, false for a REAL case; it marks every product", examples=[True]
    )
    seed: Seed = Field(default=1, description="the seed of the random numbers", examples=[20151116])


class ObjectTable(Strict):
    type: LeewayKey = Field(description="the leeway class of the search object", examples=["PIW-1"])
    weight: Weight | None = Field(default=None, description="the share of this object", examples=[0.75])
    capsizes: Flag = Field(
        default=False, description="whether it may capsize or swamp while it drifts", examples=[True]
    )
    right_of_downwind_percent: RightPercent | None = Field(
        default=None, description="the share that starts right of downwind, in percent", examples=[47.5]
    )


class PlacedTable(Strict):
    """In the file `place` is spelt `lon` and `lat`, or `at`."""

    place: Place


class UncertainPosition(PlacedTable):
    """A position and how sure it is."""

    error_nm: ErrorNm = Field(
        description="the radius in nautical miles that holds the true position with 50 %", examples=[3.0]
    )

    _gather = model_validator(mode="before")(
        place_apart(
            "how sure it is must be said as well. Write { lon = 4.5, lat = 59.6, error_nm = 3.0 } or "
            '{ at = "59-36.0N 004-30.0E", error_nm = 3.0 }; error_nm is the radius that holds the true '
            "position with 50 %."
        )
    )


class TrackPointTable(UncertainPosition):
    time: Instant = Field(
        description="when it was or would have been there", examples=["2015-11-16T05:00:00Z"]
    )


class FoundTable(UncertainPosition):
    time: Instant = Field(description="when it was found", examples=["2015-11-18T09:00:00Z"])


class BearingTable(PlacedTable):
    """Where the observer is, and what was observed from there."""

    error_nm: ObserverErrorNm = Field(
        default=OBSERVER_ERROR_NM,
        description="the probable error of the observer's own position in nautical miles",
        examples=[0.1],
    )
    bearing_deg: BearingDeg = Field(
        description="the true bearing from the observer in degrees", examples=[310]
    )
    bearing_error_deg: BearingErrorDeg = Field(
        description="the standard deviation of the bearing in degrees", examples=[3.0]
    )
    range_nm: RangeNm | None = Field(
        default=None,
        description="the nearest and the farthest distance in nautical miles",
        examples=["[2, 12]"],
    )

    _gather = model_validator(mode="before")(place_apart(f"a table is expected. Write {BEARING_EXAMPLE}."))


class AmbiguousFixTable(PlacedTable):
    """The image of a fix; its ellipse is that of the fix where it is not given."""

    major_nm: ErrorNm | None = Field(
        default=None, description="the semi-major axis in nautical miles", examples=[3.0]
    )
    minor_nm: ErrorNm | None = Field(
        default=None, description="the semi-minor axis in nautical miles", examples=[1.5]
    )
    major_toward_deg: BearingDeg | None = Field(
        default=None, description="the true direction of the major axis in degrees", examples=[40]
    )
    probability: Probability = Field(
        description="the probability that this is the true position", examples=[0.3]
    )

    _gather = model_validator(mode="before")(
        place_apart("a table is expected. Write { lon = 14.0, lat = 59.6, probability = 0.3 }.")
    )


class FixTable(PlacedTable):
    """A beacon fix; its ellipse holds the true position with 50 %."""

    major_nm: ErrorNm = Field(
        description="the semi-major axis, in nautical miles, of the ellipse that holds the true position "
        "with 50 %",
        examples=[3.0],
    )
    minor_nm: ErrorNm | None = Field(
        default=None, description="the semi-minor axis in nautical miles", examples=[1.5]
    )
    major_toward_deg: BearingDeg | None = Field(
        default=None, description="the true direction of the major axis in degrees", examples=[40]
    )
    ambiguous: AmbiguousFixTable | None = Field(
        default=None,
        description="the other position that the fix may mean",
        examples=["{ lon = 14.0, lat = 59.6, probability = 0.3 }"],
    )

    _gather = model_validator(mode="before")(place_apart(f"a table is expected. Write {FIX_EXAMPLE}."))


class ScenarioTable(Strict):
    name: ShortText | None = Field(
        default=None, description="the scenario in a few words", examples=["overdue"]
    )
    weight: Weight | None = Field(default=None, description="how likely this scenario is", examples=[0.7])
    position: UncertainPosition | None = Field(
        default=None,
        description="the last known position",
        examples=["{ lon = 4.5, lat = 59.6, error_nm = 3.0 }"],
    )
    released_from: Instant | None = Field(
        default=None,
        alias="from",
        description="when the drift began at the earliest",
        examples=["2015-11-16T05:00:00Z"],
    )
    released_until: Instant | None = Field(
        default=None,
        alias="until",
        description="when the drift began at the latest",
        examples=["2015-11-16T06:00:00Z"],
    )
    track: list[TrackPointTable] | None = Field(
        default=None, description="where an overdue craft would have been", examples=["[ ... ]"]
    )
    area: list[Place] | None = Field(
        default=None,
        description="the corners of an area that holds the object",
        examples=["[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]]"],
    )
    area_error_nm: ErrorNm | None = Field(
        default=None, description="how unsure the area's edge is, in nautical miles", examples=[1.0]
    )
    bearing: BearingTable | None = Field(
        default=None, description="a flare sighting or a single bearing", examples=[BEARING_EXAMPLE]
    )
    bearings: list[BearingTable] | None = Field(
        default=None, description="two or more bearings of the object", examples=["[{ ... }, { ... }]"]
    )
    fix: FixTable | None = Field(default=None, description="a beacon fix", examples=[FIX_EXAMPLE])
    cloud: FileName | None = Field(
        default=None, description="a drift file to begin from", examples=["origin.nc"]
    )
    found: FoundTable | None = Field(
        default=None,
        description="what was found, for a backward run",
        examples=["{ lon = 4.5, lat = 59.6, error_nm = 0.1, time = 2015-11-18T09:00:00Z }"],
    )
    objects: list[ObjectTable] = Field(
        description="what may be drifting", examples=['[{ type = "PIW-1", weight = 1.0 }]']
    )


class ForcingTables(Strict):
    current: ForcingList | None = Field(
        default=None, description="where the surface current comes from", examples=[["current.nc"]]
    )
    wind: ForcingList | None = Field(
        default=None, description="where the wind comes from", examples=[["wind.nc"]]
    )
    stokes: ForcingList | None = Field(
        default=None, description="where the Stokes drift comes from", examples=[["waves.nc"]]
    )


class MemberTable(ForcingTables):
    name: ShortText | None = Field(default=None, description="the member's name", examples=["GFS"])
    weight: Weight | None = Field(default=None, description="how likely this member is", examples=[0.5])


class EnvironmentTable(ForcingTables):
    realizations: Realizations | None = Field(
        default=None, description="how many members the ensemble in the files has", examples=[21]
    )
    member: list[MemberTable] | None = Field(
        default=None, description="models that may be right", examples=["[[environment.member]]"]
    )


class SearchTable(Strict):
    start: Instant = Field(description="when the search window opens", examples=["2015-11-16T12:00:00Z"])
    end: Instant = Field(description="when the search window closes", examples=["2015-11-16T18:00:00Z"])
    objective: ObjectiveWord = Field(
        default=Objective.POS.value,
        description="what the plan is to make as large as it can",
        examples=["pos"],
    )


class DriftTable(Strict):
    particles: Particles | None = Field(default=None, description="the number of particles", examples=[20000])
    jibing_percent_per_hour: Percent | None = Field(
        default=None, description="how often objects change sides", examples=[4.0]
    )
    current_error_mps: CurrentErrorMps | None = Field(
        default=None, description="the standard deviation of the current's error per axis", examples=[0.284]
    )
    current_error_growth: CurrentErrorGrowth | None = Field(
        default=None, description="how the current's error grows with its speed", examples=[0.452]
    )
    wind_error_mps: WindErrorMps | None = Field(
        default=None, description="the standard deviation of the wind's error per axis", examples=[2.0]
    )
    error_memory_h: ErrorMemoryH | None = Field(
        default=None, description="how long these errors last", examples=[10.3]
    )
    leeway_wind: LeewayWind = Field(
        default=LEEWAY_WINDS[0], description="which wind gives the leeway", examples=["over-water"]
    )
    refloating_percent_per_hour: Refloating = Field(
        default=0.0, description="how often what has stranded floats again", examples=[5.0]
    )


class CaseFile(Strict):
    """The whole file. Lists keep the singular names of the file's `[[scenario]]` tables."""

    format: str = Field(description="the version of the format", examples=[FORMAT])
    case: CaseTable = Field(description="what identifies the case", examples=["[case]"])
    scenario: list[ScenarioTable] = Field(description="what may have happened", examples=["[[scenario]]"])
    environment: EnvironmentTable = Field(
        description="where current and wind come from", examples=["[environment]"]
    )
    search: SearchTable | None = Field(default=None, description="the search window", examples=["[search]"])
    """Needed unless something found is traced back."""
    unit: list[UnitTable] = Field(default_factory=list, description="who can help", examples=["[[unit]]"])
    conditions: ConditionsTable | None = Field(
        default=None, description="what crews meet on scene", examples=["[conditions]"]
    )
    """Needed where there are units."""
    danger_area: list[DangerAreaTable] = Field(
        default_factory=list, description="where nobody may go", examples=["[[danger_area]]"]
    )
    shoal: list[ShoalTable] = Field(
        default_factory=list, description="water too shallow for some", examples=["[[shoal]]"]
    )
    satellite_look: list[LookTable] = Field(
        default_factory=list,
        description="what a satellite will see, and when",
        examples=["[[satellite_look]]"],
    )
    drift: DriftTable | None = Field(
        default=None, description="how uncertain the drift is", examples=["[drift]"]
    )
