"""A case made ready for the planner: its belief in the search window, how that drifts, and who can search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.planning.crews import Crew, muster, scene_of
from sarex.planning.datum_drift import DatumDrift, datum_drift
from sarex.planning.looks import looks_on, with_looks
from sarex.planning.model import UnusedUnit
from sarex.planning.outcome import Glance
from sarex.planning.waters import Waters, waters_of


@dataclass(frozen=True)
class Readiness:
    """What every question about a plan begins with."""

    reported: Waters
    """The draw that figures are told of, as it is before anyone looks, ..."""
    before: NDArray[np.float64]
    """... its exposure to satellites' looks, which no unit does, (particle,), ..."""
    rehearsal: Waters
    """... and the draw that plans are fitted to, as the looks leave it."""
    drift: DatumDrift
    """Of the rehearsal."""
    crews: tuple[Crew, ...]
    unused: tuple[UnusedUnit, ...]
    wind_mps: float
    """On scene."""
    glances: tuple[Glance, ...] = ()
    """The looks by themselves, each at its instant."""


def made_ready(
    case: Case, environment: Environment, reported: DriftEnsemble, rehearsal: DriftEnsemble
) -> Readiness:
    """Lay out both draws in the window and muster the crews, as `plan_search` does."""
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    seen, unseen = waters_of(rehearsal, *window_s), waters_of(reported, *window_s)
    drift = datum_drift(seen)
    frame = environment.frame
    looks = looks_on(case, frame, unseen)
    before = np.zeros(unseen.weight.size) + np.sum(looks.exposures, axis=0, dtype=np.float64)
    left, _ = with_looks(seen, looks_on(case, frame, seen))
    scene = scene_of(case, environment, left, drift)
    crews, unused = muster(case, environment, scene)
    return Readiness(unseen, before, left, drift, crews, tuple(unused), scene.wind_mps, looks.glances())
