"""What a case file may say, in sailors' units: the pydantic models behind `sarex.case.door`.

Each field carries the words for its error sentences: `description` says what it is, `examples` what to
write.
"""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sarex.case.fields import (
    CurrentErrorMps,
    EnduranceH,
    ErrorMemoryH,
    ErrorNm,
    EyeHeightFt,
    Flag,
    ForcingList,
    HeightFt,
    Instant,
    Kind,
    LeewayKey,
    Nation,
    Particles,
    Percent,
    Place,
    Seed,
    Sensor,
    ShortText,
    SpeedKt,
    SweepWidthNm,
    TurnRadiusM,
    VisibilityNm,
    WaveHeightFt,
    Weight,
    WindErrorMps,
    WindKt,
    place_apart,
)

FORMAT = "sarex-case/1"


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


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


class UncertainPosition(Strict):
    """A position and how sure it is; in the file `place` is spelt `lon` and `lat`, or `at`."""

    place: Place
    error_nm: ErrorNm = Field(
        description="the radius in nautical miles that holds the true position with 50 %", examples=[3.0]
    )

    _gather = model_validator(mode="before")(place_apart)


class TrackPointTable(UncertainPosition):
    time: Instant = Field(
        description="when it was or would have been there", examples=["2015-11-16T05:00:00Z"]
    )


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
    objects: list[ObjectTable] = Field(
        description="what may be drifting", examples=['[{ type = "PIW-1", weight = 1.0 }]']
    )


class EnvironmentTable(Strict):
    current: ForcingList = Field(
        description="where the surface current comes from", examples=[["current.nc"]]
    )
    wind: ForcingList = Field(description="where the wind comes from", examples=[["wind.nc"]])


class SearchTable(Strict):
    start: Instant = Field(description="when the search window opens", examples=["2015-11-16T12:00:00Z"])
    end: Instant = Field(description="when the search window closes", examples=["2015-11-16T18:00:00Z"])


class UnitTable(Strict):
    name: ShortText = Field(description="the unit's name", examples=["Rescue helicopter 1"])
    nation: Nation = Field(description="the unit's nation by its two letters", examples=["JP"])
    kind: Kind = Field(description="the kind of unit", examples=["helicopter"])
    position: Place = Field(
        description="where it is when it becomes available", examples=["{ lon = 5.2, lat = 60.3 }"]
    )
    transit_speed_kt: SpeedKt = Field(description="the speed on the way, in knots", examples=[130.0])
    search_speed_kt: SpeedKt = Field(description="the speed while searching, in knots", examples=[90.0])
    endurance_h: EnduranceH = Field(
        description="the endurance in hours from when it becomes available, way home included", examples=[4.0]
    )
    sensor: Sensor = Field(description="what it searches with", examples=["visual"])
    altitude_ft: HeightFt | None = Field(
        default=None, description="the search height of an aircraft in feet", examples=[500]
    )
    eye_height_ft: EyeHeightFt | None = Field(
        default=None, description="the lookout's height of eye in feet", examples=[45]
    )
    available_from: Instant | None = Field(
        default=None, description="when it may leave its position", examples=["2015-11-16T12:00:00Z"]
    )
    home: Place | None = Field(
        default=None, description="where it must be able to return to", examples=["{ lon = 5.2, lat = 60.3 }"]
    )
    turn_radius_m: TurnRadiusM | None = Field(
        default=None, description="the radius of its turns in metres", examples=[900]
    )
    fatigued: Flag = Field(
        default=False, description="whether the crew is excessively tired", examples=[True]
    )
    sweep_width_nm: dict[LeewayKey, SweepWidthNm] = Field(
        default_factory=dict,
        description="sweep widths given by the crew, by leeway class",
        examples=['{ "PIW-1" = 0.1 }'],
    )


class ConditionsTable(Strict):
    visibility_nm: VisibilityNm = Field(
        description="the visibility on scene in nautical miles", examples=[10.0]
    )
    wave_height_ft: WaveHeightFt = Field(
        description="the significant wave height on scene in feet", examples=[5.0]
    )
    wind_kt: WindKt | None = Field(
        default=None,
        description="the wind speed on scene in knots, instead of the forcing's",
        examples=[15.0],
    )
    flotation_device_worn: Flag = Field(
        default=False, description="whether persons in the water are known to wear one", examples=[True]
    )


class DangerAreaTable(Strict):
    name: ShortText = Field(description="the danger area's name", examples=["Firing area A"])
    polygon: list[Place] = Field(
        description="its corners", examples=["[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]]"]
    )
    active_from: Instant = Field(
        alias="from", description="when it becomes active", examples=["2015-11-16T10:00:00Z"]
    )
    active_until: Instant = Field(
        alias="until", description="when it ceases to be active", examples=["2015-11-16T20:00:00Z"]
    )
    floor_ft: HeightFt = Field(default=0.0, description="its lower limit in feet", examples=[0])
    ceiling_ft: HeightFt = Field(description="its upper limit in feet", examples=[5000])


class DriftTable(Strict):
    particles: Particles | None = Field(default=None, description="the number of particles", examples=[20000])
    jibing_percent_per_hour: Percent | None = Field(
        default=None, description="how often objects change sides", examples=[4.0]
    )
    current_error_mps: CurrentErrorMps | None = Field(
        default=None, description="the standard deviation of the current's error per axis", examples=[0.226]
    )
    wind_error_mps: WindErrorMps | None = Field(
        default=None, description="the standard deviation of the wind's error per axis", examples=[2.0]
    )
    error_memory_h: ErrorMemoryH | None = Field(
        default=None, description="how long these errors last", examples=[25.7]
    )


class CaseFile(Strict):
    """The whole file. Lists keep the singular names of the file's `[[scenario]]` tables."""

    format: str = Field(description="the version of the format", examples=[FORMAT])
    case: CaseTable = Field(description="what identifies the case", examples=["[case]"])
    scenario: list[ScenarioTable] = Field(description="what may have happened", examples=["[[scenario]]"])
    environment: EnvironmentTable = Field(
        description="where current and wind come from", examples=["[environment]"]
    )
    search: SearchTable = Field(description="the search window", examples=["[search]"])
    unit: list[UnitTable] = Field(default_factory=list, description="who can help", examples=["[[unit]]"])
    conditions: ConditionsTable = Field(description="what crews meet on scene", examples=["[conditions]"])
    danger_area: list[DangerAreaTable] = Field(
        default_factory=list, description="where nobody may go", examples=["[[danger_area]]"]
    )
    drift: DriftTable | None = Field(
        default=None, description="how uncertain the drift is", examples=["[drift]"]
    )
