"""What a find of debris tells of where the drift began."""

from dataclasses import replace

import numpy as np
import pytest

from builders_sea import QUIET, START, case, environment, last_known, place, scenario
from sarex.drift import drift_ensemble
from sarex.errors import PlanError
from sarex.update import DebrisFind, debris_of, learn

CURRENT_MPS = 0.3
SEA = environment((CURRENT_MPS, 0.0))
HOURS = 5.0
DRIFTED_M = CURRENT_MPS * 3600.0 * HOURS
WEST = scenario(last_known(0.0, -10_000.0), {"LIFE-RAFT-DB-10": 0.5, "PIW-1": 0.5}, 0.5, "south")
EAST = scenario(last_known(0.0, 10_000.0), {"LIFE-RAFT-DB-10": 0.5, "PIW-1": 0.5}, 0.5, "north")
GIVEN = case(WEST, EAST, drift=replace(QUIET, particles=4000))


def find(y_m: float = 10_000.0, x_m: float = DRIFTED_M, **more) -> DebrisFind:
    """A life ring without leeway (PIW-1 in still air), an hour after the window began."""
    given = {"probable_error_m": 1000.0, "type_key": "PIW-1", "credibility": 1.0, **more}
    return DebrisFind("ring", START.timestamp() + 3600.0 * HOURS, place(x_m, y_m), **given)


def learnt(told: DebrisFind):
    ensemble = drift_ensemble(GIVEN, SEA, until=GIVEN.window.end, purpose="reported")
    debris = debris_of(GIVEN, SEA, (told,))
    belief, (lesson,) = learn(ensemble, (told,), GIVEN, SEA, debris, "reported")
    return belief, lesson


def share(belief, number: int) -> float:
    return float(belief.weight[belief.scenario == number].sum())


def test_the_scenario_that_it_fits_is_believed() -> None:
    belief, lesson = learnt(find())
    assert share(belief, 1) > 0.99
    assert belief.undetected == pytest.approx(1.0, abs=1e-12)
    assert lesson.pos == 0.0


def test_half_believed_it_moves_half() -> None:
    """1 - c stays as it was, c goes to the scenario that it fits: 0.5 * 0.5 and 0.5 * 0.5 + 0.5."""
    belief, _ = learnt(find(credibility=0.5))
    assert share(belief, 0) == pytest.approx(0.25, abs=0.01)
    assert share(belief, 1) == pytest.approx(0.75, abs=0.01)


def test_the_origin_follows_bayes_with_normal_errors() -> None:
    """Origin N(m, s^2), no error of drift, a find with error e 3 km off: the posterior has the mean
    m + 3 km s^2 / (s^2 + e^2) and the variance s^2 e^2 / (s^2 + e^2), blurred by the regression's kernel."""
    sigma_m, error_m = 3000.0 / 1.17741, 2000.0 / 1.17741
    belief, _ = learnt(find(13_000.0, probable_error_m=2000.0))
    began_m = belief.y_m[:, 0][belief.scenario == 1]
    weight = belief.weight[belief.scenario == 1]
    mean_m = np.average(began_m, weights=weight)
    variance = np.average((began_m - mean_m) ** 2, weights=weight)
    expected_m = 10_000.0 + 3000.0 * sigma_m**2 / (sigma_m**2 + error_m**2)
    assert mean_m == pytest.approx(expected_m, abs=250.0)
    assert variance**0.5 == pytest.approx(sigma_m * error_m / np.hypot(sigma_m, error_m), rel=0.15)


def test_an_empty_raft_rules_out_the_raft() -> None:
    belief, _ = learnt(find(type_key="LIFE-RAFT-DB-10", rules_out=("LIFE-RAFT-DB-10",)))
    assert belief.weight[belief.object_type == 0].sum() == pytest.approx(0.0, abs=1e-12)
    assert belief.undetected == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (find(90_000.0), "hardly any trajectory"),
        (find(rules_out=("PIW-6",)), "rules out PIW-6"),
        (find(rules_out=("PIW-1", "LIFE-RAFT-DB-10")), "nothing is left"),
    ],
)
def test_a_find_that_cannot_be(told, words) -> None:
    with pytest.raises(PlanError, match=words):
        learnt(told)
