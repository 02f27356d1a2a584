"""`sarex exercise order`: which order is meant, and the plan in a file."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sarex.cli.checking import PLAN_FILE
from sarex.errors import InputError, PlanError
from sarex.exchange.plan_document import read_plan_document
from sarex.exercise.play import controls
from sarex.exercise.play.state import State

if TYPE_CHECKING:
    from sarex.journal import Draft


@dataclass(frozen=True)
class Wanted:
    """The options of the command line."""

    plan: Path | None
    by: str
    unit: str | None
    sighting: str | None
    why: str
    propose: bool
    accept: bool
    recover: bool
    cancel: bool


def decision_of(wanted: Wanted) -> "Callable[[State], Sequence[Draft]]":
    """What the options ask for.

    Raises:
        InputError: they ask for nothing, or for several things at once.
    """
    asked = [wanted.plan is not None, wanted.accept, wanted.recover, wanted.cancel]
    if sum(asked) != 1:
        raise InputError(
            "give one of: a plan, --accept, --recover with --unit, or --cancel with --unit."
            + ("" if any(asked) else " Nothing was asked for.")
        )
    _check_no_more(wanted)
    if wanted.plan is not None:
        return _of_plan(wanted, wanted.plan)
    if wanted.accept:
        return lambda state: controls.accepted(state, wanted.by)
    if wanted.unit is None:
        raise InputError("no unit is named; give its name with --unit.")
    unit = wanted.unit
    if wanted.recover:
        return lambda state: controls.recover(state, wanted.by, unit, wanted.sighting)
    return lambda state: controls.cancelled(state, wanted.by, unit, wanted.why)


def _check_no_more(wanted: Wanted) -> None:
    """Options that would be passed over in silence are refused."""
    if wanted.propose and (wanted.plan is None or wanted.unit is not None):
        raise InputError("--propose goes with a plan, the whole of it: give the plan, and leave --unit out.")
    if wanted.accept and wanted.unit is not None:
        raise InputError(
            "--accept orders all units of your nation that have a task; to order one give the plan with "
            "--unit."
        )
    if wanted.sighting is not None and not wanted.recover:
        raise InputError("--sighting goes with --recover: it names where the unit is sent.")


def _of_plan(wanted: Wanted, given: Path) -> "Callable[[State], Sequence[Draft]]":
    path = given / PLAN_FILE if given.is_dir() else given
    if not path.is_file():
        raise PlanError(f"{path} is not there. Give the path of a plan.json or of a result folder.")

    def decide(state: State) -> "Sequence[Draft]":
        read_plan_document(
            path, state.known.case, "Plan for the case that sarex exercise report --out writes."
        )
        document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if wanted.propose:
            return controls.proposed(state, wanted.by, document)
        return controls.ordered(state, wanted.by, document, wanted.unit)

    return decide
