"""Sweep widths of a search that was made: by what its crews met, not by what was forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sarex.case.model import Case, Conditions, Light, Position, SearchUnit
from sarex.detection import sweep_widths_in_light
from sarex.environment.light import spans_of_light
from sarex.errors import PlanError
from sarex.units import ft_to_m, kt_to_mps, m_to_ft, m_to_nm, nm_to_m
from sarex.update.model import SearchedTrack
from sarex.update.on_scene import PlannedTask


@dataclass(frozen=True)
class ConditionsMet:
    """What crews met on scene, in the units of their reports; what is None is as in the case."""

    visibility_nm: float | None = None
    wave_height_ft: float | None = None
    wind_kt: float | None = None
    altitude_ft: float | None = None
    """Of one unit only."""
    fatigued: bool | None = None
    sweep_width_nm: Mapping[str, float] = field(default_factory=dict)
    """By leeway class, as measured by the crew; of one unit only."""

    def over(self, general: "ConditionsMet") -> "ConditionsMet":
        """These, and the general ones where these say nothing."""
        names = ("visibility_nm", "wave_height_ft", "wind_kt", "altitude_ft", "fatigued")
        filled = {
            name: getattr(general, name) if getattr(self, name) is None else getattr(self, name)
            for name in names
        }
        return replace(self, **filled)


@dataclass(frozen=True)
class WeatherMet:
    """Conditions met by all crews, and by single ones."""

    general: ConditionsMet
    by_unit: Mapping[str, ConditionsMet]
    """By the unit's name as in the case."""

    def of(self, unit: SearchUnit) -> ConditionsMet:
        return self.by_unit.get(unit.name, ConditionsMet()).over(self.general)


def widths_met(
    case: Case,
    unit: SearchUnit,
    legs: SearchedTrack,
    met: WeatherMet | None,
    planned: Sequence[PlannedTask],
    wind_mps: float | None,
    altitude_m: float | None = None,
) -> tuple[dict[str, float], str]:
    """Sweep widths in metres by leeway class, and a sentence that says whence.

    Args:
        met: what crews met; without it the plan's widths hold.
        planned: the unit's tasks in the plan that was flown, if any.
        wind_mps: wind on scene of that plan; of use where neither the crews nor the case give one.
        altitude_m: median height flown, where it was recorded.

    Raises:
        PlanError: nobody knows the wind.
    """
    if met is None and planned and altitude_m is None:
        return dict(_planned_at(legs, planned).sweep_width_m), "sweep widths as the plan counted on"
    own = ConditionsMet() if met is None else met.of(unit)
    met_wind_mps = case.conditions.wind_mps if own.wind_kt is None else kt_to_mps(own.wind_kt)
    if met_wind_mps is None and wind_mps is None:
        raise PlanError(
            f"the wind that {unit.name} met is not known: the folder's plan.json, which holds that of the "
            "plan, is gone. "
            "Give wind_kt under [conditions] in a file to --conditions."
        )
    conditions = _conditions(case, own, met_wind_mps)
    flown = _as_flown(unit, own, altitude_m)
    light = _light(legs)
    found = sweep_widths_in_light(flown, case.object_types, conditions, wind_mps or 0.0, light)
    widths_m = {key: width.width_m for key, width in found.items()}
    widths_m |= {key: nm_to_m(width) for key, width in own.sweep_width_nm.items()}
    whose = "the conditions of the case" if met is None else "the conditions met"
    return widths_m, _words(case, whose, flown, conditions, light)


def _planned_at(legs: SearchedTrack, planned: Sequence[PlannedTask]) -> PlannedTask:
    """The task nearest in time to the middle of what was searched."""
    middle_s = float(np.median(legs.start_s)) if legs.start_s.size else 0.0
    return min(planned, key=lambda task: max(task.on_scene_s - middle_s, middle_s - task.off_scene_s, 0.0))


def _conditions(case: Case, own: ConditionsMet, wind_mps: float | None) -> Conditions:
    expected = case.conditions
    return replace(
        expected,
        wind_mps=wind_mps,
        visibility_m=expected.visibility_m if own.visibility_nm is None else nm_to_m(own.visibility_nm),
        wave_height_m=expected.wave_height_m if own.wave_height_ft is None else ft_to_m(own.wave_height_ft),
    )


def _as_flown(unit: SearchUnit, own: ConditionsMet, altitude_m: float | None) -> SearchUnit:
    if unit.kind.flies and own.altitude_ft is not None:
        unit = replace(unit, altitude_m=ft_to_m(own.altitude_ft))
    elif unit.kind.flies and altitude_m is not None:
        unit = replace(unit, altitude_m=altitude_m)
    return unit if own.fatigued is None else replace(unit, fatigued=own.fatigued)


def _light(legs: SearchedTrack) -> Light:
    """Day or night where most of the searching was done; ANY where nothing was."""
    if not legs.start_s.size:
        return Light.ANY
    where = Position(*map(float, legs.start_lonlat_deg[legs.start_s.size // 2]))
    spans = spans_of_light(float(legs.start_s[0]), float(legs.end_s[-1]), where)
    lit_s = {Light.DAY: 0.0, Light.NIGHT: 0.0}
    for begin_s, end_s, light in spans:
        overlap_s = np.minimum(legs.end_s, end_s) - np.maximum(legs.start_s, begin_s)
        lit_s[light] += float(np.maximum(overlap_s, 0.0).sum())
    return Light.DAY if lit_s[Light.DAY] >= lit_s[Light.NIGHT] else Light.NIGHT


def _words(case: Case, whose: str, unit: SearchUnit, conditions: Conditions, light: Light) -> str:
    height = f", flown at {m_to_ft(unit.altitude_m):.0f} ft" if unit.kind.flies else ""
    given = [key for key in case.object_types if key in unit.sweep_width_m]
    kept = f"; the crew's own width stays for {', '.join(given)}" if given else ""
    return (
        f"sweep widths for {whose} (visibility {m_to_nm(conditions.visibility_m):.3g} nm, sea "
        f"{m_to_ft(conditions.wave_height_m):.3g} ft, by {light.value}{height}){kept}"
    )
