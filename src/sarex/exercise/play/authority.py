"""Who may do what in an exercise."""

from collections.abc import Sequence
from contextlib import suppress

from sarex.case.wording import suggestion
from sarex.errors import ExerciseError
from sarex.exercise.model import Exercise, Part
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.events import DIRECTOR


def check_role(exercise: Exercise, by: str, *, director: bool = False, option: str = "--by") -> None:
    """Ask that a role is of the exercise; `option` is where it was named.

    Raises:
        ExerciseError: it is not.
    """
    known = [role.id for role in exercise.roles] + ([DIRECTOR] if director else [])
    if by not in known:
        raise ExerciseError(f'{option} is "{by}", which is no role of this exercise. {suggestion(by, known)}')


def check_plays(exercise: Exercise, by: str) -> None:
    """Ask that a role may act in the exercise: players, and exercise control for them.

    Raises:
        ExerciseError: it only looks on, or speaks from outside.
    """
    check_role(exercise, by)
    check_part(exercise, by, (Part.PLAYER, Part.CONTROLLER), "orders, co-ordinates and reports")


def check_commands(exercise: Exercise, by: str, unit: str) -> None:
    """Ask that a role may order a unit: those of its nation, exercise control all.

    Raises:
        ExerciseError: the unit takes its orders from another nation.
    """
    role, brief = exercise.role(by), Brief.of(exercise)
    nation = next(each.nation for each in exercise.case.units if each.name == unit)
    orders = brief.coordinator(nation)
    own = role.nation in (nation, *(each.nation for each in exercise.roles if each.id == orders))
    if role.part is Part.PLAYER and not own:
        control = next((each.id for each in exercise.roles if each.part is Part.CONTROLLER), None)
        remedy = "" if control is None else f", or let exercise control do it (--by {control})"
        raise ExerciseError(
            f"--by is {by}, of {role.nation}, but {unit} is a unit of {nation} and takes its orders from "
            f"{orders}. Ask with sarex exercise message --to {orders}{remedy}."
        )


def commanded(exercise: Exercise, by: str, units: Sequence[str]) -> list[str]:
    """Those of some units that a role may order."""
    found = []
    for unit in units:
        with suppress(ExerciseError):
            check_commands(exercise, by, unit)
            found.append(unit)
    return found


def check_part(exercise: Exercise, by: str, parts: Sequence[Part], does: str) -> None:
    part = exercise.role(by).part
    able = ", ".join(role.id for role in exercise.roles if role.part in parts)
    if able and part not in parts:
        raise ExerciseError(f'--by is {by}, whose part is "{part.value}"; who {does} is one of {able}.')
