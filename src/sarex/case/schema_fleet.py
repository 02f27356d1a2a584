"""What a case file may say of those who search and of what they meet: units, conditions, areas, looks.

As in `sarex.case.schema`, `description` and `examples` are words for error sentences.
"""

from pydantic import Field

from sarex.case.fields import (
    BankDeg,
    DepthM,
    DraughtM,
    EnduranceH,
    EyeHeightFt,
    Flag,
    HeightFt,
    Instant,
    Kind,
    LeewayKey,
    LightWord,
    MostWaveFt,
    MostWindKt,
    Nation,
    Place,
    Recall,
    Sensor,
    ShortText,
    Sorties,
    SpeedKt,
    SweepWidthNm,
    TacticalDiameterM,
    TurnaroundH,
    TurnRadiusM,
    TurnRateDegPerS,
    VisibilityNm,
    WaterTemperatureC,
    WaveHeightFt,
    WindKt,
)
from sarex.case.model import Light
from sarex.case.strict import Strict

SENSOR_EXAMPLE = '{ name = "infrared", sweep_width_nm = { "PIW-1" = 0.3 }, light = "night" }'


class SensorTable(Strict):
    """What a unit can search with besides its main sensor."""

    name: Sensor = Field(description="the sensor", examples=["infrared"])
    sweep_width_nm: dict[LeewayKey, SweepWidthNm] = Field(
        default_factory=dict,
        description="sweep widths given by the crew, by leeway class",
        examples=['{ "PIW-1" = 0.3 }'],
    )
    light: LightWord = Field(default=Light.ANY.value, description="when it works", examples=["night"])


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
    turn_rate_deg_per_s: TurnRateDegPerS | None = Field(
        default=None, description="its rate of turn at search speed in degrees per second", examples=[3.0]
    )
    bank_deg: BankDeg | None = Field(
        default=None, description="the bank in degrees of an aircraft's turns", examples=[25]
    )
    tactical_diameter_m: TacticalDiameterM | None = Field(
        default=None, description="the tactical diameter of a craft's turns in metres", examples=[500]
    )
    sorties: Sorties = Field(
        default=1, description="how often it may go out inside the search window", examples=[2]
    )
    turnaround_h: TurnaroundH = Field(
        default=1.0, description="the hours between its return and its next departure", examples=[1.0]
    )
    light: LightWord = Field(
        default=Light.ANY.value, description="when its main sensor works", examples=["day"]
    )
    other_sensors: list[SensorTable] = Field(
        default_factory=list, description="what else it can search with", examples=[f"[{SENSOR_EXAMPLE}]"]
    )
    draught_m: DraughtM | None = Field(
        default=None, description="the draught of a craft in metres", examples=[4.5]
    )
    max_wind_kt: MostWindKt | None = Field(
        default=None, description="the most wind in knots that it goes out in", examples=[40]
    )
    max_wave_ft: MostWaveFt | None = Field(
        default=None, description="the highest waves in feet that it goes out in", examples=[12]
    )
    min_visibility_nm: VisibilityNm | None = Field(
        default=None, description="the least visibility in nautical miles that it goes out in", examples=[1.0]
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
    water_temperature_c: WaterTemperatureC | None = Field(
        default=None, description="the temperature of the water in degrees Celsius", examples=[9.0]
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


class ShoalTable(Strict):
    name: ShortText = Field(description="the shoal's name", examples=["North bank"])
    polygon: list[Place] = Field(
        description="its corners", examples=["[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]]"]
    )
    depth_m: DepthM = Field(description="the least depth in it in metres", examples=[6.0])


class LookTable(Strict):
    name: ShortText = Field(description="the look's name", examples=["Radar satellite, evening pass"])
    nation: Nation = Field(description="the satellite's nation by its two letters", examples=["JP"])
    at: Instant = Field(description="when it looks", examples=["2015-11-16T17:12:00Z"])
    footprint: list[Place] = Field(
        description="the corners of what it sees", examples=["[[3.6, 59.9], [4.0, 59.9], [4.0, 60.1]]"]
    )
    detection: dict[LeewayKey, Recall] = Field(
        description="the probability of detection by leeway class", examples=['{ "LIFE-RAFT-DB-10" = 0.6 }']
    )
