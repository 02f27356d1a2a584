"""What injects do, from their tables to the domain types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sarex.case.model import Case, DangerArea
from sarex.case.wording import shown, suggestion
from sarex.errors import ExerciseError
from sarex.exercise.file.schema_fields import EFFECT_KEYS
from sarex.exercise.file.schema_inject import EffectTable
from sarex.exercise.file.translate_words import check_known
from sarex.exercise.model import (
    DangerAreaOpens,
    Effect,
    FalseSighting,
    ObjectCapsizes,
    ObjectMoves,
    PlayersLearn,
    RadioDies,
    UnitBreaksDown,
)
from sarex.units import nm_to_m

Value = TypeVar("Value")


@dataclass(frozen=True)
class Known:
    """What effects may name."""

    units: Sequence[str]
    areas: Mapping[str, DangerArea]
    """Those of the exercise file, which open late."""
    cases: Mapping[str, Case]
    """By inject, where it lets the players learn one."""


def effect_of(inject: str, table: EffectTable, at: datetime, known: Known) -> Effect:
    """The effect of an inject that is due at a time.

    Raises:
        ExerciseError: a key is missing or belongs to another kind, or something named is unknown.
    """
    where = f"inject {shown(inject)}: effect"
    _check_foreign_keys(where, table)
    if table.unit is not None:
        check_known(f"{where}.unit", table.unit, known.units, "not a unit of the case")
    if table.kind == "danger-area-opens":
        return DangerAreaOpens(_area(where, _given(where, table, "area", table.area), at, known))
    if table.kind == "object-capsizes":
        return ObjectCapsizes(_given(where, table, "type", table.type))
    if table.kind == "object-moves":
        return _move(where, table)
    if table.kind == "players-learn":
        return PlayersLearn(known.cases[inject])
    return _happening_to_a_unit(where, table)


def _given(where: str, table: EffectTable, key: str, value: Value | None) -> Value:
    """A value that the kind of effect needs."""
    if value is None:
        needed = ", ".join(EFFECT_KEYS[table.kind][0])
        raise ExerciseError(f"{where}.{key} is missing; {shown(table.kind)} needs {needed}. Add it.")
    return value


def _check_foreign_keys(where: str, table: EffectTable) -> None:
    known = [key for keys in EFFECT_KEYS[table.kind] for key in keys]
    for key in sorted(table.model_fields_set - {"kind", *known}):
        raise ExerciseError(
            f"{where}.{key} does not belong to {shown(table.kind)}. {suggestion(key, known)} "
            "Correct it, or the kind."
        )


def _move(where: str, table: EffectTable) -> ObjectMoves:
    distance_nm = _given(where, table, "distance_nm", table.distance_nm)
    return ObjectMoves(_given(where, table, "toward_deg", table.toward_deg), nm_to_m(distance_nm))


def _happening_to_a_unit(where: str, table: EffectTable) -> UnitBreaksDown | RadioDies | FalseSighting:
    unit = _given(where, table, "unit", table.unit)
    if table.kind == "unit-breaks-down":
        return UnitBreaksDown(unit, _minutes(table.lasts_min))
    if table.kind == "radio-dies":
        return RadioDies(unit, _minutes(table.lasts_min))
    return FalseSighting(
        unit=unit,
        position=table.position,
        probable_error_m=nm_to_m(_given(where, table, "error_nm", table.error_nm)),
        credibility=_given(where, table, "credibility", table.credibility),
        withdrawn_after=_minutes(table.withdrawn_after_min),
    )


def _minutes(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def _area(where: str, name: str, at: datetime, known: Known) -> DangerArea:
    if not known.areas:
        raise ExerciseError(
            f"{where}.area is {shown(name)}, but the exercise file has no [[danger_area]]. "
            "Add one of that name."
        )
    check_known(f"{where}.area", name, known.areas, "not a [[danger_area]] of the exercise file")
    area = known.areas[name]
    if area.active_until <= at:
        raise ExerciseError(
            f"danger_area {shown(name)}: until is {shown(area.active_until)}, not after its inject "
            f"({shown(at)}); it would open when it is over. Correct one of the two."
        )
    return area
