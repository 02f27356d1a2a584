"""Where, when and as what the object begins: drawn from the players' scenarios, or as the exercise says."""

from dataclasses import dataclass

import numpy as np

from sarex.case.model import Case, Found, ObjectShare, Scenario
from sarex.clock import to_posix_s
from sarex.drift.draws import draw_of
from sarex.environment.field import on_land
from sarex.environment.model import LAND, Environment
from sarex.errors import CaseError
from sarex.exercise.model import TruthSettings
from sarex.randomness import child_generator

_TRIES = 200
_AT_ONCE = 256


@dataclass(frozen=True)
class Beginning:
    x_m: float
    y_m: float
    released_s: float
    """POSIX seconds."""
    share: ObjectShare
    """Leeway class, side and capsizing."""
    member: int
    """Of the environment's forcing members."""


def begin(case: Case, truth: TruthSettings, environment: Environment, seed: int) -> Beginning:
    """Draw what the exercise leaves open, each thing from a stream of its own."""
    scenario, share = _account(case, truth, seed)
    x_m, y_m, released_s = _drawn_start(scenario, truth, environment, seed)
    if truth.position is not None:
        at = environment.frame.to_xy_m(truth.position.lon_deg, truth.position.lat_deg)
        x_m, y_m = float(at[0]), float(at[1])
        if on_land(environment.coast.raster, x_m, y_m) == LAND:
            raise CaseError(
                f"the truth begins at {truth.position.lat_deg:.4f} N {truth.position.lon_deg:.4f} E, "
                "which is on land; an object adrift must begin on the water. Move the position off the coast."
            )
    if truth.at is not None:
        released_s = to_posix_s(truth.at)
    weights = np.array([member.weight for member in environment.members])
    generator = child_generator(seed, "exercise", "truth", "member")
    return Beginning(x_m, y_m, released_s, share, int(_pick(weights, generator)))


def _account(case: Case, truth: TruthSettings, seed: int) -> tuple[Scenario, ObjectShare]:
    """A scenario and one of its objects by weight; a given class restricts both to where it occurs."""
    pairs = [(scenario, share) for scenario in case.scenarios for share in scenario.objects]
    known = [pair for pair in pairs if truth.type_key in (None, pair[1].type_key)]
    weights = np.array([scenario.weight * share.weight for scenario, share in known or pairs])
    generator = child_generator(seed, "exercise", "truth", "account")
    scenario, share = (known or pairs)[_pick(weights, generator)]
    if not known and truth.type_key is not None:
        share = ObjectShare(truth.type_key, 1.0)
    return scenario, share


def _drawn_start(
    scenario: Scenario, truth: TruthSettings, environment: Environment, seed: int
) -> tuple[float, float, float]:
    """Place and time from the scenario's law, on water; where the time is given, a draw of that time."""
    if isinstance(scenario.origin, Found):
        raise CaseError(
            f'scenario "{scenario.name}": found says where it was found, not where its drift began; an '
            "exercise needs a beginning. Give a position, area or cloud to drift from."
        )
    draw = draw_of(f'scenario "{scenario.name}"', scenario.origin, environment.frame)
    generator = child_generator(seed, "exercise", "truth", "start")
    for _ in range(_TRIES):
        x_m, y_m, released_s = draw(_AT_ONCE, generator)
        afloat = np.flatnonzero(on_land(environment.coast.raster, x_m, y_m) != LAND)
        if afloat.size:
            # of many draws the one nearest in time is one of that time; without a time any is as good
            late_s = 0.0 if truth.at is None else np.abs(released_s[afloat] - to_posix_s(truth.at))
            chosen = afloat[int(np.argmin(late_s + np.zeros(afloat.size)))]
            return float(x_m[chosen]), float(y_m[chosen]), float(released_s[chosen])
    raise CaseError(
        f'scenario "{scenario.name}": all of {_TRIES * _AT_ONCE} drawn positions lie on land; an object '
        "adrift must begin on the water. Move the position off the coast or enlarge its error."
    )


def _pick(weights: np.ndarray, generator: np.random.Generator) -> int:
    chosen = np.searchsorted(np.cumsum(weights), generator.random() * weights.sum(), side="right")
    return min(int(chosen), weights.size - 1)
